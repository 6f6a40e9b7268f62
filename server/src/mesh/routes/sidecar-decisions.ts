// Which service or route of a client's sidecar takes a request or connection, of those that it has for the hosts that a name can be.
// server/docs/istio-semantics-classic.md §C.15 to §C.17, §D.
import { addToGroup } from '../../base/group-by.ts';
import { keptFor, keptIn } from '../../base/kept-for.ts';
import { least } from '../../base/least.ts';
import type { Resource } from '../../model/resource.ts';
import { hostMatches } from '../../names/hosts.ts';
import { hasHttpListener } from '../clients/http-listener.ts';
import type { Mesh } from '../mesh.ts';
import { foremost, mostDecided, oneOf, routeAmong, type PlacedRoute, type RouteDecision } from './choose-route.ts';
import { placeOfVirtualService, type RouteUnit } from './route-units.ts';
import { byBytes, foundAt, isTls } from './sidecar-bytes.ts';
import { servicesByPlace } from './services-in-sight.ts';
import { takesAtSidecar } from './sidecar-takes.ts';
import type { ByteRoute } from './byte-routes-at-sidecar.ts';
import { hasPortForBytes } from './sidecar-chains.ts';
import { isChained, makesDomain } from './routes-without-service.ts';
import type { Place, SidecarChoice, SidecarQuestion } from './sidecar-question.ts';
import { isNamedByRoute, isWildcardTaken, routeUnitsAtSidecar } from './mesh-routes-at-sidecar.ts';
import { hosted, hostsOf, httpEntries } from './virtual-service-entries.ts';

type VirtualService = Resource<'VirtualService'>;

export interface RoutesInScope {
  readonly services: readonly VirtualService[];
  /** Worked out where bytes are asked about. */
  readonly bytes: () => readonly ByteRoute[];
}

/**
 * Domains of HTTP, the most specific first: a route's, where one of its rules is for this client and port, else the service's own.
 * Outside port 80 a route needs a service on the port. For other bytes the route for the service's host. §D.10 to §D.14, §D.34.
 */
export function byHost(
  mesh: Mesh,
  question: SidecarQuestion,
  places: readonly Place[],
  { services: routes, bytes }: RoutesInScope,
): SidecarChoice {
  const isHttp = isHttpRouted(mesh, question, places);
  const isServed = places.some(({ service }) => service !== undefined);
  const found = places.map((place) => routesAt(mesh, question, place, { routes, isServed }));
  if (isHttp && found.includes(undefined)) return { state: 'unknown' };
  for (const [i, place] of places.entries()) {
    const own = found[i];
    const decision = isHttp && own ? ofPlace(mesh, question, place, own) : undefined;
    if (decision === 'unknown') return { state: 'unknown' };
    if (decision) return foundAt(place, decision);
    if (!place.service) continue;
    const wider = own?.isNamed ? undefined : found.slice(i).find((one) => one && one.services.length > 0);
    return foundAt(place, isHttp ? decide(mesh, question, wider?.services ?? []) : byBytes(bytes()));
  }
  return { state: 'nothing' };
}

function isHttpRouted(mesh: Mesh, { client, port, bytes }: SidecarQuestion, places: readonly Place[]): boolean {
  if (bytes !== 'http') return false;
  return places.some(({ service }) => service)
    ? !isBytesOnly(places, port)
    : hasHttpListener(mesh, client, port) !== false;
}

/** By the routes that have the place's own host; without a service there, by those whose host is a domain. */
function ofPlace(
  mesh: Mesh,
  question: SidecarQuestion,
  { isForBytes, service, pattern }: Place,
  { services, having, units }: RoutesAt,
): RouteDecision | 'unknown' | undefined {
  if (isForBytes) return undefined;
  if (service) return services.length + units.length === 0 ? undefined : decide(mesh, question, services, units);
  const domains = having.map((one) => ({ one, known: makesDomain(mesh, question, one, pattern) }));
  if (domains.some(({ known }) => known === undefined)) return 'unknown';
  const own = domains.flatMap(({ one, known }) => (known ? [one] : []));
  return own.length === 0 ? undefined : decide(mesh, question, own);
}

interface RoutesAt {
  /** Of which one may count for a service. */
  readonly services: readonly VirtualService[];
  /** All that have the host. */
  readonly having: readonly VirtualService[];
  readonly units: readonly RouteUnit[];
  /** Whether a route of the Gateway API has the host, be it for other clients. */
  readonly isNamed: boolean;
}

/** Undefined if it is not known which routes the sidecar has for the host, or age decides between a VirtualService and another route. */
function routesAt(
  mesh: Mesh,
  question: SidecarQuestion,
  { pattern, service }: Place,
  { routes, isServed }: { readonly routes: readonly VirtualService[]; readonly isServed: boolean },
): RoutesAt | undefined {
  const having = routesByHost(mesh, routes).get(pattern) ?? [];
  const services = isServed && pattern.startsWith('*') ? foremostService(mesh, question, having) : having;
  if (!services) return undefined;
  const units = routeUnitsAtSidecar(mesh, question, pattern, service);
  const isTaken = isServed && isWildcardTaken(mesh, question, pattern, services);
  const isNamed = isNamedByRoute(mesh, question, pattern);
  if (!units || isTaken === undefined || isNamed === undefined) return undefined;
  return { services: isTaken ? [] : services, having, units, isNamed: isNamed && !pattern.startsWith('*') };
}

/** By each of their hosts. Several requests of a client ask for the same list. */
function routesByHost(mesh: Mesh, routes: readonly VirtualService[]): ReadonlyMap<string, readonly VirtualService[]> {
  return keptIn(byHostOf(routes), mesh.settings.clusterDomain, () => {
    const found = new Map<string, [VirtualService, ...VirtualService[]]>();
    for (const route of routes) for (const host of new Set(hostsOf(mesh, route))) addToGroup(found, host, route);
    return found;
  });
}

