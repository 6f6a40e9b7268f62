/** What an upstream cluster's name says. */
export interface ClusterName {
  /** `inbound-vip`: a waypoint handles it; `outbound`: an ordinary client-side cluster; `passthrough`/`blackhole`: no known service. */
  readonly direction: 'inbound-vip' | 'inbound' | 'outbound' | 'passthrough' | 'blackhole' | 'other';
  readonly port: number | undefined;
  /** The chain at a waypoint (`http`, `tcp`), a DestinationRule's subset elsewhere. */
  readonly subset: string | undefined;
  readonly host: string | undefined;
}

/** istio@86c9f01 pilot/pkg/model/service.go BuildSubsetKey, ParseSubsetKey. */
export function parseCluster(text: string): ClusterName {
  const name = text.trim().replace(/;+$/, '');
  const [direction = '', port = '', subset = '', host = ''] = name.split('|');
  if (direction === 'inbound-vip' || direction === 'inbound' || direction === 'outbound')
    return {
      direction,
      port: /^\d+$/.test(port) ? Number(port) : undefined,
      subset: subset || undefined,
      host: host || undefined,
    };
  return { direction: unnamedDirection(name), port: undefined, subset: undefined, host: undefined };
}

function unnamedDirection(name: string): ClusterName['direction'] {
  if (name === 'BlackHoleCluster') return 'blackhole';
  return /^(Inbound)?PassthroughCluster/.test(name) ? 'passthrough' : 'other';
}

export function explainCluster(text: string): string {
  const { direction, port, subset, host } = parseCluster(text);
  switch (direction) {
    case 'inbound-vip':
      return `A waypoint handled it (inbound-vip): service port ${port ?? '?'} of ${host ?? '?'}, ${waypointChain(subset)}.`;
    case 'outbound':
      return `An ordinary client-side cluster (outbound): port ${port ?? '?'} of ${host ?? '?'}${subset ? `, subset ${subset}` : ''}; a route led to a service that this waypoint does not own, or this is no waypoint.`;
    case 'inbound':
      return `Traffic that arrives at the workload itself (inbound), port ${port ?? '?'}.`;
    case 'passthrough':
      return 'No service is known for the destination: it was passed through as it came. Written by sidecars and gateways, never by a waypoint.';
    case 'blackhole':
      return 'No service is known for the destination and the mesh forbids unknown ones (REGISTRY_ONLY): it was dropped.';
    case 'other':
      return `A cluster called ${text}, which is none of the names that Istio gives to services.`;
  }
}

/** `http`, `tcp`, or either with a DestinationRule's subset behind: `http/v1`. */
function waypointChain(subset: string | undefined): string {
  const [chain, named] = subset?.split('/') ?? [];
  const more = named ? `, subset ${named}` : '';
  if (chain === 'http') return `read as HTTP${more}`;
  if (chain === 'tcp') return `passed on as bytes (TCP)${more}`;
  return `through the subset ${subset ?? '(none)'}${more}`;
}
