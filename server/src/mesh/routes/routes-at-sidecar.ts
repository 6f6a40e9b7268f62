// Which VirtualService routes apply to what a client with a sidecar sends, and which rule takes the request.
// server/docs/istio-semantics-classic.md §D.
import type { Resource } from '../../model/resource.ts';
import { fullHost, hostMatches, normalizeHost, patternsFor } from '../../names/hosts.ts';
import { protocolKind } from '../../names/protocols.ts';
import { importsRoute, servicesFor, type SidecarClient } from '../clients/sidecar-scope.ts';
import type { Mesh } from '../mesh.ts';
import { chainsOf, portOf } from './chain-of-port.ts';
import { oneOf, routeAmong, type RouteDecision } from './choose-route.ts';
import type { RoutedRequest } from './route-condition.ts';
import type { RouteEntry, UnhostedEntry } from './route-entry.ts';
import { placeOfVirtualService, type RouteUnit } from './route-units.ts';
import { firstEntry, httpEntries, isForMesh, tlsMatches, type Takes } from './virtual-service-entries.ts';

type VirtualService = Resource<'VirtualService'>;
type Owner = Resource<'ServiceEntry'> | Resource<'Service'>;

export interface RoutedClient extends SidecarClient {
  /** False where the pod may have more labels. */
  readonly hasAllLabels: boolean;
}

export interface SidecarQuestion {
  readonly client: RoutedClient;
  /** What the sidecar finds the service by: the Host of HTTP, the server name of TLS, else the host that is dialled. */
  readonly name: string;
  readonly port: number;
  readonly bytes: 'http' | 'tls' | 'opaque';
  readonly request: RoutedRequest;
}

export type SidecarChoice =
  | {
      readonly state: 'found';
      /** Which host of the services the name is, or the host of the route. */
      readonly host: string;
      /** Several where age decides; none where only a route has the host. */
      readonly services: readonly Owner[];
      readonly decision: RouteDecision;
    }
  /** The sidecar has neither a service nor a route for the name. */
  | { readonly state: 'nothing' }
  /** What it imports, or which routes, is not known. */
  | { readonly state: 'unknown' };

/** What a client's sidecar does with the name on the port. istio@86c9f01 pilot/pkg/networking/core/httproute.go BuildSidecarOutboundVirtualHosts; tls.go buildSidecarOutboundTLSFilterChainOpts. */
export function choiceAtSidecar(mesh: Mesh, question: SidecarQuestion): SidecarChoice {
  const { client, name } = question;
  const found = patternsFor(name).map((pattern) => ({ pattern, services: servicesFor(mesh, client, pattern) }));
  if (found.some(({ services }) => services === undefined)) return { state: 'unknown' };
  const taking = found.map(
    ({ pattern, services }): Place => ({ pattern, services: services!.filter((one) => takes(one, question)) }),
  );
  const routes = routesInScope(mesh, question);
  if (!routes) return { state: 'unknown' };
  return question.bytes === 'tls'
    ? byServerName(mesh, question, taking, routes)
    : byHost(mesh, question, taking, routes);
}

interface Place {
  readonly pattern: string;
  readonly services: readonly Owner[];
}

/** Whether a listener of the sidecar has a chain for what the client sends to that port; for a Service, that is not looked at. */
function takes(service: Owner, { port: number, bytes }: SidecarQuestion): boolean {
  if (service.kind === 'Service') return true;
  const port = portOf(service, number);
  if (!port) return false;
  const kind = protocolKind(port.protocol?.value);
  if (kind === 'http') return bytes === 'http';
  return kind !== 'tls' || bytes !== 'http';
}

/** §D.1, §B.14. Undefined if it is not known which the sidecar has. */
function routesInScope(mesh: Mesh, { client, name }: SidecarQuestion): readonly VirtualService[] | undefined {
  const found = [...new Set(patternsFor(name).flatMap((pattern) => mesh.virtualServices(pattern)))].filter(
    (one) => isForMesh(one.spec.gateways) && placeOfVirtualService(mesh, one, client.namespace) !== undefined,
  );
  const imported = found.map((one) => importsRoute(mesh, client, one));
  return imported.includes(undefined) ? undefined : found.filter((_, i) => imported[i]);
}

/**
 * Domains of HTTP, the most specific first: a route's, where one of its rules is for this client and port, else the service's own.
 * Outside port 80 a route needs a service on the port. For other bytes the route for the service's host. §D.10 to §D.14, §D.34.
 */
function byHost(
  mesh: Mesh,
  question: SidecarQuestion,
  places: readonly Place[],
  routes: readonly VirtualService[],
): SidecarChoice {
  const isServed = places.some(({ services }) => services.length > 0);
  const isHttp = question.bytes === 'http' && !isBytesOnly(places, question.port);
  const found = (pattern: string) => routes.filter((route) => hostsOf(mesh, route).includes(pattern));
  for (const [i, { pattern, services }] of places.entries()) {
    const own = found(pattern);
    if (isHttp && own.length > 0 && (isServed || question.port === 80)) {
      const decision = decide(mesh, question, own);
      if (decision) return { state: 'found', host: pattern, services, decision };
    }
    if (services.length === 0) continue;
    const wider =
      places
        .slice(i)
        .map((place) => found(place.pattern))
        .find((list) => list.length > 0) ?? [];
    const decision = isHttp ? decide(mesh, question, wider) : byBytes(mesh, question, routes);
    return { state: 'found', host: pattern, services, decision: decision ?? { state: 'none' } };
  }
  return { state: 'nothing' };
}

/** Plain HTTP that is sent to a port of another protocol is carried as bytes. */
function isBytesOnly(places: readonly Place[], port: number): boolean {
  const [first] = places.flatMap(({ services }) => services);
  const taken = first?.kind === 'ServiceEntry' ? portOf(first, port) : undefined;
  return taken !== undefined && !chainsOf(taken).includes('http');
}

