import type { Mesh } from '../../../mesh/mesh.ts';
import { endOf, type RouteEnd } from '../../../mesh/routes/route-destination.ts';
import type { RouteEntry, RouteResource, RouteTarget } from '../../../mesh/routes/route-entry.ts';
import type { RouteQuestion } from '../../../mesh/routes/route-question.ts';
import { routeFor, type RouteDecision } from '../../../mesh/routes/routes-at-waypoint.ts';
import { describe } from '../../../model/resource.ts';
import { authorityOf } from '../client-bytes.ts';
import { clusterOf } from '../expected-cluster.ts';
import { at, atName, end, fork, go, step, type Stage, type TraceState, type Turn } from '../state.ts';
import type { Evidence, FailureCause, Step } from '../step.ts';

/** Where the request is sent: by the routes for the host, else to the host itself. */
export const route: Stage = (state, mesh) => {
  const question = questionOf(state);
  if (!question) return go(state);
  const { request } = state;
  return follow(
    state,
    mesh,
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

function follow(state: TraceState, mesh: Mesh, decision: RouteDecision): Turn {
  switch (decision.state) {
    case 'none':
      return straight(state);
    case 'taken':
      return take(state, mesh, decision.entry);
    case 'unknown':
      return notFollowed(state, decision.resource);
    case 'unmatched':
      return unmatched(state, decision);
    case 'open':
      return open(state, mesh, decision);
  }
}

function notFollowed(state: TraceState, resource: RouteResource): Turn {
  const does = resource.kind === 'VirtualService' ? 'delegates to' : 'comes to';
  const message = `What ${describe(resource)} ${does} is not known from the files.`;
  const current = step('route', 'unknown', message, atName(resource));
  return end(state, [current], { verdict: 'undetermined', summary: message });
}

function straight(state: TraceState): Turn {
  const { service, port, chain, request } = state;
  return go({
    ...state,
    backend: { ...service!, port: port!, cluster: clusterOf(chain!, request.port, service!.host) },
  });
}

/** With routes in place, nothing else is routed. istio@86c9f01 .../listener_waypoint.go buildWaypointInboundHTTPRouteConfig. */
function unmatched(state: TraceState, { resources }: Extract<RouteDecision, { state: 'unmatched' }>): Turn {
  const message = `No rule of ${resources.map(describe).join(' or ')} matches ${requestText(state)}, so the waypoint answers 404.`;
  return fail(state, step('route', 'no', message, ...resources.map(atName)), 'unmatched', 404);
}

function open(state: TraceState, mesh: Mesh, { by, ways }: Extract<RouteDecision, { state: 'open' }>): Turn {
  const entries = ways.flatMap((one) => (one.state === 'taken' ? [one.entry] : []));
  const names = [...new Set(entries.map(nameOf))].join(' or ') || 'some route';
  const message =
    by === 'age'
      ? `${names} matches the request: the one created first is used.`
      : `Whether ${names} matches the request depends on conditions that this tool does not evaluate.`;
  return fork([step('route', 'unknown', message, ...entries.map(placeOf))], {
    by,
    summary:
      by === 'age'
        ? `Which rule routes ${state.service!.host} depends on which route was created first.`
        : `Which rule routes ${state.service!.host} depends on conditions that this tool does not evaluate.`,
    ways: ways.map((one) => follow(state, mesh, one)),
  });
}

function take(state: TraceState, mesh: Mesh, entry: RouteEntry): Turn {
  const { action } = entry;
  const name = nameOf(entry);
  if (action.does === 'redirect')
    return answer(
      state,
      entry,
      `${name} answers ${action.status}, a redirect: nothing is sent to the host.`,
      action.status,
    );
  if (action.does === 'respond')
    return answer(
      state,
      entry,
      `${name} answers ${action.status} by itself: nothing is sent to the host.`,
      action.status,
    );
  const ways = action.to.map((target) => send(state, mesh, entry, target));
  const { abort } = action;
  const aborted = abort
    ? [
        answer(
          state,
          entry,
          `${name} answers ${abort.status ?? 'an error'} to ${Math.min(abort.share, 100)} % of the requests (fault injection).`,
          abort.status,
        ),
      ]
    : [];
  const all = abort && abort.share >= 100 ? aborted : [...aborted, ...ways];
  if (all.length === 0) return answer(state, entry, `${name} has no destination.`, 503, 'no-destination');
  if (all.length === 1) return all[0]!;
  return fork([], {
    by: 'share',
    summary: `${name} spreads requests over ${all.length} ${aborted.length > 0 ? 'answers and destinations' : 'destinations'}.`,
    ways: all,
  });
}

function answer(
  state: TraceState,
  entry: RouteEntry,
  message: string,
  status: number | undefined,
  cause: FailureCause = 'deliberate',
): Turn {
  return fail(state, step('route', 'no', message, placeOf(entry)), cause, status);
}

function send(state: TraceState, mesh: Mesh, entry: RouteEntry, target: RouteTarget): Turn {
  const to = endOf(mesh, questionOf(state)!, entry, target);
  const name = nameOf(entry);
  const where = `${target.host ?? 'a backend'}${'port' in to ? `:${to.state === 'own' ? to.port.number!.value : to.port}` : ''}${target.subset ? `, subset ${target.subset}` : ''}`;
  const rewritten = state.chain === 'http' ? target.hostRewrite : undefined;
  const current = step(
    'route',
    'yes',
    `${name} sends it to ${where}${rewritten ? `, as ${rewritten}` : ''}.`,
    placeOf(entry),
  );
  if (to.state === 'own')
    return go(
      {
        ...renamed(state, rewritten),
        backend: { entry: to.entry, host: to.host, port: to.port, cluster: to.cluster, subset: to.subset },
      },
      current,
    );
  if (to.state === 'missing') return missing(state, entry, to, where);
  const message =
    to.state === 'unknown'
      ? `${name} sends it to ${where}; these files do not show which connection that is.`
      : `${name} sends it to ${where}, which is not a host of this waypoint; the trace ends here.`;
  const log = to.state === 'elsewhere' ? { upstreamCluster: to.cluster, status: undefined } : undefined;
  return end(state, [step('route', 'unknown', message, placeOf(entry))], {
    verdict: 'undetermined',
    summary: message,
    log,
  });
}

function missing(
  state: TraceState,
  entry: RouteEntry,
  to: Extract<RouteEnd, { state: 'missing' }>,
  where: string,
): Turn {
  const status = entry.action.does === 'forward' ? entry.action.notFound : 503;
  return answer(
    state,
    entry,
    `${nameOf(entry)} sends it to ${to.because === 'weightless' ? 'no backend' : where}, ${reasons[to.because]}.`,
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

/** The host that is sent, which TLS uses as the server name and verifies. */
function renamed(state: TraceState, host: string | undefined): TraceState {
  return host === undefined
    ? state
    : { ...state, request: { ...state.request, headers: new Map([...state.request.headers, ['host', host]]) } };
}

function requestText({ chain, request }: TraceState): string {
  return chain === 'http' ? `${request.method} ${request.path}` : 'the connection';
}

function nameOf({ number, resource }: RouteEntry): string {
  return `Rule ${number} of ${describe(resource)}`;
}

function placeOf({ resource, span }: RouteEntry): Evidence {
  return at(resource, span);
}

function fail(state: TraceState, current: Step, cause: FailureCause, status: number | undefined): Turn {
  const log = { upstreamCluster: '-', status: state.chain === 'http' ? status : undefined };
  return end(state, [current], { verdict: 'fails', cause, summary: current.message, log });
}
