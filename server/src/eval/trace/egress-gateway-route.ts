// The route that an egress gateway has for a request, and where it sends it.
import { rulesAtProxy } from '../../mesh/destination-rules/proxy-rules.ts';
import { keptFor } from '../../base/kept-for.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { destinationsAt, type ProxyDestination } from '../../mesh/routes/proxy-destination.ts';
import type { RouteDecision } from '../../mesh/routes/choose-route.ts';
import type { GatewayRoute, RouteEntry, RouteTarget } from '../../mesh/routes/route-entry.ts';
import { routeAtGateway } from '../../mesh/routes/routes-at-gateway.ts';
import type { ServerOnPort } from '../../mesh/clients/egress-gateway.ts';
import { joinedWith, mostRelated } from '../../base/and-more.ts';
import { describe } from '../../model/resource.ts';
import { hostMatches } from '../../names/hosts.ts';
import { withCopies } from './copies-at-proxy.ts';
import { routeAstray } from './astray-at-gateway.ts';
import { applyRule, withoutSubset } from './applied-rule.ts';
import { authorityOf, clientBytes } from './client-bytes.ts';
import { isResolvedLater, onceResolved, unresolved } from './gateway-resolution.ts';
import {
  changesText,
  failRoute,
  followRoutes,
  nameOfEntry,
  placeOfEntry,
  sentBy,
  type RoutingHop,
} from './route-turns.ts';
import { eachDestination, missing } from './sidecar-route.ts';
import { at, atName, step, stop, type GatewayArrival, type TraceState, type Turn } from './state.ts';
import type { Evidence, Trace } from './step.ts';

/** The route at the egress gateway. */
export function routeAtEgressGateway(state: TraceState, mesh: Mesh): Turn {
  const { gateway, chain } = state;
  const { by } = gateway!.taken!;
  const redirect = redirecting(by.servers);
  const hop = hopOf(state, mesh);
  if (chain === 'http' && redirect)
    return failRoute(
      state,
      hop,
      step(
        'route',
        'no',
        'The server of the egress gateway answers every request with 301, a redirect to HTTPS.',
        placeOfServer(redirect),
      ),
      'deliberate',
      301,
    );
  return followRoutes(state, hop, decisionAt(state, mesh));
}

const redirecting = keptFor((servers: readonly ServerOnPort[]) =>
  servers.find(({ server }) => server.tls?.httpsRedirect),
);

export function decisionAt({ request, gateway, chain }: TraceState, mesh: Mesh): RouteDecision {
  const authority = authorityOf(request);
  const { by } = gateway!.taken!;
  return routeAtGateway(mesh, {
    gateway: gateway!.pods,
    servers: by.servers,
    chain: by.chain,
    name: chain === 'http' ? authority.replace(/:\d+$/, '') : (gateway!.sent.sni ?? request.host),
    request: { path: request.path, method: request.method, authority, headers: request.headers },
  });
}

function hopOf(state: TraceState, mesh: Mesh): RoutingHop {
  const gateway = state.gateway!;
  return {
    proxy: 'the egress gateway',
    host: state.request.host,
    straight: () => withoutRoute(state, mesh, gateway),
    send: (entry, target) => send(state, mesh, entry, target),
    log: (status) => loggedBy(state, gateway, status),
  };
}

/** A gateway sends nothing on by itself. §F.30. */
function withoutRoute(state: TraceState, mesh: Mesh, gateway: GatewayArrival): Turn {
  const { servers } = gateway.taken!.by;
  const names = gatewaysOf('or', servers);
  const routes = routeNames(state);
  const astray = routeAstray(mesh, state, servers, state.request.host);
  const message = `No ${routes} for ${names} routes ${state.request.host}${state.chain === 'http' ? ', so the egress gateway answers 404' : ', so the egress gateway closes the connection'}${astray ? `; ${astray.clause}` : ''}.`;
  if (!mesh.knows('VirtualService')) return stop(state, step('route', 'unknown', message, ...placesOfServers(servers)));
  return failRoute(
    state,
    hopOf(state, mesh),
    step(
      'route',
      'no',
      message,
      ...(astray?.evidence ?? []),
      ...placesOfServers(servers),
      ...leftOut(state, mesh).map(atName),
    ),
    'gateway-without-route',
    404,
  );
}

/** Routes of the Gateway API that are meant for the host, at this Gateway or by their backends. */
export function leftOut({ gateway, request }: TraceState, mesh: Mesh): readonly GatewayRoute[] {
  const { managed } = gateway!.pods;
  if (!managed) return [];
  const named = mesh
    .routesTo('Gateway', managed.namespace, managed.name)
    .filter(({ spec }) => spec.hostnames.some(({ value }) => hostMatches(value, request.host)));
  return [...new Set([...named, ...mesh.routesToHost(request.host)])].slice(0, mostRelated);
}

function routeNames({ gateway, chain }: TraceState): string {
  if (gateway!.taken!.by.servers.every(({ listener }) => !listener)) return 'VirtualService';
  return chain === 'http' ? 'HTTPRoute' : 'TLSRoute or TCPRoute';
}

