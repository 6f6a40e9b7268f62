// Which VirtualService routes a gateway applies to what one of its servers takes. server/docs/istio-semantics-classic.md §F.20 to §F.24.
import { compareText } from '../../base/compare.ts';
import { firstOfEach } from '../../base/first-of-each.ts';
import type { Resource } from '../../model/resource.ts';
import { patternsFor } from '../../names/hosts.ts';
import type { ClassicServer, EgressGateway, ServerOnPort } from '../clients/egress-gateway.ts';
import type { Mesh } from '../mesh.ts';
import { foremost, routeAmong, useful, whichever, type PlacedRoute, type RouteDecision } from './choose-route.ts';
import { ordersOfAge } from './merged-servers.ts';
import { servesHost, type Server } from './gateway-servers.ts';
import type { RoutedRequest } from './route-condition.ts';
import type { ListenerServer } from './listener-servers.ts';
import type { RouteEntry, UnhostedEntry } from './route-entry.ts';
import { placeOfVirtualService, type RouteUnit } from './route-units.ts';
import { bytesAtListener, httpUnitsAtListener } from './routes-at-listener.ts';
import { isAttached, serverHosts, servicesOn, takesAtGateway } from './services-at-gateway.ts';
import { firstEntry, hosted, hostsOf, httpEntries, tlsMatches } from './virtual-service-entries.ts';

type VirtualService = Resource<'VirtualService'>;
type Gateway = Resource<'IstioGateway'>;

export interface GatewayQuestion {
  readonly gateway: EgressGateway;
  /** The servers whose routes count. */
  readonly servers: readonly ServerOnPort[];
  readonly chain: 'http' | 'tcp' | 'passthrough';
  /** The Host of the request, or the server name. */
  readonly name: string;
  readonly request: RoutedRequest;
}

/** `none`: no route has the name, so the gateway answers 404 or has no chain. */
export function routeAtGateway(mesh: Mesh, question: GatewayQuestion): RouteDecision {
  switch (question.chain) {
    case 'http':
      return httpRoute(mesh, question);
    case 'passthrough':
      return passthroughRoute(mesh, question);
    case 'tcp':
      return tcpRoute(mesh, question);
  }
}

interface UnitAtServer {
  readonly unit: RouteUnit;
  readonly server: ServerOnPort;
}

/** The more specific of a server's and a route's host is the domain; all routes of one domain stand one behind the other, without conditions last. */
function httpRoute(mesh: Mesh, { gateway, servers, name, request }: GatewayQuestion): RouteDecision {
  const patterns = patternsFor(name);
  const found = servers.flatMap((server) =>
    (server.listener
      ? httpUnitsAtListener(mesh, server, patterns).map(({ unit, host }) => ({ unit, rank: patterns.indexOf(host) }))
      : httpUnitsAtServer(mesh, gateway, server, patterns)
    ).map((one) => ({ ...one, server })),
  );
  // A VirtualService without a route for the server makes no domain.
  const made = found.filter(({ unit }) => unit.entries?.length !== 0);
  const first = made.reduce((least, { rank }) => Math.min(least, rank), Number.POSITIVE_INFINITY);
  const foremost = made.filter(({ rank }) => rank === first);
  const orders = ordersOfAge(foremost.map(({ server }) => server));
  const sequences = orders?.map((order) => order.flatMap((one) => unitsOf(foremost, one))) ?? [[inAnyOrder(foremost)]];
  return whichever(sequences.map((lists) => routeAmong(useful(withoutConditionLast(lists)), request)));
}

/** What one Gateway adds to a domain, a list for each of its listeners. istio@86c9f01 pilot/pkg/networking/core/gateway.go buildGatewayHTTPRouteConfig. */
function unitsOf(found: readonly UnitAtServer[], gateway: ServerOnPort['gateway']): readonly (readonly RouteUnit[])[] {
  const own = found.filter(({ server }) => server.gateway === gateway);
  const listeners = [...new Set(own.map(({ server }) => server.listener))].sort(byListenerName);
  return listeners.map((listener) =>
    firstOfEach(
      own.filter(({ server }) => server.listener === listener).map(({ unit }) => unit),
      (unit) => (unit.isRanked ? unit : unit.resources[0]),
    ),
  );
}

