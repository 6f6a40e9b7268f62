// What a waypoint makes of requests to a host that it resolves as it is called. Policies decide first: these are answers of the router.
import { servedPort } from '../../mesh/binding/waypoint-service.ts';
import type { TlsSource } from '../../mesh/destination-rules/upstream-tls.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe } from '../../model/resource.ts';
import { hostMatches } from '../../names/hosts.ts';
import { authorityOf } from './client-bytes.ts';
import { at, end, step, type TraceState, type Turn } from './state.ts';
import type { Evidence } from './step.ts';

/**
 * Only with dynamic resolution does the Host decide whom the waypoint answers: it is compared with the wildcard alone, so one
 * with a port matches nothing. server/docs/istio-semantics.md §12.11; istio@86c9f01 pilot/pkg/networking/core/listener_waypoint.go buildRouteVHostDomains.
 */
export function isOutsideWildcard({ request, service, waypoint, chain }: TraceState): boolean {
  if (!service || !waypoint || chain !== 'http') return false;
  return service.entry.spec.resolution?.value === 'DYNAMIC_DNS' && !hostMatches(service.host, authorityOf(request));
}

export function notUnderWildcard(state: TraceState): Turn {
  const authority = authorityOf(state.request);
  const { host } = state.service!;
  const isUnder = hostMatches(host, authority.replace(/:\d+$/, ''));
  const message = isUnder
    ? `The waypoint answers 404: it compares the Host header ${authority} with ${host} as it is, port included.`
    : `The Host header ${authority} does not match ${host}: the waypoint answers 404.`;
  return end(state, [step('route', 'no', message, portPlace(state))], {
    verdict: 'fails',
    cause: 'other-host',
    summary: message,
    log: { upstreamCluster: '-', status: 404 },
  });
}

/** Whether the waypoint has a chain for the port and nothing behind it. */
export function hasNoCluster({ service, waypoint, port }: TraceState, mesh: Mesh): boolean {
  return waypoint !== undefined && servedPort(mesh.settings, service!.entry, port!) === 'no-cluster';
}

export function withoutCluster(state: TraceState): Turn {
  const { request, service } = state;
  const message = `Port ${request.port} of ${describe(service!.entry)} is resolved dynamically, which a waypoint supports only for HTTP to hosts outside the mesh.`;
  return end(state, [step('route', 'no', message, portPlace(state))], {
    verdict: 'fails',
    cause: 'dynamic-resolution',
    summary: notServedSummary(state),
    log: { upstreamCluster: '-', status: 503 },
  });
}

export function notServedSummary({ request }: TraceState): string {
  return `The waypoint does not serve port ${request.port} of ${request.host}: it supports dynamic resolution only for HTTP to hosts outside the mesh.`;
}

/** Why no certificate is accepted: the host's name is to be compared, and nothing is there to verify it by. server/docs/istio-semantics.md §12.17. */
export function refusalOfAll({ waypoint, path, chain, backend }: TraceState, source: TlsSource): string | undefined {
  const { entry, port } = backend!;
  // Of a sidecar not for HTTP2.
  const isThere = waypoint !== undefined || (path === 'sidecar' && port.protocol?.value.toUpperCase() === 'HTTP');
  if (!isThere || chain !== 'http' || entry.spec.resolution?.value !== 'DYNAMIC_DNS') return undefined;
  return source.by === 'DestinationRule' && source.tls.insecureSkipVerify?.value && source.tls.sni?.value
    ? 'insecureSkipVerify does not work with sni for a host that is resolved dynamically'
    : undefined;
}

function portPlace({ service, port }: TraceState): Evidence {
  return at(service!.entry, port!.protocol?.span ?? port!.span);
}
