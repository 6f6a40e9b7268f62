// What the name of an upstream cluster says. Names of Istio's own: istio@86c9f01 pilot/pkg/networking/util/util.go,
// pilot/pkg/networking/core/waypoint.go; names of the bootstrap: pkg/bootstrap, envoy_bootstrap.json.
export interface ClusterName {
  readonly direction: /** A waypoint handles the service. */
    | 'inbound-vip'
    | 'inbound-pod'
    /** The workload that the sidecar stands beside. */
    | 'inbound'
    | 'inbound-hbone'
    | 'inbound-passthrough'
    /** An ordinary client-side cluster. */
    | 'outbound'
    /** No known service. */
    | 'passthrough'
    | 'blackhole'
    /** Inside of a proxy, between the listeners of a tunnel. */
    | 'tunnel'
    /** The proxy's own, not the client's traffic. */
    | 'own'
    /** A route without a valid destination. */
    | 'unknown-service'
    | 'other';
  readonly port: number | undefined;
  /** The chain at a waypoint (`http`, `tcp`), a DestinationRule's subset elsewhere. */
  readonly subset: string | undefined;
  readonly host: string | undefined;
}

const services = ['inbound-vip', 'inbound-pod', 'inbound-hbone', 'inbound', 'outbound'] as const;

const fixed: Readonly<Record<string, ClusterName['direction']>> = {
  BlackHoleCluster: 'blackhole',
  PassthroughCluster: 'passthrough',
  AllowAnyDynamicDNSCluster: 'passthrough',
  InboundPassthroughCluster: 'inbound-passthrough',
  InboundPassthroughClusterIpv4: 'inbound-passthrough',
  InboundPassthroughClusterIpv6: 'inbound-passthrough',
  UnknownService: 'unknown-service',
  main_internal: 'tunnel',
  connect_originate: 'tunnel',
  connect_terminate: 'tunnel',
  inner_connect_originate: 'tunnel',
  outer_connect_originate: 'tunnel',
  forward_inner_connect: 'tunnel',
  encap: 'tunnel',
  agent: 'own',
  prometheus_stats: 'own',
  'xds-grpc': 'own',
  'sds-grpc': 'own',
  zipkin: 'own',
};

/** istio@86c9f01 pilot/pkg/model/service.go BuildSubsetKey, ParseSubsetKey. `outbound_.443_._.host` is the same as a server name. */
export function parseCluster(text: string): ClusterName {
  const name = text.trim().replace(/;+$/, '');
  const [written = '', port = '', subset = '', host = ''] = name.split(name.startsWith('outbound_.') ? '_.' : '|');
  const direction = services.find((one) => one === written);
  if (!direction || !/[|]|^outbound_\./.test(name))
    return { direction: directionOf(name), port: undefined, subset: undefined, host: undefined };
  return {
    direction,
    port: /^\d+$/.test(port) ? Number(port) : undefined,
    subset: subset || undefined,
    host: host || undefined,
  };
}

function directionOf(name: string): ClusterName['direction'] {
  return Object.hasOwn(fixed, name) ? fixed[name]! : 'other';
}

/** `envoy://connect_originate/10.0.0.7:8080`: an address inside of the proxy itself. */
export function isInternal(address: string): boolean {
  return address.startsWith('envoy://');
}

const meanings: Readonly<Record<ClusterName['direction'], (cluster: ClusterName, text: string) => string>> = {
  'inbound-vip': ({ port, host, subset }) =>
    `A waypoint handled it (inbound-vip): service port ${port ?? '?'} of ${host ?? '?'}, ${waypointChain(subset)}.`,
  'inbound-pod': ({ port }) =>
    `A waypoint handled it for a pod that the client called by its own address (inbound-pod), port ${port ?? '?'}.`,
  outbound: ({ port, host, subset }) =>
    `Client-side cluster (outbound): port ${port ?? '?'} of ${host ?? '?'}${subset ? `, subset ${subset}` : ''}. Sidecars and gateways use it; a waypoint uses it for services that are not bound to it.`,
  inbound: workloadOf,
  'inbound-hbone': workloadOf,
  'inbound-passthrough': () =>
    "The destination's sidecar passes the request to its own workload on a port that no Service lists.",
  passthrough: () =>
    'The sidecar knows no service for the destination and passes the traffic on as it came (ALLOW_ANY). Waypoints do not write this.',
  blackhole: () =>
    'The sidecar knows no service for the destination and drops the traffic, because REGISTRY_ONLY blocks unknown hosts.',
  tunnel: (_, text) =>
    `A listener inside the proxy (${text}), between the tunnel (HBONE) and the part that reads the request.`,
  own: (_, text) =>
    `A cluster of the proxy's own (${text}): health checks, metrics or configuration, not the client's traffic to a host.`,
  'unknown-service': () => 'The route has no valid destination (for example an HTTPRoute with an invalid backendRef).',
  other: (_, text) => `A cluster called ${text}, which is none of the names that Istio gives to services.`,
};

function workloadOf({ direction, port }: ClusterName): string {
  return `The destination's sidecar passes the request to its own workload (${direction}), port ${port ?? '?'}.`;
}

export function explainCluster(text: string): string {
  const cluster = parseCluster(text);
  return meanings[cluster.direction](cluster, text.trim());
}

/** `http`, `tcp`, or either with a DestinationRule's subset behind: `http/v1`. */
function waypointChain(subset: string | undefined): string {
  const [chain, named] = subset?.split('/') ?? [];
  const more = named ? `, subset ${named}` : '';
  if (chain === 'http') return `read as HTTP${more}`;
  if (chain === 'tcp') return `passed on as bytes (TCP)${more}`;
  return `through the subset ${subset ?? '(none)'}${more}`;
}
