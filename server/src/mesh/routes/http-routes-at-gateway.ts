// Which HTTP routes a gateway applies to a request that comes to one of its ports. server/docs/istio-semantics-classic.md §F.20, §F.21.
import { firstOfEach } from '../../base/first-of-each.ts';
import { addToGroup } from '../../base/group-by.ts';
import { keptFor } from '../../base/kept-for.ts';
import { least } from '../../base/least.ts';
import type { Resource } from '../../model/resource.ts';
import { patternsFor } from '../../names/hosts.ts';
import type { ClassicServer, EgressGateway, ServerOnPort } from '../clients/egress-gateway.ts';
import type { Mesh } from '../mesh.ts';
import { mostDecided, routeAmong, useful, whichever, type RouteDecision } from './choose-route.ts';
import { ordersOfAge } from './merged-servers.ts';
import { gatewaysNamedBy, type Server } from './gateway-servers.ts';
import { serversWithHost } from './servers-by-host.ts';
import type { GatewayQuestion } from './gateway-question.ts';
import { byListenerName } from './listener-servers.ts';
import type { RouteEntry } from './route-entry.ts';
import { placeOfVirtualService, type RouteUnit } from './route-units.ts';
import { httpUnitsAtListener } from './routes-at-listener.ts';
import { isAttached, serverHosts, takesAtGateway } from './services-at-gateway.ts';
import { hosted, httpEntries } from './virtual-service-entries.ts';

type VirtualService = Resource<'VirtualService'>;
type Gateway = Resource<'IstioGateway'>;

interface UnitAtServer {
  readonly unit: RouteUnit;
  readonly server: ServerOnPort;
}

/** The more specific of a server's and a route's host is the domain; all routes of one domain stand one behind the other, without conditions last. */
export function httpRoute(mesh: Mesh, { gateway, servers, name, request }: GatewayQuestion): RouteDecision {
  const patterns = patternsFor(name);
  const having = serversWithHost(servers, name);
  const found = httpUnits(mesh, gateway, having, patterns);
  if (having.length > mostDecided) return { state: 'too-many', resources: resourcesOf(found) };
  // A VirtualService without a route for the server makes no domain.
  const made = found.filter(({ unit }) => unit.entries?.length !== 0);
  const first = least(made.map(({ rank }) => rank));
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

const resourcesOf = keptFor((found: readonly RankedUnit[]) => [
  ...new Set(found.flatMap(({ unit }) => unit.resources)),
]);

interface RankedUnit extends UnitAtServer {
  readonly rank: number;
}

/** Of more servers for one host, what they do with requests is worked out once for all. */
const few = 2;

function httpUnits(
  mesh: Mesh,
  gateway: EgressGateway,
  servers: readonly ServerOnPort[],
  patterns: readonly string[],
): readonly RankedUnit[] {
  if (servers.length <= few) return unitsOfServers(mesh, gateway, servers, patterns);
  const { host, namespace, labels, hasAllLabels } = gateway;
  const asked = servers.map(({ gateway: { id }, server }) => `${id}/${server.index}`);
  const key = JSON.stringify([host, namespace, [...labels], hasAllLabels, patterns[0], asked.join(' ')]);
  return mesh.derived(`requests at gateway ${key}`, (view) => unitsOfServers(view, gateway, servers, patterns));
}

function unitsOfServers(
  mesh: Mesh,
  gateway: EgressGateway,
  servers: readonly ServerOnPort[],
  patterns: readonly string[],
): readonly RankedUnit[] {
  return servers.flatMap((server) =>
    (server.listener
      ? httpUnitsAtListener(mesh, server, patterns).map(({ unit, host }) => ({ unit, rank: patterns.indexOf(host) }))
      : httpUnitsAtServer(mesh, gateway, server, patterns)
    ).map((one) => ({ ...one, server })),
  );
}

function httpUnitsAtServer(
  mesh: Mesh,
  gateway: EgressGateway,
  { gateway: of, server }: ClassicServer,
  patterns: readonly string[],
): readonly { readonly unit: RouteUnit; readonly rank: number }[] {
  return patterns.flatMap((pattern) =>
    (routesByGateway(mesh, pattern).get(of.id) ?? [])
      .filter((service) => isAttached(mesh, gateway, of, service))
      .flatMap((service) => {
        const own = serverHosts(of, server, service.namespace).filter((host) => patterns.includes(host));
        const rank = Math.min(...own.map((host) => Math.min(patterns.indexOf(host), patterns.indexOf(pattern))));
        return own.length > 0 ? [{ unit: unitOf(mesh, gateway, { of, server }, service), rank }] : [];
      }),
  );
}

/** VirtualServices with that host, by the Gateways that they name. */
function routesByGateway(mesh: Mesh, host: string): ReadonlyMap<number, readonly VirtualService[]> {
  return mesh.derived(`routes by gateway ${host}`, (view) => {
    const found = new Map<number, [VirtualService, ...VirtualService[]]>();
    for (const service of view.virtualServices(host))
      for (const { id } of new Set(gatewaysNamedBy(view, service))) addToGroup(found, id, service);
    return found;
  });
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
