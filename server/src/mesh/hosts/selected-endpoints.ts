// The WorkloadEntries and pods that the workloadSelector of a ServiceEntry selects.
// istio@86c9f01 pilot/pkg/serviceregistry/serviceentry/controller.go workloadEntryHandler: in the namespace of the entry only.
import { keptFor } from '../../base/kept-for.ts';
import type { Resource } from '../../model/resource.ts';
import { byLabels } from '../by-selector.ts';
import type { Workload } from '../clients/data-plane.ts';
import { endpointSelector } from '../label-selector.ts';
import type { Mesh } from '../mesh.ts';

type Selector = ReadonlyMap<string, string>;

export function entriesSelected(
  mesh: Mesh,
  namespace: string,
  selector: Selector,
): readonly Resource<'WorkloadEntry'>[] {
  return entriesByLabels(mesh.inNamespace('WorkloadEntry', namespace))(endpointSelector(selector));
}

export function podsSelected(mesh: Mesh, namespace: string, selector: Selector): readonly Workload[] {
  return [mesh.inNamespace('Pod', namespace), mesh.inNamespace('Workload', namespace)].flatMap((pods) =>
    podsByLabels(pods)(endpointSelector(selector)),
  );
}

/** By the list that the index gives for a namespace, which stands until one of its members changes. */
const entriesByLabels = keptFor((entries: readonly Resource<'WorkloadEntry'>[]) =>
  byLabels(entries, ({ spec }) => spec.labels),
);
const podsByLabels = keptFor((pods: readonly Workload[]) => byLabels(pods, ({ spec }) => spec.labels));
