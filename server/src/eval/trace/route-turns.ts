// What follows from the routes of a proxy on the way, whichever proxy it is.
import { joinedWith, mostRelated } from '../../base/and-more.ts';
import { firstOfEach } from '../../base/first-of-each.ts';
import type { RouteDecision } from '../../mesh/routes/choose-route.ts';
import type { RouteEntry, RouteResource, RouteTarget } from '../../mesh/routes/route-entry.ts';
import { isPathUnknown, rewrittenPath } from '../../mesh/routes/rewritten-path.ts';
import { describe } from '../../model/resource.ts';
import type { Abort } from '../../model/route-specs.ts';
import { at, atName, end, fork, step, stop, type Ending, type TraceState, type Turn } from './state.ts';
import type { Evidence, FailureCause, Step } from './step.ts';

/** What one proxy on the way makes of a decision of its routes. */
export interface RoutingHop {
  /** `the waypoint`, `the sidecar`. */
  readonly proxy: string;
  /** For summaries. */
  readonly host: string;
  /** Nothing routes the request. */
  readonly straight: () => Turn;
  readonly send: (entry: RouteEntry, target: RouteTarget) => Turn;
  /** What is logged, where the log is that of another proxy. */
  readonly log?: (status: number | undefined) => Ending['log'];
  /** That the proxy chose, where the request ends at it. */
  readonly lastCluster?: string;
}

export function followRoutes(state: TraceState, hop: RoutingHop, decision: RouteDecision): Turn {
  switch (decision.state) {
    case 'none':
      return hop.straight();
    case 'taken':
      return take(state, hop, decision.entry);
    case 'unknown':
      return notFollowed(state, decision.resource);
    case 'unmatched':
      return unmatched(state, hop, decision);
    case 'too-many':
      return ofMany(state, hop, decision.resources);
    case 'open':
      return open(state, hop, decision);
  }
}

function notFollowed(state: TraceState, resource: RouteResource): Turn {
  return stop(state, step('route', 'unknown', unknownText(resource), atName(resource)));
}

function unknownText(resource: RouteResource): string {
  if (resource.kind !== 'VirtualService') return `What ${describe(resource)} comes to is not known from the files.`;
  return resource.spec.http.some(({ delegate }) => delegate)
    ? `What ${describe(resource)} delegates to is not known from the files.`
    : `Which rules of ${describe(resource)} count depends on labels of a pod, or on the address that it dials, which these files do not show.`;
}

/** With routes in place, nothing else is routed. istio@86c9f01 .../listener_waypoint.go buildWaypointInboundHTTPRouteConfig. */
function unmatched(
  state: TraceState,
  hop: RoutingHop,
  { resources }: Extract<RouteDecision, { state: 'unmatched' }>,
): Turn {
  const message = `No rule of ${joinedWith('or', resources, describe)} matches ${requestText(state)}, so ${hop.proxy} answers 404.`;
  return failRoute(
    state,
    hop,
    step('route', 'no', message, ...resources.slice(0, mostRelated).map(atName)),
    'unmatched',
    404,
  );
}

function ofMany(state: TraceState, { host }: RoutingHop, resources: readonly RouteResource[]): Turn {
  const message = `Which of ${resources.length} routes of ${host} is used depends on which was created first.`;
  const current = step('route', 'unknown', message, ...resources.slice(0, mostRelated).map(atName));
  return tooMany(state, current, message, resources.length);
}

/** Of more, nobody reads the outcomes. */
export const mostFollowed = 16;

function open(state: TraceState, hop: RoutingHop, decision: Extract<RouteDecision, { state: 'open' }>): Turn {
  const { by, ways } = decision;
  const entries = ways.flatMap((one) => (one.state === 'taken' ? [one.entry] : []));
  const names = joinedWith('or', [...new Set(entries.map(nameOfEntry))], (name) => name) || 'some route';
  const message =
    by === 'age'
      ? `${names} matches the request: the one ${decision.ofGateways ? 'of the Gateway ' : ''}created first is used.`
      : `Whether ${names} matches the request depends on conditions that this tool does not evaluate.`;
  const current = step('route', 'unknown', message, ...entries.slice(0, mostRelated).map(placeOfEntry));
  const summary =
    by === 'age'
      ? `Which rule routes ${hop.host} depends on which ${decision.ofGateways ? 'Gateway' : 'route'} was created first.`
      : `Which rule routes ${hop.host} depends on conditions that this tool does not evaluate.`;
  const different = firstOfEach(ways, (one) => (one.state === 'taken' ? effectOf(state, one.entry) : one));
  if (different.length > mostFollowed) return tooMany(state, current, summary, different.length);
  return fork([current], { by, summary, ways: different.map((one) => followRoutes(state, hop, one)) });
}

export function tooMany(state: TraceState, current: Step, summary: string, count: number): Turn {
  return end(state, [current], {
    verdict: 'undetermined',
    summary: `${summary.slice(0, -1)}, and ${count} are too many to follow each.`,
  });
}

/** All that decides what becomes of the request: hundreds of teams can each have the same route to one gateway. */
function effectOf({ request }: TraceState, entry: RouteEntry): string {
  const { action, resource, sourceNamespaces } = entry;
  // Where such a host is, the route's own Gateways and namespace can show.
  const isShort = action.does === 'forward' && action.to.some((target) => target.isShort);
  return JSON.stringify([
    action,
    rewrittenPath(entry, request.path) ?? '',
    sourceNamespaces ?? [],
    resource.kind,
    isShort ? resource.id : '',
  ]);
}

