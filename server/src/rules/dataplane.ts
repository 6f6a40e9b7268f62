// How the pods of a namespace join the mesh, as far as manifests show.
import type { Mesh } from '../mesh/mesh.ts';
import type { Resource } from '../model/resource.ts';
import { dataplaneMode } from './names.ts';

type Mode = 'ambient' | 'sidecar' | 'none';

/** `unknown` where no manifest describes the namespace or a pod of it, or some pods differ from it. istio@86c9f01 cni/pkg/util/podutil.go PodRedirectionEnabled. */
export function dataplaneOf(mesh: Mesh, namespace: string): Mode | 'unknown' {
  const described = mesh.named('Namespace', '', namespace);
  const modes = new Set(described.map(modeOf));
  const [mode] = modes;
  if (!mode || modes.size > 1) return 'unknown';
  const pods: readonly Resource<'Pod' | 'Workload'>[] = [...mesh.inNamespace('Pod', namespace), ...mesh.inNamespace('Workload', namespace)];
  return pods.length === 0 || pods.some((pod) => pod.spec.labels.has(dataplaneMode) || pod.spec.labels.has('sidecar.istio.io/inject')) ? 'unknown' : mode;
}

function modeOf({ labels }: Resource<'Namespace'>): Mode {
  if (labels.get(dataplaneMode)?.value === 'ambient') return 'ambient';
  return labels.get('istio-injection')?.value === 'enabled' || labels.has('istio.io/rev') ? 'sidecar' : 'none';
}
