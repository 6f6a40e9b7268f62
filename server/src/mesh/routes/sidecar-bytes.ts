// What a client's sidecar does with bytes: by the listener of a service's own address, by TCP routes, and which matches of routes count.
// server/docs/istio-semantics-classic.md §C.15 to §C.17, §D.15, §D.34.
import { hostMatches } from '../../names/hosts.ts';
import { protocolKind } from '../../names/protocols.ts';
import type { Owner } from '../hosts/owners-at-proxy.ts';
import type { ByteRoute } from './byte-routes-at-sidecar.ts';
import { portOf } from './chain-of-port.ts';
import { foremost, type RouteDecision } from './choose-route.ts';
import type { Place, SidecarChoice, SidecarQuestion } from './sidecar-question.ts';

/** §D.34. */
export function byBytes(routes: readonly ByteRoute[]): RouteDecision {
  const open = routes.find(({ tcp }) => tcp === 'unknown');
  if (open) return { state: 'unknown', resource: open.resource };
  return foremost(
    routes.flatMap(({ resource, place, tcp }) => (tcp && tcp !== 'unknown' ? [{ resource, place, entry: tcp }] : [])),
  );
}

/** §C.15, §C.17, §D.18: TCP routes are not for ports of TLS, and TLS routes leave a chain for their server names only. */
export function byListener(question: SidecarQuestion, place: Place, routes: readonly ByteRoute[]): SidecarChoice {
  if (!place.service || !isTls(place.service, question.port)) return foundAt(place, byBytes(routes));
  const open = routes.find(({ tls }) => tls === undefined);
  if (open) return foundAt(place, { state: 'unknown', resource: open.resource });
  const isReplaced = routes.some(({ tls }) => tls && tls.length > 0);
  const isOther = isResolvedByName(place) && (question.bytes !== 'tls' || !hostMatches(place.pattern, question.name));
  return isReplaced || isOther ? { state: 'nothing', atListener: true } : foundAt(place, undefined);
}

/** Its chain is for its server names, although the listener has its address. istio@86c9f01 pilot/pkg/networking/core/tls.go buildSidecarOutboundTLSFilterChainOpts. */
function isResolvedByName({ pattern, service }: Place): boolean {
  return (
    pattern.startsWith('*') && service?.kind === 'ServiceEntry' && service.spec.resolution?.value === 'DYNAMIC_DNS'
  );
}

export function foundAt(
  { pattern, service, cluster, naming, oldest, taken }: Place,
  decision: RouteDecision | undefined,
): SidecarChoice {
  return {
    state: 'found',
    host: pattern,
    service,
    cluster,
    naming,
    oldest,
    taken: taken ?? 'http',
    decision: decision ?? { state: 'none' },
  };
}

export function isTls(one: Owner, port: number): boolean {
  return one.kind === 'ServiceEntry' && protocolKind(portOf(one, port)?.protocol?.value) === 'tls';
}
