// The route entries that istiod generates from a VirtualService for a proxy.
import { keptFor } from '../../base/kept-for.ts';
import type { Resource } from '../../model/resource.ts';
import type { RouteDestination, VirtualServiceMatch, VirtualServiceRoute } from '../../model/specs.ts';
import { withDelegates, type OwnedRoute } from './delegated-routes.ts';
import { expandHost, fullHost, normalizeHost } from '../../names/hosts.ts';
import type { Mesh } from '../mesh.ts';
import type { RouteAction, RouteEntry, RouteTarget, UnhostedEntry } from './route-entry.ts';
import { since } from '../settings.ts';

type VirtualService = Resource<'VirtualService'>;

/** Thousands of hosts of one VirtualService are each asked for. */
export const hostsOfService = keptFor(({ spec }: Resource<'VirtualService'>): readonly string[] =>
  spec.hosts.map(({ value }) => normalizeHost(value)),
);

/** Whether a match counts at a proxy, whatever the request; undefined if that depends on labels of its pod that are not known. */
export type Takes = (match: VirtualServiceMatch) => boolean | undefined;

/** HTTP routes in order, those of delegates in the place of what delegates; undefined if a delegate, or which matches count, is not known. */
export function httpEntries(mesh: Mesh, service: VirtualService, takes: Takes): readonly UnhostedEntry[] | undefined {
  const routes = withDelegates(mesh, service);
  if (routes?.some(({ route }) => route.matches.some((match) => takes(match) === undefined))) return undefined;
  return routes?.flatMap((owned) =>
    matchesOf(owned, takes).map(
      (condition): UnhostedEntry => ({
        resource: owned.owner,
        span: owned.route.span,
        number: owned.number,
        condition,
        action: actionOf(mesh, owned.owner, owned.route),
        sourceNamespaces: owned.route.matches.flatMap(({ sourceNamespace: one }) => (one?.value ? [one.value] : [])),
      }),
    ),
  );
}

function matchesOf({ route }: OwnedRoute, takes: Takes): readonly RouteEntry['condition'][] {
  if (route.matches.length === 0) return [undefined];
  return route.matches.filter((match) => takes(match)).map(({ http }) => http && { ...http, bySegment: false });
}

/**
 * Labels of the source never hold (before 1.25 they were looked for on the waypoint); its namespace is the waypoint's, unless
 * gateways are named. istio@86c9f01 pilot/pkg/networking/core/listener_waypoint.go waypointInboundRoute, route/route.go sourceMatchHTTP.
 */
export function takesHttpAtWaypoint(mesh: Mesh, port: number, waypointNamespace: string): Takes {
  return ({ port: only, gateways, sourceLabels, sourceNamespace }) => {
    if ((only || port) !== port || sourceLabels.size > 0) return false;
    if (gateways.length > 0) return isForMesh(gateways);
    return !sourceNamespace?.value || sourceNamespace.value === waypointNamespace || !since(mesh.settings, '1.24');
  };
}

/** TLS routes for one host: a match counts where its one server name is the host, written alike. istio@86c9f01 .../listener_waypoint.go getTLSRouteMatch. */
export function tlsEntry(mesh: Mesh, service: VirtualService, port: number, host: string): UnhostedEntry | undefined {
  return firstEntry(
    mesh,
    service,
    'tls',
    (match) =>
      match.sniHosts.length === 1 && normalizeHost(match.sniHosts[0]!.value) === host && takesBytes(match, port),
  );
}

export interface TlsMatch {
  readonly sniHosts: readonly string[];
  readonly entry: UnhostedEntry;
}

/** The TLS matches that count, in order; undefined if it is not known which do. */
export function tlsMatches(mesh: Mesh, service: VirtualService, takes: Takes): readonly TlsMatch[] | undefined {
  const found = service.spec.tls.flatMap((route, index) =>
    route.matches.map((match) => ({ match, takes: takes(match), entry: entryOf(mesh, service, route, index) })),
  );
  if (found.some((one) => one.takes === undefined)) return undefined;
  return found
    .filter((one) => one.takes)
    .map(({ match, entry }) => ({ sniHosts: match.sniHosts.map(({ value }) => normalizeHost(value)), entry }));
}

