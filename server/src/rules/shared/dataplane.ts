// How the pods of a namespace join the mesh, as far as manifests show.
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import { dataplaneMode } from '../../model/label-names.ts';

type Mode = 'ambient' | 'sidecar' | 'none';

/** `unknown` where no manifest describes the namespace or a pod of it, or some pods differ from it. istio@86c9f01 cni/pkg/util/podutil.go PodRedirectionEnabled. */
export function dataplaneOf(mesh: Mesh, namespace: string): Mode | 'unknown' {
  const mode = modeAskedFor(mesh, namespace);
  const pods: readonly Resource<'Pod' | 'Workload'>[] = [
    ...mesh.inNamespace('Pod', namespace),
    ...mesh.inNamespace('Workload', namespace),
  ];
  return pods.length === 0 ||
    pods.some((pod) => pod.spec.labels.has(dataplaneMode) || pod.spec.labels.has('sidecar.istio.io/inject'))
    ? 'unknown'
    : mode;
}

/** What a namespace asks for by its labels, all manifests of it alike. */
export function modeAskedFor(mesh: Mesh, namespace: string): Mode | 'unknown' {
  const modes = new Set(mesh.named('Namespace', '', namespace).map(modeOf));
  return modes.size === 1 ? [...modes][0]! : 'unknown';
}

/** A pod with a sidecar is not captured, whatever else its namespace asks for; with a revision both are possible. */
function modeOf({ labels }: Resource<'Namespace'>): Mode | 'unknown' {
  const isAmbient = labels.get(dataplaneMode)?.value === 'ambient';
  if (labels.get('istio-injection')?.value === 'enabled') return 'sidecar';
  if (labels.has('istio.io/rev')) return isAmbient ? 'unknown' : 'sidecar';
  return isAmbient ? 'ambient' : 'none';
}
