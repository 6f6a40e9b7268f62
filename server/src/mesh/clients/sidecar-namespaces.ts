// The namespaces whose pods have sidecars, looked up by the labels of their workloads.
import { byLabel, selectedOf, type ByLabel } from '../by-selector.ts';
import type { Mesh } from '../mesh.ts';
import { couldHaveSidecars, workloadsIn, type Workload } from './data-plane.ts';

interface SidecarNamespaces {
  /** Each with its place, in the order of their Namespaces. */
  readonly places: ReadonlyMap<string, number>;
  /** The first of those for which files show no workload. */
  readonly unseen: string | undefined;
  readonly workloads: ByLabel<Workload>;
}

/** The first Namespace of the files whose sidecars the selector selects, or may where no file shows their pods. */
export function firstSidecarNamespace(mesh: Mesh, selector: ReadonlyMap<string, string>): string | undefined {
  const { places, unseen, workloads } = mesh.derivedInSteps('namespaces with sidecars', foundNamespaces);
  if (selector.size === 0) return places.keys().next().value;
  const [selected] = selectedOf(workloads, selector, labelsOf);
  if (!selected || unseen === undefined) return selected?.namespace ?? unseen;
  return places.get(selected.namespace)! < places.get(unseen)! ? selected.namespace : unseen;
}

function* foundNamespaces(mesh: Mesh): Generator<undefined, SidecarNamespaces> {
  const places = new Map<string, number>();
  const workloads: Workload[] = [];
  let unseen: string | undefined;
  for (const { name } of mesh.inNamespace('Namespace', '')) {
    yield undefined;
    if (places.has(name) || !couldHaveSidecars(mesh, name)) continue;
    const here = workloadsIn(mesh, name);
    if (here.length === 0) unseen ??= name;
    places.set(name, places.size);
    workloads.push(...here);
  }
  return { places, unseen, workloads: byLabel(workloads, labelsOf) };
}

const labelsOf = ({ spec }: Workload) => spec.labels;