type Listener = ServerOnPort['listener'];

/** istiod makes a Gateway of its own of each listener, and reads those of one age by their names. */
function byListenerName(a: Listener, b: Listener): number {
  return compareText(a?.name?.value ?? '', b?.name?.value ?? '');
}

/** More Gateways than are tried. */
function inAnyOrder(found: readonly UnitAtServer[]): readonly RouteUnit[] {
  return found.map(({ unit }) => ({ ...unit, place: 0 }));
}

function withoutConditionLast(lists: readonly (readonly RouteUnit[])[]): readonly (readonly RouteUnit[])[] {
  return [
    ...lists.flatMap((units) => groups(units, isConditional)),
    ...lists.flatMap((units) => groups(units, (entry) => !isConditional(entry))),
  ];
}

function httpUnitsAtServer(
  mesh: Mesh,
  gateway: EgressGateway,
  { gateway: of, server }: ClassicServer,
  patterns: readonly string[],
): readonly { readonly unit: RouteUnit; readonly rank: number }[] {
  return patterns.flatMap((pattern) =>
    mesh
      .virtualServices(pattern)
      .filter((service) => isAttached(mesh, gateway, of, service))
      .flatMap((service) => {
        const own = serverHosts(of, server, service.namespace).filter((host) => patterns.includes(host));
        const rank = Math.min(...own.map((host) => Math.min(patterns.indexOf(host), patterns.indexOf(pattern))));
        return own.length > 0 ? [{ unit: unitOf(mesh, gateway, { of, server }, service), rank }] : [];
      }),
  );
}

function unitOf(
  mesh: Mesh,
  gateway: EgressGateway,
  { of, server }: { readonly of: Gateway; readonly server: Server },
  service: VirtualService,
): RouteUnit {
  const takes = takesAtGateway(gateway, of, server, { kind: 'http', from: service.namespace });
  const entries = httpEntries(mesh, service, takes);
  const place = placeOfVirtualService(mesh, service, gateway.namespace) ?? 3;
  return { resources: [service], place, isRanked: false, entries: entries && hosted(mesh, service, entries) };
}

function groups(units: readonly RouteUnit[], keeps: (entry: RouteEntry) => boolean): readonly (readonly RouteUnit[])[] {
  return [0, 1, 2, 3].map((place) =>
    units.filter((unit) => unit.place === place).map((unit) => ({ ...unit, entries: unit.entries?.filter(keeps) })),
  );
}

/** istio@86c9f01 pilot/pkg/networking/core/route/route.go IsCatchAllRoute. */
function isConditional({ condition }: RouteEntry): boolean {
  if (!condition) return false;
  const { uri, method, scheme, authority, headers, withoutHeaders, queryParams } = condition;
  const isAnyPath = !uri || uri.how === 'any' || (uri.how === 'prefix' && uri.value === '/');
  return (
    !isAnyPath ||
    method !== undefined ||
    scheme !== undefined ||
    authority !== undefined ||
    headers.size + withoutHeaders.size + queryParams.size > 0
  );
}

/** Server names for which a server passes TLS through: `sniHosts`, or hostnames of TLSRoutes. */
export function passthroughNames(mesh: Mesh, gateway: EgressGateway, one: ServerOnPort): readonly string[] {
  if (one.listener)
    return bytesAtListener(mesh, one, ['TLSRoute']).flatMap(({ attached }) =>
      attached.hosts.map(({ served }) => served),
    );
  return servicesOn(mesh, one.server)
    .flatMap((service) => tlsOf(mesh, gateway, one, service))
    .flatMap(({ sniHosts }) => sniHosts);
}