const byHostOf = keptFor(
  (_: readonly VirtualService[]) => new Map<string, Map<string, [VirtualService, ...VirtualService[]]>>(),
);

/**
 * For a service under a wildcard one VirtualService counts, the first that has the wildcard, whether it has routes for the client or not;
 * undefined where age decides whether it has. istio@86c9f01 pilot/pkg/model/sidecar.go computeWildcardHostVirtualServiceIndex.
 */
function foremostService(
  mesh: Mesh,
  { client, port }: SidecarQuestion,
  services: readonly VirtualService[],
): readonly VirtualService[] | undefined {
  const placed = services.map((one) => ({ one, place: placeOfVirtualService(mesh, one, client.namespace) ?? 3 }));
  const first = least(placed.map(({ place }) => place));
  const foremost = placed.filter(({ place }) => place === first).map(({ one }) => one);
  if (foremost.length < 2) return foremost;
  const takes = takesAtSidecar(client, port, 'http');
  const routing = foremost.filter((one) => httpEntries(mesh, one, takes)?.length !== 0);
  return routing.length === 0 || routing.length === foremost.length ? foremost : undefined;
}

/** Plain HTTP that is sent to a port of another protocol is carried as bytes. */
function isBytesOnly(places: readonly Place[], port: number): boolean {
  const first = places.find(({ service }) => service)?.service;
  return first !== undefined && hasPortForBytes(first, port);
}

/** The first route that has rules for the client owns the host; undefined if none has. §D.13, §D.14. */
function decide(
  mesh: Mesh,
  question: SidecarQuestion,
  services: readonly VirtualService[],
  ofGatewayApi: readonly RouteUnit[] = [],
): RouteDecision | undefined {
  const { client, request } = question;
  const byPlace = servicesByPlace(mesh, services, client.namespace);
  for (const place of [0, 1, 2, 3] as const) {
    const own = byPlace.get(place) ?? [];
    if (own.length > mostDecided) return { state: 'too-many', resources: own };
    const alike = [
      ...ofGatewayApi.filter((unit) => unit.place === place),
      ...own.map((service) => unitOf(mesh, question, service, place)),
    ].filter(({ entries }) => entries === undefined || entries.length > 0);
    if (alike.length === 0) continue;
    // In one place, routes of the Gateway API that are the client's namespace's own go first.
    const nearest = alike.filter(({ isRanked, resources }) => isRanked && resources[0]?.namespace === client.namespace);
    return oneOf(
      'age',
      (nearest.length > 0 ? nearest : alike).map((unit) => routeAmong([[unit]], request)),
    );
  }
  return undefined;
}

function unitOf(
  mesh: Mesh,
  { client, port }: SidecarQuestion,
  service: VirtualService,
  place: RouteUnit['place'],
): RouteUnit {
  const entries = httpEntries(mesh, service, takesAtSidecar(client, port, 'http'));
  return { resources: [service], place, isRanked: false, entries: entries && hosted(mesh, service, entries) };
}

/**
 * Server names, the most specific first: those that TLS routes list, and those of services for which no TLS route counts. A route needs a
 * service on the port that its hosts overlap. §D.30 to §D.32.
 */
export function byServerName(
  mesh: Mesh,
  question: SidecarQuestion,
  places: readonly Place[],
  routes: RoutesInScope,
): SidecarChoice {
  const { port } = question;
  const served = places.find(({ service }) => service);
  if (!places.some(({ service }) => service && isTls(service, port)))
    return byNameOfOthers(mesh, question, places, routes);
  const bytes = routes.bytes();
  const open = bytes.find(({ tls }) => tls === undefined);
  for (const place of places) {
    const { pattern } = place;
    const named = namedBy(bytes, pattern);
    if (open || named.length > 0)
      return foundAt(
        { ...place, service: place.service ?? served?.service, taken: place.taken ?? 'tls' },
        open ? { state: 'unknown', resource: open.resource } : foremost(named),
      );
    const isReplaced = bytes.some(
      ({ tls = [], hosts }) =>
        tls.length > 0 && hosts.some((host) => hostMatches(host, pattern) || hostMatches(pattern, host)),
    );
    if (place.service && !isReplaced) return foundAt(place, undefined);
  }
  return { state: 'nothing' };
}

/** Loops, as there can be thousands of routes. */
function namedBy(routes: readonly ByteRoute[], pattern: string): readonly PlacedRoute[] {
  const named: PlacedRoute[] = [];
  for (const { resource, place, tls = [] } of routes)
    for (const { sniHosts, entry } of tls) if (sniHosts.includes(pattern)) named.push({ resource, place, entry });
  return named;
}

/** No service has TLS on the port for the name; chains of routes that are made for other services may take it. */
function byNameOfOthers(
  mesh: Mesh,
  question: SidecarQuestion,
  places: readonly Place[],
  routes: RoutesInScope,
): SidecarChoice {
  const chained = routes
    .bytes()
    .filter(({ tls }) => tls === undefined || tls.length > 0)
    .map((route) => ({ route, known: isChained(mesh, question, route) }));
  if (chained.some(({ known }) => known === undefined)) return { state: 'unknown' };
  const made = chained.flatMap(({ route, known }) => (known ? [route] : []));
  const open = made.find(({ tls }) => tls === undefined);
  for (const place of places) {
    const named = namedBy(made, place.pattern);
    if (open || named.length > 0)
      return foundAt(
        { ...place, service: undefined, taken: 'tls' },
        open ? { state: 'unknown', resource: open.resource } : foremost(named),
      );
  }
  return byHost(mesh, question, places, routes);
}