function send(state: TraceState, mesh: Mesh, entry: RouteEntry, target: RouteTarget): Turn {
  return eachDestination(state, gatewayDestinations(state, mesh, target), { entry, target }, (to) =>
    sendTo(state, mesh, { entry, target }, to),
  );
}

function sendTo(
  state: TraceState,
  mesh: Mesh,
  { entry, target }: { readonly entry: RouteEntry; readonly target: RouteTarget },
  to: ProxyDestination,
): Turn {
  const { pods } = state.gateway!;
  const hop = hopOf(state, mesh);
  const where = `${target.host ?? 'a backend'}${to.state === 'outside' ? `:${to.port.number?.value}` : ''}${target.subset ? `, subset ${target.subset}` : ''}`;
  const current = step(
    'route',
    'yes',
    `${nameOfEntry(entry)} sends it to ${where} from the egress gateway${changesText(state, entry, target)}.`,
    placeOfEntry(entry),
  );
  if (to.state === 'missing') return missing(state, { ...hop, lastCluster: '-' }, { entry, target }, to);
  if (to.state === 'in-cluster' && to.host === pods.host)
    return loop(state, mesh, { hop: { ...hop, lastCluster: to.cluster }, entry, to });
  if (to.state !== 'outside')
    return stop(
      state,
      step(
        'route',
        'unknown',
        `${nameOfEntry(entry)} sends it to ${where} from the egress gateway; these files do not show which connection that is.`,
        placeOfEntry(entry),
      ),
    );
  const failing = unresolved(state, mesh, { hop: { ...hop, lastCluster: to.cluster }, target }, to);
  if (failing && !isResolvedLater(state, to.entry)) return failing;
  const named = sentBy(state, entry, target);
  const reached = applyRule(
    { ...named, service: { entry: to.entry, host: to.host }, port: to.port, backend: to },
    mesh,
    {
      kind: 'gateway',
      namespace: pods.namespace,
      labels: pods.labels,
      withoutCluster: (why, cause) =>
        failRoute(state, { ...hop, lastCluster: cause === 'no-destination' ? '-' : to.cluster }, why, cause, 503),
    },
    [current],
  );
  const proxy = {
    kind: 'gateway',
    namespace: pods.namespace,
    labels: pods.labels,
    port: portOfListener(state),
  } as const;
  const sent = withCopies(reached, named, mesh, proxy, entry);
  return failing ? onceResolved(state, to.entry, failing, sent) : sent;
}

interface Looping {
  readonly hop: RoutingHop;
  readonly entry: RouteEntry;
  readonly to: Extract<ProxyDestination, { state: 'in-cluster' }>;
}

/** A rule without `gateways` counts at the sidecar and at the gateway. §D.16. */
function loop(state: TraceState, mesh: Mesh, { hop, entry, to }: Looping): Turn {
  const { pods } = state.gateway!;
  const wanted = { ...to, owner: to.service };
  const applied = rulesAtProxy(mesh, pods, wanted) ?? [];
  const [missing] = applied;
  const back = `${nameOfEntry(entry)} sends it from the egress gateway to the gateway itself`;
  if (missing?.state === 'unknown-subset' && applied.every((one) => one.state === 'unknown-subset')) {
    const { evidence } = withoutSubset(mesh, wanted, pods.namespace, missing);
    const current = step('route', 'no', `${back}, which has no such subset.`, placeOfEntry(entry), ...evidence);
    return failRoute(state, { ...hop, lastCluster: '-' }, current, 'no-destination', 503);
  }
  const message = `${back}, again and again.`;
  return failRoute(state, hop, step('route', 'no', message, placeOfEntry(entry)), 'gateway-loop', 503);
}

export function gatewayDestinations(
  state: TraceState,
  mesh: Mesh,
  target: RouteTarget,
): ReturnType<typeof destinationsAt> {
  const { pods } = state.gateway!;
  return destinationsAt(mesh, { kind: 'gateway', namespace: pods.namespace }, target, {
    port: portOfListener(state),
    chain: state.chain ?? 'tcp',
  });
}

function portOfListener({ gateway }: TraceState): number {
  const { taken, servicePort } = gateway!;
  return taken!.by.servers[0].server.port ?? servicePort;
}

/** The line of the client's sidecar. */
export function loggedBy(state: TraceState, { cluster }: GatewayArrival, status: number | undefined): Trace['log'] {
  const isHttp = clientBytes(state.request) === 'http';
  return { upstreamCluster: cluster, status: isHttp ? (status ?? 503) : undefined };
}

/** The Gateways of these servers, in words. */
export function gatewaysOf(word: 'and' | 'or', servers: readonly ServerOnPort[]): string {
  return joinedWith(word, namesOfGateways(servers), (name) => name);
}

const namesOfGateways = keptFor((servers: readonly ServerOnPort[]): readonly string[] => [
  ...new Set(servers.map(({ gateway }) => describe(gateway))),
]);

/** The first of them, as hundreds of teams can have a server on one port. */
export function placesOfServers(servers: readonly ServerOnPort[]): readonly Evidence[] {
  return servers.slice(0, mostRelated).map(placeOfServer);
}

export function placeOfServer({ gateway, server }: ServerOnPort): Evidence {
  return at(gateway, server.span);
}
