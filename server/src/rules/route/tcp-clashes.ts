// VirtualServices whose TCP routes are for one port of a gateway. A gateway takes the first that it finds for all connections to the port.
import { compareText } from '../../base/compare.ts';
import type { Span } from '../../base/span.ts';
import { gatewaysNamedBy, serverKind, servesHost, type Server } from '../../mesh/routes/gateway-servers.ts';
import { namesGateway, servicesOn } from '../../mesh/routes/services-at-gateway.ts';
import { scopeOf } from '../../mesh/hosts/visibility.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import type { VirtualServiceRoute } from '../../model/specs.ts';
import { fullHost } from '../../names/hosts.ts';
import { scopesMeet, type Scope } from './earlier-rivals.ts';

type Service = Resource<'VirtualService'>;
type Gateway = Resource<'IstioGateway'>;

export interface TcpClash {
  /** Of the route that is perhaps not used. */
  readonly at: { readonly span: Span };
  readonly gateway: Gateway;
  readonly port: number;
  /** That stand before the VirtualService, by namespace and name. */
  readonly rivals: readonly Service[];
}

interface TcpRoute {
  readonly service: Service;
  readonly route: VirtualServiceRoute;
  readonly scope: Scope;
  readonly to: string;
}

/** istio@86c9f01 pilot/pkg/networking/core/gateway.go buildGatewayNetworkFiltersFromTCPRoutes; server/docs/istio-semantics-classic.md §F.23. */
export function tcpClashes(mesh: Mesh, service: Service, most: number): readonly TcpClash[] {
  if (service.spec.tcp.length === 0) return [];
  return gatewaysNamedBy(mesh, service).flatMap((gateway) =>
    gateway.spec.servers.flatMap((server): TcpClash[] => {
      if (!takesTcpRoutes(server) || server.port === undefined) return [];
      const all = tcpRoutesAt(mesh, gateway, server);
      const place = all.findIndex((one) => one.service === service);
      const own = all[place];
      const rivals = own
        ? all.slice(0, place).filter((one) => one.to !== own.to && scopesMeet(one.scope, own.scope))
        : [];
      const at = own && (own.route.destinations[0]?.host ?? own.route);
      return at && rivals.length > 0
        ? [{ at, gateway, port: server.port, rivals: rivals.slice(0, most).map((one) => one.service) }]
        : [];
    }),
  );
}

function takesTcpRoutes(server: Server): boolean {
  const kind = serverKind(server);
  const isEnded = kind === 'istio-mutual' || kind === 'simple' || kind === 'mutual';
  return kind === 'tcp' || (isEnded && server.hosts.some(({ value }) => value.endsWith('*')) && isTls(server));
}

function isTls({ protocol }: Server): boolean {
  return protocol?.value.toUpperCase() === 'TLS';
}

/** The first TCP route of each VirtualService that counts at the server, in the order in which the fault is told. */
function tcpRoutesAt(mesh: Mesh, gateway: Gateway, server: Server): readonly TcpRoute[] {
  return mesh.derived(`TCP routes at ${gateway.id} ${server.port}`, (view) =>
    servicesOn(view, server)
      .flatMap((service): TcpRoute[] => {
        const route = routeAt(view, service, gateway, server);
        return route
          ? [{ service, route, scope: scopeOf(view, service), to: destinationsOf(view, service, route) }]
          : [];
      })
      .toSorted((a, b) => compareText(orderOf(a), orderOf(b))),
  );
}

function routeAt(
  { settings }: Mesh,
  { namespace, spec, refused }: Service,
  gateway: Gateway,
  server: Server,
): VirtualServiceRoute | undefined {
  const isServed = spec.hosts.some(({ value }) =>
    servesHost(gateway, fullHost(value, namespace, settings.clusterDomain), namespace, [server]),
  );
  if (refused || !isServed || !namesGateway(spec.gateways, gateway, namespace)) return undefined;
  return spec.tcp.find(
    ({ matches }) =>
      matches.length === 0 ||
      matches.some(
        ({ port, gateways }) =>
          (port ?? server.port) === server.port &&
          (gateways.length === 0 || namesGateway(gateways, gateway, namespace)),
      ),
  );
}

function destinationsOf({ settings }: Mesh, { namespace }: Service, { destinations }: VirtualServiceRoute): string {
  return destinations
    .map(({ host, port, subset }) =>
      [host && fullHost(host.value, namespace, settings.clusterDomain), port?.value, subset?.value].join(' '),
    )
    .join();
}

function orderOf({ service }: TcpRoute): string {
  return `${service.namespace}/${service.name}`;
}
