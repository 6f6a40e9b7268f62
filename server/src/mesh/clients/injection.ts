// Whether istiod injects a proxy into a pod: the webhook's selectors choose the pods, then istiod decides.
// What only the installation knows is taken at its default: autoInject is enabled, never- and alwaysInjectSelector are empty,
// enableNamespacesByDefault is off, and a revision that a label names is installed.
import {
  injectionStatus,
  injectionTemplates,
  namespaceInjection,
  podInjection,
  revision,
} from '../../model/label-names.ts';

/** What decides about a pod, of its template or of a pod that a user describes. */
export interface PodFacts {
  readonly labels: ReadonlyMap<string, string>;
  readonly annotations?: ReadonlyMap<string, string>;
  readonly hostNetwork?: boolean;
}

/** A label, or an annotation of a pod. */
export interface DecidingLabel {
  readonly name: string;
  readonly value: string;
  readonly on: 'namespace' | 'pod';
}

/** Of a pod that asks for a sidecar itself: for requests from a namespace that no file describes. */
export const labelsWithSidecar: ReadonlyMap<string, string> = new Map([[podInjection, 'true']]);

export interface Injection {
  /** `gateway`: a proxy or agent that does not take the pod's own connections. `custom`: templates that no file shows. */
  readonly proxy: 'sidecar' | 'gateway' | 'custom';
  readonly by: DecidingLabel;
  /** Whether the pod's own labels request it. */
  readonly isExplicit: boolean;
}

/** istio@86c9f01 pkg/kube/inject/initializer.go IgnoredNamespaces. */
const neverInjected: ReadonlySet<string> = new Set([
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'local-path-storage',
]);

/**
 * Undefined if nothing is injected. Without `home`, the labels of the namespace, only what the pod says counts.
 * istio@86c9f01 pkg/kube/inject/inject.go injectRequired.
 */
export function injectionOf(
  namespace: string,
  home: ReadonlyMap<string, string> | undefined,
  pod: PodFacts,
): Injection | undefined {
  const status = onPod(pod.annotations, injectionStatus);
  if (status) return { proxy: proxyOf(pod), by: status, isExplicit: true };
  if (pod.hostNetwork === true || neverInjected.has(namespace)) return undefined;
  const setting = onPod(pod.labels, podInjection) ?? onPod(pod.annotations, podInjection);
  if (setting?.value === 'false') return undefined;
  const by = webhookSelects(home ?? new Map(), pod.labels);
  return by && { proxy: proxyOf(pod), by, isExplicit: by.on === 'pod' || setting?.value === 'true' };
}

/**
 * The label by which a webhook takes the pod. With any value `istio-injection` on the namespace comes before revisions, the namespace's
 * revision before the pod's labels, and the pod's revision before its injection label.
 * istio@86c9f01 manifests/charts/istio-control/istio-discovery/templates/mutatingwebhook.yaml.
 */
function webhookSelects(
  home: ReadonlyMap<string, string>,
  pod: ReadonlyMap<string, string>,
): DecidingLabel | undefined {
  if (pod.get(podInjection) === 'false') return undefined;
  const injection = home.get(namespaceInjection);
  if (injection !== undefined)
    return injection === 'enabled' ? { name: namespaceInjection, value: injection, on: 'namespace' } : undefined;
  const ofNamespace = home.get(revision);
  // No revision has an empty name.
  if (ofNamespace !== undefined)
    return ofNamespace === '' ? undefined : { name: revision, value: ofNamespace, on: 'namespace' };
  const ofPod = onPod(pod, revision);
  if (ofPod) return ofPod.value === '' ? undefined : ofPod;
  return pod.get(podInjection) === 'true' ? onPod(pod, podInjection) : undefined;
}

const gatewayTemplates: ReadonlySet<string> = new Set(['gateway', 'grpc-simple', 'grpc-agent']);

/** istio@86c9f01 pkg/kube/inject/inject.go selectTemplates; templates/istiod-injector-configmap.yaml has the names. */
function proxyOf({ annotations }: PodFacts): Injection['proxy'] {
  const names = templatesOf(annotations?.get(injectionTemplates));
  if (names === undefined || names.includes('sidecar')) return 'sidecar';
  return names.every((name) => gatewayTemplates.has(name)) ? 'gateway' : 'custom';
}

/** Whether annotations of a pod ask for the proxy of a gateway. An agent for gRPC serves a client. */
export function asksForGateway(annotations: ReadonlyMap<string, { readonly value: string }>): boolean {
  const names = templatesOf(annotations.get(injectionTemplates)?.value) ?? [];
  return names.includes('gateway') && !names.includes('sidecar');
}

function templatesOf(written: string | undefined): readonly string[] | undefined {
  return written?.split(',').map((name) => name.trim());
}

function onPod(texts: ReadonlyMap<string, string> | undefined, name: string): DecidingLabel | undefined {
  const value = texts?.get(name);
  return value === undefined ? undefined : { name, value, on: 'pod' };
}
