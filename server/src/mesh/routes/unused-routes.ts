// Which routes of a VirtualService no sidecar and no gateway uses, because they are for another protocol than what listens there.
// server/docs/istio-semantics-classic.md §D.10, §D.11, §F.11.
import { firstOfEach } from '../../base/first-of-each.ts';
import { inPortions } from '../../base/steps.ts';
import { mostRelated } from '../../base/and-more.ts';
import { groupBy } from '../../base/group-by.ts';
import type { Resource } from '../../model/resource.ts';
import type { RouteDestination, ServiceEntryPort, VirtualServiceRoute } from '../../model/specs.ts';
import type { Span } from '../../base/span.ts';
import { fullHost, patternsFor } from '../../names/hosts.ts';
import { protocolKind } from '../../names/protocols.ts';
import { bindWaypoint } from '../binding/waypoint-binding.ts';
import { namespaceDataPlane } from '../clients/data-plane.ts';
import { isExternal } from '../hosts/target-ports.ts';
import { scopeOf } from '../hosts/visibility.ts';
import type { Mesh } from '../mesh.ts';
import { gatewayNamed, serverKind, servesHost, type Server } from './gateway-servers.ts';

type Service = Resource<'VirtualService'>;
type RouteKind = 'http' | 'tls' | 'tcp';

/** A port of an entry, or a server of a Gateway, with the routes that it uses; `any` where that is not known. */
interface Taker {
  readonly uses: RouteKind | 'any';
  readonly port: number | undefined;
  readonly place:
    | { readonly resource: Resource<'ServiceEntry'> | Resource<'IstioGateway'>; readonly span: Span }
    | undefined;
  /** As it is written: `HTTP`, `TLS PASSTHROUGH`. */
  readonly protocol: string;
}

export interface UnusedRoute {
  readonly kind: RouteKind;
  readonly route: VirtualServiceRoute;
  /** Undefined for sidecars. */
  readonly gateway: Resource<'IstioGateway'> | undefined;
  readonly takers: readonly [Taker, ...Taker[]];
  /** Whether it is used nowhere, and not only at that gateway. */
  readonly isDead: boolean;
  /** Whether the gateway has no other route for the hosts. */
  readonly isOnlyOne: boolean;
}

const kinds: readonly RouteKind[] = ['http', 'tls', 'tcp'];

/** Where routes can apply: at sidecars, or at one Gateway. */
interface Site {
  readonly name: string;
  readonly gateway: Resource<'IstioGateway'> | undefined;
  /** Undefined where not all are known. */
  readonly takers: readonly Taker[] | undefined;
}

interface Use {
  readonly kind: RouteKind;
  readonly route: VirtualServiceRoute;
  readonly site: Site;
  readonly takers: readonly Taker[];
  readonly isUsed: boolean;
}

/** Each route once, at the first place that does not use it. */
export function unusedRoutes(mesh: Mesh, service: Service): readonly UnusedRoute[] {
  return mesh.derivedOfInSteps(`unused routes ${service.id}`, service, unusedInSteps);
}

function* unusedInSteps(mesh: Mesh, service: Service): Generator<undefined, readonly UnusedRoute[]> {
  const sites = yield* sitesOf(mesh, service);
  const uses = kinds.flatMap((kind) =>
    service.spec[kind].flatMap((route) => sites.flatMap((site) => usesAt(service, site, kind, route))),
  );
  const found = uses.flatMap((use): UnusedRoute[] => {
    const { kind, route, site, isUsed } = use;
    const [first, ...more] = use.takers;
    if (isUsed || !first) return [];
    const isDead = !uses.some((other) => other.route === route && other.isUsed);
    const isOnlyOne =
      site.gateway !== undefined &&
      !uses.some((other) => other.site === site && other.isUsed) &&
      !hasOthers(mesh, service, site.gateway);
    return isDead || isOnlyOne
      ? [{ kind, route, gateway: site.gateway, takers: [first, ...more], isDead, isOnlyOne }]
      : [];
  });
  return firstOfEach(found, ({ route }) => route);
}

