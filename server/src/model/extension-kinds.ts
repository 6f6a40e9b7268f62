// Kinds of objects that change what a proxy does in ways that are not modelled: the closed list, with what they can change and
// what they are attached to. server/docs/not-modelled.md shows it.

/** What such an object can be attached to, so that it changes a waypoint. */
type WaypointAttachment =
  /** By `targetRefs`, to the Gateway, or in the root namespace to the class. istio@86c9f01 pilot/pkg/model/policyattachment.go ShouldAttachPolicy. */
  | 'policy'
  /** By `targetRefs`, to the Gateway. */
  | 'gateway'
  /** By a selector, or to its whole namespace. istio@86c9f01 pilot/pkg/model/proxy_config.go EffectiveProxyConfig. */
  | 'workload';

export interface ExtensionKind {
  readonly group: string;
  /** Undefined: every kind of the group, and of other vendors' groups, whose `targetRefs` name a Gateway. */
  readonly kinds: readonly string[] | undefined;
  /** A noun phrase. */
  readonly changes: string;
  readonly waypoint: WaypointAttachment;
  /** Whether sidecars are changed too: by a selector, or in the whole namespace. */
  readonly sidecar: boolean;
  /** It changes only requests that carry a token. */
  readonly tokensOnly?: true;
  /** First release of Istio that reads it. */
  readonly since?: string;
}

export const istioExtensions: readonly (ExtensionKind & { readonly kinds: readonly string[] })[] = [
  {
    // istio@86c9f01 pilot/pkg/model/push_context.go EnvoyFilters; pilot/pkg/networking/core/cluster.go buildClusters.
    group: 'networking.istio.io',
    kinds: ['EnvoyFilter'],
    changes: 'listeners, routes, clusters and filters of the proxy',
    waypoint: 'policy',
    sidecar: true,
  },
  {
    // istio@86c9f01 pilot/pkg/model/push_context.go TrafficExtensionsByListenerInfo.
    group: 'extensions.istio.io',
    kinds: ['WasmPlugin'],
    changes: 'requests and answers, which its module may refuse or rewrite',
    waypoint: 'policy',
    sidecar: true,
  },
  {
    group: 'extensions.istio.io',
    kinds: ['TrafficExtension'],
    changes: 'requests and answers, which its script or module may refuse or rewrite',
    waypoint: 'policy',
    sidecar: true,
    since: '1.30',
  },
  {
    // istio@86c9f01 pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go render; pkg/kube/inject/webhook.go serveInject.
    group: 'networking.istio.io',
    kinds: ['ProxyConfig'],
    changes: 'environment variables of the proxy, which switch its features',
    waypoint: 'workload',
    sidecar: true,
  },
  {
    // What a request without a token may do, policies alone decide. istio@86c9f01 pilot/pkg/security/authn/policy_applier.go convertToEnvoyJwtConfig.
    group: 'security.istio.io',
    kinds: ['RequestAuthentication'],
    changes: 'requests with a token, which it answers with 401 where it does not accept the token',
    waypoint: 'policy',
    sidecar: false,
    tokensOnly: true,
  },
];

/** Policies of other vendors are attached as the Gateway API proposes (GEP-713). */
export const vendorExtensions: ExtensionKind = {
  group: 'gateway.kgateway.dev, agentgateway.dev, gateway.envoyproxy.io, kuadrant.io, …',
  kinds: undefined,
  changes: 'what its own controller makes of it',
  waypoint: 'gateway',
  sidecar: false,
};

export function extensionKindOf(group: string, kind: string): ExtensionKind {
  return istioExtensions.find((one) => one.group === group && one.kinds.includes(kind)) ?? vendorExtensions;
}

/** Groups of Kubernetes, of the Gateway API and of Istio are no vendor's. */
export function isVendorGroup(group: string): boolean {
  return group.includes('.') && !/(^|\.)(x-)?(k8s|istio)\.io$/.test(group);
}
