// Which VirtualService routes a gateway applies to what one of its servers takes. server/docs/istio-semantics-classic.md §F.20 to §F.24.
import { firstOfEach } from '../../base/first-of-each.ts';
import type { Resource } from '../../model/resource.ts';
import { patternsFor } from '../../names/hosts.ts';
import type { ClassicServer, EgressGateway, ServerOnPort } from '../clients/egress-gateway.ts';
import type { Mesh } from '../mesh.ts';
import { foremost, routeAmong, type PlacedRoute, type RouteDecision } from './choose-route.ts';
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

/** The more specific of a server's and a route's host is the domain; all routes of one domain stand one behind the other, without conditions last. */
function httpRoute(mesh: Mesh, { gateway, servers, name, request }: GatewayQuestion): RouteDecision {
  const patterns = patternsFor(name);
  const found = servers.flatMap((one) =>
    one.listener
      ? httpUnitsAtListener(mesh, one, patterns).map(({ unit, host }) => ({ unit, rank: patterns.indexOf(host) }))
      : httpUnitsAtServer(mesh, gateway, one, patterns),
  );
  const first = found.reduce((least, { rank }) => Math.min(least, rank), Number.POSITIVE_INFINITY);
  const foremost = found.flatMap(({ rank, unit }) => (rank === first ? [unit] : []));
  const units = firstOfEach(foremost, (unit) => (unit.isRanked ? unit : unit.resources[0]));
  return routeAmong([...groups(units, isConditional), ...groups(units, (entry) => !isConditional(entry))], request);
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
  const found = servers.flatMap((one) =>
    one.listener
      ? foundAtListener(mesh, one, ['TLSRoute'])
      : services.flatMap((service) =>
          tlsOf(mesh, gateway, one, service).map(({ sniHosts, entry }) => ({
            ...placed(mesh, gateway, service, entry),
            names: sniHosts,
          })),
        ),
  );
  const pattern = patterns.find((one) => found.some(({ names }) => names.includes(one)));
  return foremost(found.filter(({ names }) => pattern !== undefined && names.includes(pattern)));
}

/** The first route with a rule for the server; routes attach by any of their hosts. §F.23. */
export function tcpRoute(
  mesh: Mesh,
  { gateway, servers }: Pick<GatewayQuestion, 'gateway' | 'servers'>,
): RouteDecision {
  const found = servers.flatMap((one): readonly PlacedRoute[] => {
    if (one.listener) return foundAtListener(mesh, one, ['TCPRoute', 'TLSRoute']);
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
        return entry ? [placed(mesh, gateway, service, entry)] : [];
      });
  });
  return foremost(found);
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
