// Where a route sends a request from the client's sidecar: out of the mesh, or to an egress gateway.
import { joinedWith, mostRelated } from '../../base/and-more.ts';
import { servicesSeen } from '../../mesh/clients/sidecar-scope.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { destinationsAt, type ProxyDestination } from '../../mesh/routes/proxy-destination.ts';
import type { RouteEntry, RouteTarget } from '../../mesh/routes/route-entry.ts';
import { describe } from '../../model/resource.ts';
import { normalizeHost } from '../../names/hosts.ts';
import { applyRule, type NoCluster } from './applied-rule.ts';
import { withCopies } from './copies-at-proxy.ts';
import {
  answer,
  changesText,
  failRoute,
  mostFollowed,
  nameOfEntry,
  placeOfEntry,
  sentBy,
  tooMany,
  type RoutingHop,
} from './route-turns.ts';
import { atName, fork, go, step, stop, type TraceState, type Turn } from './state.ts';
import { toService } from './sidecar-to-gateway.ts';
import type { Step } from './step.ts';

type Missing = Extract<ProxyDestination, { state: 'missing' }>;

export function sidecarHop(state: TraceState, mesh: Mesh, host: string): RoutingHop {
  return {
    proxy: 'the sidecar',
    host,
    straight: () => go(state),
    send: (entry, target) => send(state, mesh, { host, entry, target }),
  };
}

interface Sent {
  /** That the client calls. */
  readonly host: string;
  readonly entry: RouteEntry;
  readonly target: RouteTarget;
}

function send(state: TraceState, mesh: Mesh, sent: Sent): Turn {
  const { request } = state;
  const hidden = notBroughtIn(mesh, request.from, sent);
  if (hidden) return stop(state, hidden);
  const proxy = { kind: 'sidecar', namespace: request.from.namespace } as const;
  const listener = { port: request.port, chain: state.chain ?? 'http' };
  return eachDestination(state, destinationsAt(mesh, proxy, sent.target, listener), sent, (to) =>
    sendTo(state, mesh, sent, to),
  );
}

/**
 * Sidecars have connections to where their routes lead, also where their Sidecar resource imports nothing there; rules whose matches name other
 * namespaces do not count for that, although a match with `gateways` takes requests of any. Another route may lead there.
 * istio@86c9f01 pilot/pkg/model/push_context.go virtualServiceDestinationsFilteredBySourceNamespace.
 */
function notBroughtIn(mesh: Mesh, client: TraceState['request']['from'], { entry, target }: Sent): Step | undefined {
  const { sourceNamespaces: named = [] } = entry;
  if (target.host === undefined || named.length === 0 || named.includes(client.namespace)) return undefined;
  if (servicesSeen(mesh, client, normalizeHost(target.host))?.length !== 0) return undefined;
  return step(
    'route',
    'unknown',
    `${nameOfEntry(entry)} names clients of other namespaces, and no Sidecar resource imports ${target.host}: whether the sidecar has a connection there depends on its other routes.`,
    placeOfEntry(entry),
  );
}

/** Age decides between the services with the host of a route's destination. */
export function eachDestination(
  state: TraceState,
  found: readonly [ProxyDestination, ...ProxyDestination[]],
  { entry, target }: Pick<Sent, 'entry' | 'target'>,
  follow: (to: ProxyDestination) => Turn,
): Turn {
  const [first, ...more] = found;
  if (more.length === 0) return follow(first);
  const entries = found.flatMap((one) => (one.state === 'outside' ? [one.entry] : []));
  const current = step(
    'route',
    'unknown',
    `${nameOfEntry(entry)} sends it to ${target.host}, which several services have: the one created first is used.`,
    placeOfEntry(entry),
    ...entries.slice(0, mostRelated).map(atName),
  );
  if (found.length > mostFollowed) return tooMany(state, current, current.message, found.length);
  return fork([current], { by: 'age', summary: current.message, ways: found.map(follow) });
}

function sendTo(state: TraceState, mesh: Mesh, sent: Sent, to: ProxyDestination): Turn {
  const { entry, target, host } = sent;
  const { request } = state;
  const named = sentBy(state, entry, target);
  const where = whereOf(target, to);
  const current = step(
    'route',
    'yes',
    `${nameOfEntry(entry)} sends it to ${where}${changesText(state, entry, target)}.`,
    placeOfEntry(entry),
  );
  const hop = sidecarHop(state, mesh, host);
  const withoutCluster = (why: Step, cluster: string, cause: NoCluster = 'no-destination'): Turn =>
    failRoute(
      state,
      { ...hop, log: (status) => ({ upstreamCluster: cause === 'no-destination' ? '-' : cluster, status }) },
      why,
      cause,
      entry.action.does === 'forward' ? entry.action.notFound : 503,
    );
  const copied = (turn: Turn): Turn =>
    withCopies(turn, named, mesh, { kind: 'sidecar', ...request.from, port: request.port }, entry);
  switch (to.state) {
    case 'unknown':
      return stop(
        state,
        step(
          'route',
          'unknown',
          `${nameOfEntry(entry)} sends it to ${where}; these files do not show which connection that is.`,
          placeOfEntry(entry),
        ),
      );
    case 'missing':
      return missing(state, { ...hop, log: (status) => ({ upstreamCluster: '-', status }) }, sent, to);
    case 'outside':
      return copied(
        applyRule(
          { ...named, service: state.service ?? { entry: to.entry, host: to.host }, backend: to },
          mesh,
          { kind: 'sidecar', ...request.from, withoutCluster: (why, cause) => withoutCluster(why, to.cluster, cause) },
          [current],
        ),
      );
    case 'in-cluster':
      return copied(
        toService(named, mesh, {
          to,
          current,
          entry,
          target,
          withoutCluster: (why, cause) => withoutCluster(why, to.cluster, cause),
        }),
      );
  }
}

function portOf(target: RouteTarget, to: ProxyDestination): number | undefined {
  if (to.state === 'unknown') return target.port;
  return to.state === 'outside' ? to.port.number?.value : to.port;
}

function whereOf(target: RouteTarget, to: ProxyDestination): string {
  const port = portOf(target, to);
  return `${target.host ?? 'a backend'}${port === undefined ? '' : `:${port}`}${target.subset ? `, subset ${target.subset}` : ''}`;
}

export function missing(
  state: TraceState,
  hop: RoutingHop,
  { entry, target }: Pick<Sent, 'entry' | 'target'>,
  to: Missing,
): Turn {
  const status = entry.action.does === 'forward' ? entry.action.notFound : 503;
  const turn = answer(
    state,
    hop,
    entry,
    `${nameOfEntry(entry)} sends it to ${whereOf(target, to)}, ${reasonOf(hop.proxy, to)}.`,
    status,
    'no-destination',
  );
  return turn;
}

function reasonOf(proxy: string, { because, owners, undiscovered }: Missing): string {
  const names = joinedWith('and', owners, describe);
  if (undiscovered !== undefined)
    return `which istiod does not know: the discoverySelectors of the mesh leave namespace ${undiscovered} out`;
  if (because === 'unknown-host') return `which is in no ServiceEntry or Service of these files`;
  return because === 'not-exported'
    ? `but ${names} is not exported to the namespace of ${proxy}`
    : `a port that ${names} does not list`;
}
