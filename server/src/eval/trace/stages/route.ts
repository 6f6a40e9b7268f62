import type { Mesh } from '../../../mesh/mesh.ts';
import { endOf, type RouteEnd } from '../../../mesh/routes/route-destination.ts';
import type { RouteEntry, RouteTarget } from '../../../mesh/routes/route-entry.ts';
import type { RouteQuestion } from '../../../mesh/routes/route-question.ts';
import { routeFor } from '../../../mesh/routes/routes-at-waypoint.ts';
import { authorityOf } from '../client-bytes.ts';
import { keptAllocated } from '../allocated-address.ts';
import { copies } from '../copies.ts';
import { hasNoCluster, isOutsideWildcard, notUnderWildcard, withoutCluster } from '../dynamic-host.ts';
import { clusterOf } from '../expected-cluster.ts';
import {
  answer,
  changesText,
  followRoutes,
  nameOfEntry,
  placeOfEntry,
  sentBy,
  type RoutingHop,
} from '../route-turns.ts';
import { routeAtEgressGateway } from '../egress-gateway-route.ts';
import { after, end, go, step, type Stage, type TraceState, type Turn } from '../state.ts';

/** Where the request is sent: by the routes for the host, else to the host itself. */
export const route: Stage = (state, mesh) => {
  if (state.gateway) return routeAtEgressGateway(state, mesh);
  const question = questionOf(state);
  if (!question) return go(state);
  if (isOutsideWildcard(state)) return notUnderWildcard(state);
  const { request } = state;
  return followRoutes(
    state,
    hopOf(state, mesh),
    routeFor(mesh, question, {
      path: request.path,
      method: request.method,
      authority: authorityOf(request),
      headers: request.headers,
    }),
  );
};

function questionOf({ service, waypoint, port, chain, request }: TraceState): RouteQuestion | undefined {
  return service && waypoint && port && chain ? { ...service, port: request.port, chain, waypoint } : undefined;
}

function hopOf(state: TraceState, mesh: Mesh): RoutingHop {
  return {
    proxy: 'the waypoint',
    host: state.service!.host,
    straight: () => (hasNoCluster(state, mesh) ? withoutCluster(state) : straight(state)),
    send: (entry, target) => send(state, mesh, entry, target),
  };
}

function straight(state: TraceState): Turn {
  const { service, port, chain, request } = state;
  return go({
    ...state,
    backend: { ...service!, port: port!, cluster: clusterOf(chain!, request.port, service!.host) },
  });
}

function send(state: TraceState, mesh: Mesh, entry: RouteEntry, target: RouteTarget): Turn {
  const question = questionOf(state)!;
  const to = endOf(mesh, question, entry, target);
  const name = nameOfEntry(entry);
  const where = `${target.host ?? 'a backend'}${'port' in to ? `:${to.state === 'own' ? to.port.number!.value : to.port}` : ''}${target.subset ? `, subset ${target.subset}` : ''}`;
  const current = step(
    'route',
    'yes',
    `${name} sends it to ${where}${changesText(state, entry, target)}.`,
    placeOfEntry(entry),
  );
  if (to.state === 'own') {
    const sent = sentBy(state, entry, target);
    const { entry: owner, host, port, cluster, subset } = to;
    const copied = copies(sent, mesh, question, entry);
    const nobody = keptAllocated(state, mesh, owner);
    if (!nobody) return go({ ...sent, backend: { entry: owner, host, port, cluster, subset } }, current, ...copied);
    const message = `${name} sends it to ${where}: ${nobody}.`;
    return after(copied, answer(state, hopOf(state, mesh), entry, message, 503, 'no-endpoint', cluster));
  }
  if (to.state === 'missing') return missing(state, mesh, entry, to, where);
  const message =
    to.state === 'unknown'
      ? `${name} sends it to ${where}; these files do not show which connection that is.`
      : `${name} sends it to ${where}, which is not a host of this waypoint; the trace ends here.`;
  const log = to.state === 'elsewhere' ? { upstreamCluster: to.cluster, status: undefined } : undefined;
  return end(state, [step('route', 'unknown', message, placeOfEntry(entry))], {
    verdict: 'undetermined',
    summary: message,
    log,
  });
}

function missing(
  state: TraceState,
  mesh: Mesh,
  entry: RouteEntry,
  to: Extract<RouteEnd, { state: 'missing' }>,
  where: string,
): Turn {
  const status = entry.action.does === 'forward' ? entry.action.notFound : 503;
  return answer(
    state,
    hopOf(state, mesh),
    entry,
    `${nameOfEntry(entry)} sends it to ${to.because === 'weightless' ? 'no backend' : where}, ${reasons[to.because]}.`,
    state.chain === 'http' ? status : undefined,
    'no-destination',
  );
}

const reasons: Readonly<Record<Extract<RouteEnd, { state: 'missing' }>['because'], string>> = {
  refused: 'which Istio rejects',
  weightless: 'because none has a weight',
  'unknown-host': 'which is in no ServiceEntry that the waypoint can see',
  'unlisted-port': 'a port that its ServiceEntry does not list',
  'unknown-subset': 'which no DestinationRule that applies defines',
  unreferenced: "to which the waypoint has no connection, because the route's own host is a wildcard",
};
