// The hops of sidecars to egress gateways: those that a DestinationRule decides, and those that a Gateway takes.
import { addToGroup, groupBy } from '../../../base/group-by.ts';
import { firstOfEach } from '../../../base/first-of-each.ts';
import { eachInSteps } from '../../../base/steps.ts';
import { namespaceDataPlane } from '../../../mesh/clients/data-plane.ts';
import { gatewayHops, sentOnHop, type GatewayHop, type SentTls } from '../../../mesh/clients/gateway-hop.ts';
import { podsKey } from '../../../mesh/clients/servers-of-pods.ts';
import { matchingRules } from '../../../mesh/destination-rules/matching-rules.ts';
import { isExportedTo } from '../../../mesh/hosts/visibility.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import { serverKind } from '../../../mesh/routes/gateway-servers.ts';
import { unusedRoutes } from '../../../mesh/routes/unused-routes.ts';
import type { Resource } from '../../../model/resource.ts';
import { patternsFor } from '../../../names/hosts.ts';

interface SentHop {
  readonly hop: GatewayHop;
  readonly sent: Extract<SentTls, { readonly tls: unknown }>;
}

/** What sidecars of the namespace send on hops to the host, by the ids of the rules that decide it. */
export function sentFrom(mesh: Mesh, host: string, namespace: string): ReadonlyMap<number, readonly SentHop[]> {
  return mesh.derivedInSteps(`sent from ${namespace} on hops to ${host}`, (view) => sentInSteps(view, host, namespace));
}

function* sentInSteps(
  mesh: Mesh,
  host: string,
  namespace: string,
): Generator<undefined, ReadonlyMap<number, readonly SentHop[]>> {
  const found = new Map<number, [SentHop, ...SentHop[]]>();
  yield* eachInSteps(hopsFor(mesh, host, namespace), (hop) => {
    const sent = sentOnHop(mesh, hop, namespace);
    if ('tls' in sent) addToGroup(found, sent.rule.id, { hop, sent });
  });
  return found;
}

/** For another subset than those of its rules, no rule of the namespace decides. Every team can have a subset for its own routes. */
function hopsFor(mesh: Mesh, host: string, namespace: string): readonly GatewayHop[] {
  const hops = hopsTo(mesh, host);
  if (hops.size === 0) return [];
  const subsets = matchingRules(mesh, namespace, host).flatMap(({ rules }) =>
    rules.flatMap(({ spec }) => spec.subsets.flatMap(({ name }) => name?.value || [])),
  );
  return ['', ...new Set(subsets)]
    .flatMap((subset) => hops.get(subset) ?? [])
    .sort((a, b) => a.order - b.order)
    .map(({ hop }) => hop);
}

interface OrderedHop {
  readonly hop: GatewayHop;
  readonly order: number;
}

/**
 * By subset, `''` for none: of hops that differ in nothing that decides, the first. Every team can have a rule for the Service that the
 * routes of all lead to.
 */
function hopsTo(mesh: Mesh, host: string): ReadonlyMap<string, readonly OrderedHop[]> {
  return mesh.derivedInSteps(`different hops to ${host}`, (view) => differentHops(view, host));
}

function* differentHops(mesh: Mesh, host: string): Generator<undefined, ReadonlyMap<string, readonly OrderedHop[]>> {
  const found: GatewayHop[] = [];
  const routes = host.startsWith('*') ? [] : mesh.virtualServicesRoutingTo(host);
  yield* eachInSteps(routes, (route) => {
    found.push(...gatewayHops(mesh, route).filter((hop) => hop.host === host && isForSidecars(mesh, hop)));
  });
  const different = firstOfEach(found, ({ seenAs, port, subset, server, selectors }) =>
    [seenAs, port, subset ?? '', serverKind(server.server) ?? '', podsKey(selectors)].join(' '),
  );
  return groupBy(
    different.map((hop, order) => ({ hop, order })),
    ({ hop }) => hop.subset ?? '',
  );
}

/** Hops that this Gateway takes first. */
export function hopsFrom(mesh: Mesh, gateway: Resource<'IstioGateway'>): readonly GatewayHop[] {
  const hosts = gateway.spec.servers.flatMap(({ hosts: of }) =>
    of.map(({ value }) => value.slice(value.indexOf('/') + 1)),
  );
  return [...new Set([...new Set(hosts)].flatMap((host) => hopsByGateway(mesh, host).get(gateway.id) ?? []))];
}

/** Of routes for the host, by the Gateway that takes them first. */
function hopsByGateway(mesh: Mesh, host: string): ReadonlyMap<number, readonly GatewayHop[]> {
  return mesh.derivedInSteps(`hops by gateway for ${host}`, (view) => hopsByGatewayInSteps(view, host));
}

function* hopsByGatewayInSteps(
  mesh: Mesh,
  host: string,
): Generator<undefined, ReadonlyMap<number, readonly GatewayHop[]>> {
  const routes = [
    ...patternsFor(host).flatMap((pattern) => mesh.virtualServices(pattern)),
    ...(host.startsWith('*') ? mesh.virtualServicesUnder(host.slice(1)) : []),
  ];
  const found = new Map<number, [GatewayHop, ...GatewayHop[]]>();
  yield* eachInSteps(new Set(routes), (route) => {
    for (const hop of gatewayHops(mesh, route))
      if (isForSidecars(mesh, hop)) addToGroup(found, hop.server.gateway.id, hop);
  });
  return found;
}

/** Clients in ambient mode take no VirtualService on the way to a gateway, and sidecars none for another protocol than the port's. */
function isForSidecars(mesh: Mesh, { route, destination }: GatewayHop): boolean {
  return (
    isExportedTo(mesh, route, route.namespace) &&
    namespaceDataPlane(mesh, route.namespace).mode !== 'ambient' &&
    !unusedRoutes(mesh, route).some((one) => one.gateway === undefined && one.route.destinations.includes(destination))
  );
}
