// Which VirtualService routes a gateway applies to what one of its servers takes. server/docs/istio-semantics-classic.md §F.20 to §F.24.
import type { Resource } from '../../model/resource.ts';
import { patternsFor } from '../../names/hosts.ts';
import type { ClassicServer, EgressGateway, ServerOnPort } from '../clients/egress-gateway.ts';
import type { Mesh } from '../mesh.ts';
import { foremost, whichever, type PlacedRoute, type RouteDecision } from './choose-route.ts';
import { gatewaysNamedBy, servesHost } from './gateway-servers.ts';
import { serversOf } from './servers-by-host.ts';
import type { GatewayQuestion } from './gateway-question.ts';
import { byListenerName, type ListenerServer } from './listener-servers.ts';
import type { UnhostedEntry } from './route-entry.ts';
import { placeOfVirtualService } from './route-units.ts';
import { bytesAtListener } from './routes-at-listener.ts';
import { isAttached, servicesOn, takesAtGateway } from './services-at-gateway.ts';
import { firstEntry, hosted, hostsOf, tlsMatches } from './virtual-service-entries.ts';

import { httpRoute } from './http-routes-at-gateway.ts';
type VirtualService = Resource<'VirtualService'>;

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
  const named = new Set(services.flatMap((service) => gatewaysNamedBy(mesh, service)));
  const found = serversOf(servers, named).flatMap((server) =>
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