/** The first route that has rules for the client owns the host; undefined if none has. §D.13, §D.14. */
function decide(
  mesh: Mesh,
  { client, port, request }: SidecarQuestion,
  services: readonly VirtualService[],
): RouteDecision | undefined {
  const units = services
    .map((service): RouteUnit => {
      const entries = httpEntries(mesh, service, takesAtSidecar(client, port, 'http'));
      const place = placeOfVirtualService(mesh, service, client.namespace) ?? 3;
      return { resources: [service], place, isRanked: false, entries: entries && hosted(mesh, service, entries) };
    })
    .filter(({ entries }) => entries === undefined || entries.length > 0);
  const first = Math.min(...units.map(({ place }) => place));
  const foremost = units.filter(({ place }) => place === first);
  if (foremost.length === 0) return undefined;
  return oneOf(
    'age',
    foremost.map((unit) => routeAmong([[unit]], request)),
  );
}

/** §D.34. */
function byBytes(mesh: Mesh, question: SidecarQuestion, routes: readonly VirtualService[]): RouteDecision | undefined {
  const { client, port } = question;
  const takesIt = takesAtSidecar(client, port, 'bytes');
  const open = routes.find(({ spec }) =>
    spec.tcp.some(({ matches }) => matches.some((one) => takesIt(one) === undefined)),
  );
  if (open) return { state: 'unknown', resource: open };
  return foremost(
    mesh,
    client.namespace,
    routes.flatMap((route) => {
      const entry = firstEntry(mesh, route, 'tcp', takesIt);
      return entry ? [{ route, entry }] : [];
    }),
  );
}

interface Found {
  readonly route: VirtualService;
  readonly entry: UnhostedEntry;
}

/** The first in order of places; age decides within one. */
function foremost(mesh: Mesh, namespace: string, found: readonly Found[]): RouteDecision | undefined {
  const placed = found.map((one) => ({ ...one, place: placeOfVirtualService(mesh, one.route, namespace) ?? 3 }));
  const first = Math.min(...placed.map(({ place }) => place));
  const ways = placed
    .filter(({ place }) => place === first)
    .filter((one, i, all) => all.findIndex(({ route }) => route === one.route) === i)
    .map(({ route, entry }): RouteDecision => ({ state: 'taken', entry: hosted(mesh, route, [entry])[0]! }));
  return ways.length === 0 ? undefined : oneOf('age', ways);
}

/**
 * Server names, the most specific first: those that TLS routes list, and those of services for which no TLS route counts. A route needs a
 * service on the port that its hosts overlap. §D.30 to §D.32.
 */
function byServerName(
  mesh: Mesh,
  question: SidecarQuestion,
  places: readonly Place[],
  routes: readonly VirtualService[],
): SidecarChoice {
  const { client, port } = question;
  const all = places.flatMap(({ services }) => services);
  const isTls = (one: Owner) =>
    one.kind === 'ServiceEntry' && protocolKind(portOf(one, port)?.protocol?.value) === 'tls';
  if (!all.some(isTls)) return byHost(mesh, question, places, routes);
  const matches = routes.map((route) => ({
    route,
    found: tlsMatches(mesh, route, takesAtSidecar(client, port, 'bytes')),
  }));
  const open = matches.find(({ found }) => found === undefined);
  for (const { pattern, services } of places) {
    const named = matches.flatMap(({ route, found }) =>
      (found ?? []).filter(({ sniHosts }) => sniHosts.includes(pattern)).map(({ entry }) => ({ route, entry })),
    );
    const decision = open
      ? { state: 'unknown' as const, resource: open.route }
      : foremost(mesh, client.namespace, named);
    if (decision)
      return {
        state: 'found',
        host: all.length > 0 ? pattern : question.name,
        services: services.length > 0 ? services : all.slice(0, 1),
        decision,
      };
    const isReplaced = matches.some(
      ({ route, found }) =>
        (found ?? []).length > 0 &&
        hostsOf(mesh, route).some((host) => hostMatches(host, pattern) || hostMatches(pattern, host)),
    );
    if (services.length > 0 && !isReplaced)
      return { state: 'found', host: pattern, services, decision: { state: 'none' } };
  }
  return { state: 'nothing' };
}

/** §D.15: with `gateways` the source of a request is not looked at; for bytes all conditions count. istio@86c9f01 .../route/route.go TranslateRoute, sourceMatchHTTP; tls.go matchTLS, matchTCP. */
function takesAtSidecar(
  { namespace, labels, hasAllLabels }: RoutedClient,
  port: number,
  kind: 'http' | 'bytes',
): Takes {
  return ({ port: only, gateways, sourceLabels, sourceNamespace }) => {
    if ((only || port) !== port || !isForMesh(gateways)) return false;
    if (kind === 'http' && gateways.length > 0) return true;
    if ((sourceNamespace?.value || namespace) !== namespace) return false;
    const differing = [...sourceLabels].filter(([key, value]) => labels.get(key) !== value);
    if (differing.length === 0) return true;
    return hasAllLabels || differing.some(([key]) => labels.has(key)) ? false : undefined;
  };
}

function hostsOf(mesh: Mesh, { spec, namespace }: VirtualService): readonly string[] {
  return spec.hosts.map(({ value }) => fullHost(value, namespace, mesh.settings.clusterDomain));
}

function hosted(mesh: Mesh, service: VirtualService, entries: readonly UnhostedEntry[]): readonly RouteEntry[] {
  return entries.map((entry) => ({ ...entry, hosts: hostsOf(mesh, service).map(normalizeHost) }));
}