function take(state: TraceState, hop: RoutingHop, entry: RouteEntry): Turn {
  const { action } = entry;
  const name = nameOfEntry(entry);
  if (action.does === 'redirect')
    return answer(
      state,
      hop,
      entry,
      `${name} answers ${action.status}, a redirect: nothing is sent to the host.`,
      action.status,
    );
  // istio/istio#59356: 500, where the API says 404.
  if (action.does === 'respond' && action.isWithoutBackend)
    return answer(
      state,
      hop,
      entry,
      `${name} has no backendRefs, so it answers ${action.status}: nothing is sent to the host.`,
      action.status,
      'no-backend',
    );
  if (action.does === 'respond')
    return answer(
      state,
      hop,
      entry,
      `${name} answers ${action.status} by itself: nothing is sent to the host.`,
      action.status,
    );
  const ways = action.to.map((target) => hop.send(entry, target));
  const { abort } = action;
  const aborted = abort ? abortedBy(state, hop, entry, abort, ways) : [];
  const all = abort && abort.share >= 100 ? aborted : [...aborted, ...ways];
  if (all.length === 0) return answer(state, hop, entry, `${name} has no destination.`, 503, 'no-destination');
  if (all.length === 1) return all[0]!;
  return fork([], {
    by: 'share',
    summary: `${name} spreads requests over ${all.length} ${aborted.length > 0 ? 'answers and destinations' : 'destinations'}.`,
    ways: all,
  });
}

/** The destination is chosen before the fault is injected, and logged. */
function abortedBy(
  state: TraceState,
  hop: RoutingHop,
  entry: RouteEntry,
  { status, grpc, share }: Abort,
  ways: readonly Turn[],
): readonly Turn[] {
  const what = grpc === undefined ? (status ?? 'an error') : `${status} with the gRPC status ${grpc}`;
  const message = `${nameOfEntry(entry)} answers ${what} to ${Math.min(share, 100)} % of the requests (fault injection).`;
  const clusters = hop.log ? ['-'] : [...new Set(ways.flatMap(clustersOfTurn))];
  return clusters.map((cluster) => answer(state, hop, entry, message, status, 'deliberate', cluster));
}

/** Those that the routes of a turn lead to; `-` where there is none. */
export function clustersOfTurn(turn: Turn): readonly string[] {
  if (turn.kind === 'go') return [turn.state.backend?.cluster ?? '-'];
  if (turn.kind === 'end') return [turn.end.log?.upstreamCluster ?? '-'];
  return [...new Set([...turn.fork.ways].flatMap(clustersOfTurn))];
}

export function answer(
  state: TraceState,
  hop: RoutingHop,
  entry: RouteEntry,
  message: string,
  status: number | undefined,
  cause: FailureCause = 'deliberate',
  cluster = '-',
): Turn {
  return failRoute(state, hop, step('route', 'no', message, placeOfEntry(entry)), cause, status, cluster);
}

/** The request as the route sends it on: with another Host or path. */
export function sentBy(state: TraceState, entry: RouteEntry, { hostRewrite }: RouteTarget): TraceState {
  if (state.chain !== 'http') return state;
  const named = renamed(state, hostRewrite);
  const path = rewrittenPath(entry, state.request.path);
  return path === undefined ? named : { ...named, request: { ...named.request, path } };
}

/** A clause for that, with what comes before it. */
export function changesText({ chain, request }: TraceState, entry: RouteEntry, { hostRewrite }: RouteTarget): string {
  if (chain !== 'http') return '';
  const path = rewrittenPath(entry, request.path);
  const changed = path === undefined ? '' : `, with path ${path}`;
  const unknown = isPathUnknown(entry)
    ? ', with a path that a regular expression makes, which this tool does not follow'
    : '';
  return `${hostRewrite ? `, as ${hostRewrite}` : ''}${changed}${unknown}`;
}

/** The host that is sent, which TLS uses as the server name and verifies. */
function renamed(state: TraceState, host: string | undefined): TraceState {
  return host === undefined
    ? state
    : { ...state, request: { ...state.request, headers: new Map([...state.request.headers, ['host', host]]) } };
}

function requestText({ chain, request }: TraceState): string {
  return chain === 'http' ? `${request.method} ${request.path}` : 'the connection';
}

export function nameOfEntry({ number, resource }: RouteEntry): string {
  return `Rule ${number} of ${describe(resource)}`;
}

export function placeOfEntry({ resource, span }: RouteEntry): Evidence {
  return at(resource, span);
}

export function failRoute(
  state: TraceState,
  hop: RoutingHop,
  current: Step,
  cause: FailureCause,
  status: number | undefined,
  cluster = '-',
): Turn {
  const own = state.chain === 'http' ? status : undefined;
  const log = hop.log ? hop.log(own) : { upstreamCluster: cluster, status: own };
  const last = hop.lastCluster === undefined ? {} : { lastCluster: hop.lastCluster };
  return end(state, [current], { verdict: 'fails', cause, summary: current.message, log, ...last });
}
