// The WorkloadEntries and pods that the workloadSelector of a ServiceEntry selects.
// istio@86c9f01 pilot/pkg/serviceregistry/serviceentry/controller.go workloadEntryHandler: in the namespace of the entry only.
import type { Resource } from '../../model/resource.ts';
import { byLabel, selectedOf } from '../by-selector.ts';
import { workloadsSelected, type Workload } from '../clients/data-plane.ts';
import { endpointSelector } from '../label-selector.ts';
import type { Mesh } from '../mesh.ts';

type Selector = ReadonlyMap<string, string>;

export function entriesSelected(
  mesh: Mesh,
  namespace: string,
  written: Selector,
): readonly Resource<'WorkloadEntry'>[] {
  const selector = endpointSelector(written);
  if (selector.size === 0) return mesh.inNamespace('WorkloadEntry', namespace);
  const entries = mesh.derived(`WorkloadEntries by label in ${namespace}`, (view) =>
    byLabel(view.inNamespace('WorkloadEntry', namespace), labelsOf),
  );
  return selectedOf(entries, selector, labelsOf);
}

export function podsSelected(mesh: Mesh, namespace: string, written: Selector): readonly Workload[] {
  return workloadsSelected(mesh, namespace, endpointSelector(written));
}

const labelsOf = ({ spec }: Resource<'WorkloadEntry'>) => spec.labels;