function tlsOf(
  mesh: Mesh,
  gateway: EgressGateway,
  { gateway: of, server }: ClassicServer,
  service: VirtualService,
): NonNullable<ReturnType<typeof tlsMatches>> {
  if (!isAttached(mesh, gateway, of, service)) return [];
  const hosts = hostsOf(mesh, service);
  if (!hosts.some((host) => servesHost(of, host, service.namespace, [server]))) return [];
  return (
    tlsMatches(mesh, service, takesAtGateway(gateway, of, server, { kind: 'bytes', from: service.namespace })) ?? []
  );
}

function passthroughRoute(mesh: Mesh, { gateway, servers, name }: GatewayQuestion): RouteDecision {
  const patterns = patternsFor(name);
  const services = [...new Set(patterns.flatMap((pattern) => mesh.virtualServices(pattern)))];
  const found = servers.flatMap((server) =>
    (server.listener
      ? foundAtListener(mesh, server, ['TLSRoute'])
      : services.flatMap((service) =>
          tlsOf(mesh, gateway, server, service).map(({ sniHosts, entry }) => ({
            ...placed(mesh, gateway, service, entry),
            names: sniHosts,
          })),
        )
    ).map((one) => ({ ...one, server })),
  );
  const pattern = patterns.find((one) => found.some(({ names }) => names.includes(one)));
  return ofFirstGateway(found.filter(({ names }) => pattern !== undefined && names.includes(pattern)));
}

/** The first route with a rule for the server; routes attach by any of their hosts. §F.23. */
export function tcpRoute(
  mesh: Mesh,
  { gateway, servers }: Pick<GatewayQuestion, 'gateway' | 'servers'>,
): RouteDecision {
  const found = servers.flatMap((one): readonly RouteAtServer[] => {
    if (one.listener)
      return foundAtListener(mesh, one, ['TCPRoute', 'TLSRoute']).map((found) => ({ ...found, server: one }));
    const { gateway: of, server } = one;
    return servicesOn(mesh, server)
      .filter(
        (service) =>
          isAttached(mesh, gateway, of, service) &&
          hostsOf(mesh, service).some((host) => servesHost(of, host, service.namespace, [server])),
      )
      .flatMap((service) => {
        const takes = takesAtGateway(gateway, of, server, { kind: 'bytes', from: service.namespace });
        const entry = firstEntry(mesh, service, 'tcp', takes);
        return entry ? [{ ...placed(mesh, gateway, service, entry), server: one }] : [];
      });
  });
  return ofFirstGateway(found);
}

type RouteAtServer = PlacedRoute & { readonly server: ServerOnPort };

/** Of two chains that are alike, the one of the Gateway that is read first is kept. istio@86c9f01 pilot/pkg/networking/core/gateway.go buildGatewayNetworkFiltersFromTLSRoutes. */
function ofFirstGateway(found: readonly RouteAtServer[]): RouteDecision {
  const gateways = [...new Set(found.map(({ server }) => server.gateway))];
  return whichever(
    gateways.map((gateway) => {
      const own = found.filter(({ server }) => server.gateway === gateway);
      const [first] = own.map(({ server }) => server.listener).sort(byListenerName);
      return foremost(own.filter(({ server }) => server.listener === first));
    }),
  );
}

function foundAtListener(
  mesh: Mesh,
  one: ListenerServer,
  kinds: readonly ('TLSRoute' | 'TCPRoute')[],
): readonly (PlacedRoute & { readonly names: readonly string[] })[] {
  return bytesAtListener(mesh, one, kinds).map(({ attached: { route, place, hosts }, entry }) => ({
    resource: route,
    place,
    entry: entry && { ...entry, hosts: [] },
    names: hosts.map(({ served }) => served),
  }));
}

function placed(mesh: Mesh, { namespace }: EgressGateway, service: VirtualService, entry: UnhostedEntry): PlacedRoute {
  const place = placeOfVirtualService(mesh, service, namespace) ?? 3;
  return { resource: service, place, entry: hosted(mesh, service, [entry])[0]! };
}