/** Where routes that nothing uses lead, mirrors too: no request is sent there, so that nothing else is wrong with it either. */
export function unusedDestinations(mesh: Mesh, service: Service): ReadonlySet<RouteDestination> {
  return new Set(
    unusedRoutes(mesh, service).flatMap(({ isDead, route }) =>
      isDead ? [...route.destinations, ...route.mirrors] : [],
    ),
  );
}

/** Whether another VirtualService may bring one of the hosts to the Gateway. */
function hasOthers(mesh: Mesh, service: Service, gateway: Resource<'IstioGateway'>): boolean {
  if (!mesh.knows('VirtualService')) return true;
  const hosts = service.spec.hosts.map(({ value }) => fullHost(value, service.namespace, mesh.settings.clusterDomain));
  const others = hosts.flatMap((host) => patternsFor(host).flatMap((pattern) => mesh.virtualServices(pattern)));
  return others.some(
    (other) =>
      other !== service &&
      other.spec.gateways.some(({ value }) => {
        const named = gatewayNamed(value, other.namespace);
        return named.name === gateway.name && named.namespace === gateway.namespace;
      }),
  );
}

/** What a route is at a place; empty where it is not for it. */
function usesAt({ spec }: Service, site: Site, kind: RouteKind, route: VirtualServiceRoute): readonly Use[] {
  const here = spec.gateways.length === 0 ? ['mesh'] : spec.gateways.map(({ value }) => value);
  const matches = route.matches.length > 0 ? route.matches : [undefined];
  const ports = matches
    .filter((match) =>
      match === undefined || match.gateways.length === 0
        ? here.includes(site.name)
        : match.gateways.some(({ value }) => value === site.name),
    )
    .map((match) => match?.port || undefined);
  if (ports.length === 0) return [];
  const taken = ports.map((port) => site.takers?.filter((taker) => port === undefined || taker.port === port));
  // A port that nothing has is another fault.
  const isUsed = taken.some(
    (takers) => !takers || takers.length === 0 || takers.some(({ uses }) => uses === kind || uses === 'any'),
  );
  return [{ kind, route, site, takers: taken.flatMap((takers) => takers ?? []), isUsed }];
}

function* sitesOf(mesh: Mesh, service: Service): Generator<undefined, readonly Site[]> {
  const names = service.spec.gateways.length === 0 ? ['mesh'] : service.spec.gateways.map(({ value }) => value);
  const sites: Site[] = [];
  for (const name of new Set(names))
    if (name === 'mesh') sites.push({ name, gateway: undefined, takers: yield* portsOf(mesh, service) });
    else sites.push(...atGateways(mesh, service, name));
  return sites;
}

function atGateways(mesh: Mesh, service: Service, name: string): readonly Site[] {
  const named = gatewayNamed(name, service.namespace);
  const gateways = mesh.named('IstioGateway', named.namespace, named.name);
  if (gateways.length === 0) return [{ name, gateway: undefined, takers: undefined }];
  return gateways.map((gateway) => ({ name, gateway, takers: serversOf(mesh, service, gateway) }));
}

/**
 * Ports of the outside hosts at sidecars. On port 80 each VirtualService has its routes for HTTP, whatever ports its hosts have, but for hosts
 * that have port 80 for something else, where all clients of the route see that entry. istio@86c9f01
 * pilot/pkg/networking/core/httproute.go selectVirtualServices; route/route.go buildSidecarVirtualHostsForVirtualService;
 * tls.go buildSidecarOutboundTLSFilterChainOpts.
 */
function* portsOf(mesh: Mesh, service: Service): Generator<undefined, readonly Taker[] | undefined> {
  const { spec, namespace } = service;
  if (namespaceDataPlane(mesh, namespace).mode === 'ambient' || !mesh.knows('ServiceEntry')) return undefined;
  if (spec.hosts.length === 0) return undefined;
  const found: (readonly Taker[])[] = [];
  for (const host of inPortions(spec.hosts)) {
    if (!host) {
      yield undefined;
      continue;
    }
    const some = portsOfHost(mesh, fullHost(host.value, namespace, mesh.settings.clusterDomain));
    if (!some) return undefined;
    found.push(some);
  }
  const ports = found.flat();
  return found.every((some) => some.some((taker) => taker.port === 80 && isSeenWith(mesh, service, taker))) ||
    ports.some(({ port, uses }) => port === 80 && uses === 'http')
    ? ports
    : [...ports, { uses: 'http', port: 80, place: undefined, protocol: 'HTTP' }];
}

