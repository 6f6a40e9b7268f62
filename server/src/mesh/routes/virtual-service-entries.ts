// The route entries that istiod generates from a VirtualService for a waypoint.
import type { Resource } from '../../model/resource.ts';
import type { RouteDestination, VirtualServiceMatch, VirtualServiceRoute } from '../../model/specs.ts';
import { withDelegates, type OwnedRoute } from './delegated-routes.ts';
import { expandHost, normalizeHost } from '../../names/hosts.ts';
import type { Mesh } from '../mesh.ts';
import type { RouteAction, RouteEntry, RouteTarget, UnhostedEntry } from './route-entry.ts';
import { since } from '../settings.ts';

type VirtualService = Resource<'VirtualService'>;

/** HTTP routes in order, those of delegates in the place of what delegates; undefined if a delegate is not known. */
export function httpEntries(
  mesh: Mesh,
  service: VirtualService,
  port: number,
  waypointNamespace: string,
): readonly UnhostedEntry[] | undefined {
  const routes = withDelegates(mesh, service);
  return routes?.flatMap((owned) =>
    matchesOf(mesh, owned, port, waypointNamespace).map(
      (condition): UnhostedEntry => ({
        resource: owned.owner,
        span: owned.route.span,
        number: owned.number,
        condition,
        action: actionOf(mesh, owned.owner, owned.route),
      }),
    ),
  );
}

function matchesOf(
  mesh: Mesh,
  { route }: OwnedRoute,
  port: number,
  waypointNamespace: string,
): readonly RouteEntry['condition'][] {
  if (route.matches.length === 0) return [undefined];
  return route.matches
    .filter((match) => takesHttp(mesh, match, port, waypointNamespace))
    .map(({ http }) => http && { ...http, bySegment: false });
}

/**
 * Labels of the source never hold (before 1.25 they were looked for on the waypoint); its namespace is the waypoint's, unless
 * gateways are named. istio@86c9f01 pilot/pkg/networking/core/listener_waypoint.go waypointInboundRoute, route/route.go sourceMatchHTTP.
 */
function takesHttp(
  mesh: Mesh,
  { port: only, gateways, sourceLabels, sourceNamespace }: VirtualServiceMatch,
  port: number,
  waypointNamespace: string,
): boolean {
  if ((only || port) !== port || sourceLabels) return false;
  if (gateways.length > 0) return isForMesh(gateways);
  return !sourceNamespace?.value || sourceNamespace.value === waypointNamespace || !since(mesh.settings, '1.24');
}

/** TLS routes for one host: a match counts where its one server name is the host, written alike. istio@86c9f01 .../listener_waypoint.go getTLSRouteMatch. */
export function tlsEntry(mesh: Mesh, service: VirtualService, port: number, host: string): UnhostedEntry | undefined {
  return firstOf(
    mesh,
    service,
    'tls',
    (match) =>
      match.sniHosts.length === 1 && normalizeHost(match.sniHosts[0]!.value) === host && takesBytes(match, port),
  );
}

/** istio@86c9f01 .../listener_waypoint.go getTCPRouteMatch. */
export function tcpEntry(mesh: Mesh, service: VirtualService, port: number): UnhostedEntry | undefined {
  return firstOf(mesh, service, 'tcp', (match) => takesBytes(match, port));
}

/** Nothing of the source is known to these, so that a condition on it is never met. istio@86c9f01 pilot/pkg/networking/core/tls.go matchTLS, matchTCP. */
function takesBytes(
  { port: only, gateways, sourceLabels, sourceNamespace }: VirtualServiceMatch,
  port: number,
): boolean {
  return (only || port) === port && isForMesh(gateways) && !sourceLabels && !sourceNamespace?.value;
}

function firstOf(
  mesh: Mesh,
  service: VirtualService,
  kind: 'tls' | 'tcp',
  takes: (match: VirtualServiceMatch) => boolean,
): UnhostedEntry | undefined {
  const index = service.spec[kind].findIndex(({ matches }) => matches.length === 0 || matches.some(takes));
  const route = service.spec[kind][index];
  return (
    route && {
      resource: service,
      span: route.span,
      number: index + 1,
      condition: undefined,
      action: actionOf(mesh, service, route),
    }
  );
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
