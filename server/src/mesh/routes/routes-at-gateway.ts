// Which VirtualService routes a gateway applies to what one of its servers takes. server/docs/istio-semantics-classic.md §F.20 to §F.24.
import type { Resource } from '../../model/resource.ts';
import { fullHost, patternsFor } from '../../names/hosts.ts';
import type { EgressGateway, ServerOnPort } from '../clients/egress-gateway.ts';
import type { Mesh } from '../mesh.ts';
import { oneOf, routeAmong, type RouteDecision } from './choose-route.ts';
import { gatewayNamed, servesHost, type Server } from './gateway-servers.ts';
import type { RoutedRequest } from './route-condition.ts';
import type { RouteEntry, UnhostedEntry } from './route-entry.ts';
import { placeOfVirtualService, type RouteUnit } from './route-units.ts';
import { firstEntry, httpEntries, tlsMatches, type Takes } from './virtual-service-entries.ts';

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
  const attached = servers.flatMap(({ gateway: of, server }) =>
    patterns.flatMap((pattern) =>
      mesh
        .virtualServices(pattern)
        .filter((service) => isAttached(mesh, gateway, of, service))
        .flatMap((service) => {
          const own = serverHosts(of, server, service.namespace).filter((host) => patterns.includes(host));
          const rank = Math.min(...own.map((host) => Math.min(patterns.indexOf(host), patterns.indexOf(pattern))));
          return own.length > 0 ? [{ service, of, server, rank }] : [];
        }),
    ),
  );
  const first = Math.min(...attached.map(({ rank }) => rank));
  const owners = attached
    .filter(({ rank }) => rank === first)
    .filter((one, i, all) => all.findIndex(({ service }) => service === one.service) === i);
  const units = owners.map(({ service, of, server }): RouteUnit => {
    const entries = httpEntries(
      mesh,
      service,
      takesAtGateway(gateway, of, server, { kind: 'http', from: service.namespace }),
    );
    const place = placeOfVirtualService(mesh, service, gateway.namespace) ?? 3;
    return { resources: [service], place, isRanked: false, entries: entries && hosted(mesh, service, entries) };
  });
  return routeAmong([...groups(units, isConditional), ...groups(units, (entry) => !isConditional(entry))], request);
}

/** Those that see the gateway's pods, and name the Gateway. §B.4. */
function isAttached(mesh: Mesh, { namespace }: EgressGateway, gateway: Gateway, service: VirtualService): boolean {
  return (
    namesGateway(service.spec.gateways, gateway, service.namespace) &&
    placeOfVirtualService(mesh, service, namespace) !== undefined
  );
}

function namesGateway(
  written: readonly { readonly value: string }[],
  { namespace, name }: Gateway,
  from: string,
): boolean {
  return written.some(({ value }) => {
    const named = gatewayNamed(value, from);
    return value !== 'mesh' && named.namespace === namespace && named.name === name;
  });
}

/** A server's hosts that take routes of that namespace. §F.10. */
function serverHosts(gateway: Gateway, { hosts }: Server, from: string): readonly string[] {
  return hosts
    .map(({ value }) => value.split('/').reverse())
    .filter(([, home = '*']) => home === '*' || home === from || (home === '.' && gateway.namespace === from))
    .map(([name = '']) => name.toLowerCase());
}

function groups(units: readonly RouteUnit[], keeps: (entry: RouteEntry) => boolean): readonly (readonly RouteUnit[])[] {
  return [0, 1, 3].map((place) =>
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

/** Names of `sniHosts` for which a server passes TLS through. */
export function passthroughNames(mesh: Mesh, gateway: EgressGateway, of: Gateway, server: Server): readonly string[] {
  return server.hosts
    .flatMap(({ value }) => {
      const host = value.slice(value.indexOf('/') + 1);
      return [
        ...patternsFor(host).flatMap((pattern) => mesh.virtualServices(pattern)),
        ...(host.startsWith('*') ? mesh.virtualServicesUnder(host.slice(1)) : []),
      ];
    })
    .flatMap((service) => tlsOf(mesh, gateway, { gateway: of, server }, service))
    .flatMap(({ sniHosts }) => sniHosts);
}

function tlsOf(
  mesh: Mesh,
  gateway: EgressGateway,
  { gateway: of, server }: Pick<ServerOnPort, 'gateway' | 'server'>,
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
    services.flatMap((service) => tlsOf(mesh, gateway, one, service).map((match) => ({ service, ...match }))),
  );
  const pattern = patterns.find((one) => found.some(({ sniHosts }) => sniHosts.includes(one)));
  return foremost(
    mesh,
    gateway.namespace,
    found.filter(({ sniHosts }) => pattern !== undefined && sniHosts.includes(pattern)),
  );
}

/** The first route with a rule for the server; routes attach by any of their hosts. §F.23. */
export function tcpRoute(
  mesh: Mesh,
  { gateway, servers }: Pick<GatewayQuestion, 'gateway' | 'servers'>,
): RouteDecision {
  const found = servers.flatMap(({ gateway: of, server }) =>
    servicesOn(mesh, server)
      .filter(
        (service) =>
          isAttached(mesh, gateway, of, service) &&
          hostsOf(mesh, service).some((host) => servesHost(of, host, service.namespace, [server])),
      )
      .flatMap((service) => {
        const entry = firstEntry(
          mesh,
          service,
          'tcp',
          takesAtGateway(gateway, of, server, { kind: 'bytes', from: service.namespace }),
        );
        return entry ? [{ service, entry }] : [];
      }),
  );
  return foremost(mesh, gateway.namespace, found);
}

function servicesOn(mesh: Mesh, { hosts }: Server): readonly VirtualService[] {
  const found = hosts.flatMap(({ value }) => {
    const host = value.slice(value.indexOf('/') + 1);
    return [
      ...patternsFor(host).flatMap((pattern) => mesh.virtualServices(pattern)),
      ...(host.startsWith('*') ? mesh.virtualServicesUnder(host.slice(1)) : []),
    ];
  });
  return [...new Set(found)];
}

function foremost(
  mesh: Mesh,
  namespace: string,
  found: readonly { readonly service: VirtualService; readonly entry: UnhostedEntry }[],
): RouteDecision {
  const placed = found.map((one) => ({ ...one, place: placeOfVirtualService(mesh, one.service, namespace) ?? 3 }));
  const first = Math.min(...placed.map(({ place }) => place));
  return oneOf(
    'age',
    placed
      .filter(({ place }) => place === first)
      .filter((one, i, all) => all.findIndex(({ service }) => service === one.service) === i)
      .map(({ service, entry }) => ({ state: 'taken', entry: hosted(mesh, service, [entry])[0]! })),
  );
}

/** §F.6, §F.21: HTTP compares labels and the namespace of the source with the gateway's own pods; bytes do not. */
function takesAtGateway(
  { namespace, labels, hasAllLabels }: EgressGateway,
  gateway: Gateway,
  { port }: Server,
  { kind, from }: { readonly kind: 'http' | 'bytes'; readonly from: string },
): Takes {
  return ({ port: only, gateways, sourceLabels, sourceNamespace }) => {
    if ((only || port) !== port) return false;
    if (gateways.length > 0) return namesGateway(gateways, gateway, from);
    if (kind === 'bytes') return true;
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
  const hosts = hostsOf(mesh, service);
  return entries.map((entry) => ({ ...entry, hosts }));
}
