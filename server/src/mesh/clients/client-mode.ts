// How the mesh takes hold of a client's traffic, which decides everything that follows.
import type { Span } from '../../base/span.ts';
import type { Resource } from '../../model/resource.ts';
import { namespaceLabels } from '../label-selector.ts';
import type { Mesh } from '../mesh.ts';

export type ClientMode =
  /** By ztunnel. `assumed` where no manifest describes the namespace. */
  | { readonly mode: 'ambient'; readonly by: 'namespace' | 'pod' | 'assumed'; readonly at: LabelPlace | undefined }
  | { readonly mode: 'sidecar'; readonly by: 'namespace' | 'pod'; readonly at: LabelPlace | undefined }
  /** Its connections leave as they are made. */
  | {
      readonly mode: 'none';
      readonly because: 'pod-opts-out' | 'no-label' | 'system-namespace';
      readonly at: LabelPlace | undefined;
    }
  /** Manifests of the namespace disagree. */
  | { readonly mode: 'unknown'; readonly at: LabelPlace | undefined };

export interface LabelPlace {
  readonly resource: Resource<'Namespace'>;
  readonly span: Span;
}

const dataplane = 'istio.io/dataplane-mode';
const injection = 'istio-injection';
const revision = 'istio.io/rev';
const podInjection = 'sidecar.istio.io/inject';

/** The mode of a pod with these labels in that namespace; a pod that gets a sidecar is left alone by ztunnel. */
export function clientMode(mesh: Mesh, namespace: string, labels: ReadonlyMap<string, string>): ClientMode {
  const homes = mesh.named('Namespace', '', namespace);
  const byLabel = namespaceLabels(mesh, namespace);
  const injected = sidecarOf(homes, byLabel, labels);
  if (injected) return injected;
  const own = labels.get(dataplane);
  if (own === 'none') return { mode: 'none', because: 'pod-opts-out', at: undefined };
  // istio@86c9f01 manifests/charts/istio-cni/values.yaml excludeNamespaces
  if (namespace === 'kube-system') return { mode: 'none', because: 'system-namespace', at: undefined };
  if (own === 'ambient') return { mode: 'ambient', by: 'pod', at: undefined };
  if (homes.length === 0) return { mode: 'ambient', by: 'assumed', at: undefined };
  const value = byLabel(dataplane);
  if (value === undefined) return { mode: 'unknown', at: placeOf(homes, dataplane) };
  if (value === 'ambient') return { mode: 'ambient', by: 'namespace', at: placeOf(homes, dataplane) };
  return {
    mode: 'none',
    because: 'no-label',
    at: placeOf(homes, dataplane) ?? (homes[0] && { resource: homes[0], span: homes[0].at.name }),
  };
}

/** Who gets a sidecar. istio@86c9f01 manifests/charts/istio-control/istio-discovery/templates/mutatingwebhook.yaml; pkg/kube/inject/inject.go injectRequired. */
function sidecarOf(
  homes: readonly Resource<'Namespace'>[],
  byLabel: (key: string) => string | null | undefined,
  labels: ReadonlyMap<string, string>,
): ClientMode | undefined {
  if (labels.get(podInjection) === 'false') return undefined;
  const byPod: ClientMode | undefined =
    labels.get(podInjection) === 'true' || labels.has(revision)
      ? { mode: 'sidecar', by: 'pod', at: undefined }
      : undefined;
  if (homes.length === 0) return byPod;
  const [enabled, rev] = [byLabel(injection), byLabel(revision)];
  if (enabled === undefined || rev === undefined)
    return { mode: 'unknown', at: placeOf(homes, injection) ?? placeOf(homes, revision) };
  if (enabled !== null)
    return enabled === 'enabled' ? { mode: 'sidecar', by: 'namespace', at: placeOf(homes, injection) } : undefined;
  // In an ambient namespace the revision is the waypoints'. INFER: the webhook's selector does not say so.
  if (rev !== null && byLabel(dataplane) !== 'ambient')
    return { mode: 'sidecar', by: 'namespace', at: placeOf(homes, revision) };
  return rev === null ? byPod : undefined;
}

function placeOf(homes: readonly Resource<'Namespace'>[], key: string): LabelPlace | undefined {
  const resource = homes.find(({ labels }) => labels.has(key));
  return resource && { resource, span: resource.labels.get(key)!.span };
}