/** Whether each client that has the route has the entry too. What its Sidecar imports of a host, it imports of a namespace. */
function isSeenWith(mesh: Mesh, service: Service, { place }: Taker): boolean {
  const entry = place?.resource;
  if (entry?.kind !== 'ServiceEntry' || entry.namespace !== service.namespace) return false;
  const [seen, asked] = [scopeOf(mesh, entry), scopeOf(mesh, service)];
  if (typeof seen === 'string' || typeof asked === 'string') return seen === 'everywhere';
  return [...asked].every((one) => seen.has(one));
}

/** Ports that are alike use the same routes: of thousands of entries with one host, some stand for all. Undefined where not all are known. */
function portsOfHost(mesh: Mesh, host: string): readonly Taker[] | undefined {
  return mesh.derived(`ports for routes of ${host}`, (view) => {
    const found = patternsFor(host).map((pattern) => view.hostOwners(pattern));
    const owners = (found.find((some) => some.length > 0) ?? []).map(({ resource }) => resource);
    const entries = owners.flatMap((owner) => (owner.kind === 'ServiceEntry' ? [owner] : []));
    const isKnown = entries.length === owners.length && entries.every((entry) => isForSidecars(view, entry));
    if (!isKnown || entries.length === 0) return undefined;
    const takers = entries.flatMap((entry) => entry.spec.ports.map((port) => takerOfPort(entry, port)));
    const alike = groupBy(takers, ({ port, protocol }) => `${port} ${protocol}`);
    const kept = new Set([...alike.values()].flatMap((some) => some.slice(0, mostRelated)));
    return takers.filter((taker) => kept.has(taker));
  });
}

function takerOfPort(entry: Resource<'ServiceEntry'>, port: ServiceEntryPort): Taker {
  const kind = protocolKind(port.protocol?.value);
  return {
    uses: kind === 'http' || kind === 'tls' || kind === 'tcp' ? kind : 'any',
    port: port.number?.value,
    place: { resource: entry, span: port.protocol?.span ?? port.span },
    protocol: port.protocol?.value ?? 'unset',
  };
}

/** What goes through a waypoint is for the trace. */
function isForSidecars(mesh: Mesh, entry: Resource<'ServiceEntry'>): boolean {
  return isExternal(entry) && bindWaypoint(mesh, entry).state !== 'bound';
}

function serversOf(
  mesh: Mesh,
  { spec, namespace }: Service,
  gateway: Resource<'IstioGateway'>,
): readonly Taker[] | undefined {
  const hosts = spec.hosts.map(({ value }) => fullHost(value, namespace, mesh.settings.clusterDomain));
  const servers = gateway.spec.servers.filter((server) =>
    hosts.some((host) => servesHost(gateway, host, namespace, [server])),
  );
  return servers.length === 0 ? undefined : servers.map((server) => takerOf(gateway, server));
}

function takerOf(gateway: Resource<'IstioGateway'>, server: Server): Taker {
  const mode =
    server.tls?.mode?.value ?? (server.tls && serverKind(server) === 'passthrough' ? 'PASSTHROUGH' : undefined);
  const protocol = server.protocol?.value ?? 'unset';
  return {
    uses: routesOf(server),
    port: server.port,
    place: { resource: gateway, span: server.tls?.mode?.span ?? server.protocol?.span ?? server.span },
    protocol: mode ? `${protocol} ${mode}` : protocol,
  };
}

/** Where TLS ends, the protocol says what is inside. istio@86c9f01 pilot/pkg/networking/core/gateway.go buildGatewayTCPBasedFilterChains; §F.11. */
function routesOf(server: Server): Taker['uses'] {
  const kind = serverKind(server);
  if (kind === 'http' || kind === 'tcp') return kind;
  if (kind === 'passthrough') return 'tls';
  if (kind === undefined || kind === 'auto-passthrough') return 'any';
  return server.protocol?.value.toUpperCase() === 'HTTPS' ? 'http' : 'tcp';
}