/** istio@86c9f01 .../listener_waypoint.go getTCPRouteMatch. */
export function tcpEntry(mesh: Mesh, service: VirtualService, port: number): UnhostedEntry | undefined {
  return firstEntry(mesh, service, 'tcp', (match) => takesBytes(match, port));
}

/** Nothing of the source is known to these, so that a condition on it is never met. istio@86c9f01 pilot/pkg/networking/core/tls.go matchTLS, matchTCP. */
function takesBytes(
  { port: only, gateways, sourceLabels, sourceNamespace }: VirtualServiceMatch,
  port: number,
): boolean {
  return (only || port) === port && isForMesh(gateways) && sourceLabels.size === 0 && !sourceNamespace?.value;
}

/** The first route that has no match, or one that counts. */
export function firstEntry(
  mesh: Mesh,
  service: VirtualService,
  kind: 'tls' | 'tcp',
  takes: Takes,
): UnhostedEntry | undefined {
  const index = service.spec[kind].findIndex(({ matches }) => matches.length === 0 || matches.some(takes));
  const route = service.spec[kind][index];
  return route && entryOf(mesh, service, route, index);
}

function entryOf(mesh: Mesh, service: VirtualService, route: VirtualServiceRoute, index: number): UnhostedEntry {
  return {
    resource: service,
    span: route.span,
    number: index + 1,
    condition: undefined,
    action: actionOf(mesh, service, route),
  };
}

const redirects: readonly number[] = [301, 302, 303, 307, 308];

function actionOf(mesh: Mesh, { namespace }: VirtualService, route: VirtualServiceRoute): RouteAction {
  // An unknown status leaves the route without any action, which Envoy refuses. istio@86c9f01 .../route/route.go ApplyRedirect
  if (route.redirect !== undefined)
    return { does: 'redirect', status: redirects.includes(route.redirect) ? route.redirect : 500 };
  if (route.directResponse !== undefined) return { does: 'respond', status: route.directResponse };
  const several = route.destinations.length > 1;
  const to = route.destinations
    .map((one) => targetOf(mesh, namespace, one, route))
    .filter(({ weight }) => !several || weight > 0);
  return {
    does: 'forward',
    to: several ? to : to.map((one) => ({ ...one, weight: 1 })),
    notFound: 503,
    abort: route.abort,
    pathRewrite: route.pathRewrite,
    mirrors: route.mirrors
      .filter(({ share }) => share > 0)
      .map((one) => ({ ...targetOf(mesh, namespace, one, route), weight: 1, share: one.share, isKept: true })),
  };
}

function targetOf(
  mesh: Mesh,
  namespace: string,
  { host, port, subset, weight, hostRewrite }: RouteDestination,
  route: VirtualServiceRoute,
): RouteTarget {
  const full = host && expandHost(host.value, namespace, mesh.settings.clusterDomain);
  return {
    host: full,
    ...(host && full !== host.value ? { isShort: true } : {}),
    port: port?.value,
    subset: subset?.value || undefined,
    weight: weight ?? 0,
    hostRewrite: route.hostRewrite ?? hostRewrite,
  };
}

/** Routes without gateways are the mesh's. */
export function isForMesh(gateways: readonly { readonly value: string }[]): boolean {
  return gateways.length === 0 || gateways.some(({ value }) => value === 'mesh');
}

/** As they are compared. */
export function hostsOf(mesh: Mesh, { spec, namespace }: VirtualService): readonly string[] {
  return spec.hosts.map(({ value }) => fullHost(value, namespace, mesh.settings.clusterDomain));
}

export function hosted(mesh: Mesh, service: VirtualService, entries: readonly UnhostedEntry[]): readonly RouteEntry[] {
  const hosts = hostsOf(mesh, service);
  return entries.map((entry) => ({ ...entry, hosts }));
}
