// Where a route sends a request from the client's sidecar: out of the mesh, or to an egress gateway.
import { egressGatewayOf, type EgressGateway } from '../../mesh/clients/egress-gateway.ts';
import { sentBy, sniOnHop, type SentTls } from '../../mesh/clients/gateway-hop.ts';
import { rulesAtProxy, type AppliedRule } from '../../mesh/destination-rules/proxy-rules.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { destinationsAt, type ProxyDestination } from '../../mesh/routes/proxy-destination.ts';
import type { RouteEntry, RouteTarget } from '../../mesh/routes/route-entry.ts';
import { describe } from '../../model/resource.ts';
import { applyRule, withoutSubset, type NoCluster } from './applied-rule.ts';
import { clientBytes, clientSni } from './client-bytes.ts';
import { answer, failRoute, nameOfEntry, placeOfEntry, renamed, type RoutingHop } from './route-turns.ts';
import { at, atName, end, fork, go, step, type GatewayArrival, type TraceState, type Turn } from './state.ts';
import type { Step } from './step.ts';

type Missing = Extract<ProxyDestination, { state: 'missing' }>;
type InCluster = Extract<ProxyDestination, { state: 'in-cluster' }>;

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
  const proxy = { kind: 'sidecar', namespace: request.from.namespace } as const;
  const listener = { port: request.port, chain: state.chain ?? 'http' };
  return eachDestination(destinationsAt(mesh, proxy, sent.target, listener), sent, (to) =>
    sendTo(state, mesh, sent, to),
  );
}

/** Age decides between the services with the host of a route's destination. */
export function eachDestination(
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
    ...entries.map(atName),
  );
  return fork([current], { by: 'age', summary: current.message, ways: found.map(follow) });
}

function sendTo(state: TraceState, mesh: Mesh, sent: Sent, to: ProxyDestination): Turn {
  const { entry, target, host } = sent;
  const { request } = state;
  const chain = state.chain ?? 'http';
  const named = renamed(state, chain === 'http' ? target.hostRewrite : undefined);
  const where = whereOf(target, to);
  const current = step(
    'route',
    'yes',
    `${nameOfEntry(entry)} sends it to ${where}${target.hostRewrite && chain === 'http' ? `, as ${target.hostRewrite}` : ''}.`,
    placeOfEntry(entry),
  );
  const hop = sidecarHop(state, mesh, host);
  const withoutCluster = (why: Step, cluster: string, cause: NoCluster = 'no-destination'): Turn =>
    failRoute(
      state,
      { ...hop, log: (status) => ({ upstreamCluster: cluster, status }) },
      why,
      cause,
      entry.action.does === 'forward' ? entry.action.notFound : 503,
    );
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
      return missing(state, { ...hop, log: (status) => ({ upstreamCluster: to.cluster, status }) }, sent, to);
    case 'outside':
      return applyRule(
        { ...named, service: state.service ?? { entry: to.entry, host: to.host }, backend: to },
        mesh,
        { kind: 'sidecar', ...request.from, withoutCluster: (why, cause) => withoutCluster(why, to.cluster, cause) },
        [current],
      );
    case 'in-cluster':
      return toService(named, mesh, { to, current, sent, withoutCluster: (why) => withoutCluster(why, to.cluster) });
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

function reasonOf(proxy: string, { because, owners }: Missing): string {
  const names = owners.map(describe).join(' and ');
  if (because === 'unknown-host') return `which is in no ServiceEntry or Service of these files`;
  return because === 'not-exported'
    ? `but ${names} is not exported to the namespace of ${proxy}`
    : `a port that ${names} does not list`;
}

interface ToService {
  readonly to: InCluster;
  readonly current: Step;
  readonly sent: Sent;
  readonly withoutCluster: (why: Step) => Turn;
}

function toService(state: TraceState, mesh: Mesh, given: ToService): Turn {
  const { to, current, sent } = given;
  const pods = egressGatewayOf(mesh, to.host, to.service);
  if (!pods)
    return stop(
      state,
      step(
        'route',
        'unknown',
        `${nameOfEntry(sent.entry)} sends it to ${to.host}, a Service of the cluster; nothing in these files makes that an egress gateway.`,
        placeOfEntry(sent.entry),
      ),
    );
  const { from } = state.request;
  const found = rulesAtProxy(mesh, from, { ...to, owner: to.service });
  if (!found || found.some((one) => one.state === 'not-modelled'))
    return stop(
      state,
      step(
        'destination',
        'unknown',
        `Which DestinationRule the sidecar applies to ${to.host} is not known from the files.`,
      ),
    );
  const [first, ...more] = found;
  if (more.length === 0) return arrive(state, given, pods, first!, [current]);
  const rules = found.flatMap((one) => ('rule' in one && one.rule ? [one.rule] : []));
  return fork(
    [
      current,
      step(
        'destination',
        'unknown',
        `${rules.map(describe).join(' and ')} have the same host: the one created first applies.`,
        ...rules.map(atName),
      ),
    ],
    {
      by: 'age',
      summary: `Which DestinationRule applies to ${to.host} depends on which was created first.`,
      ways: found.map((one) => arrive(state, given, pods, one, [])),
    },
  );
}

function arrive(
  state: TraceState,
  { to, sent, withoutCluster }: ToService,
  pods: EgressGateway,
  applied: AppliedRule,
  before: readonly Step[],
): Turn {
  if (applied.state === 'unknown-subset') return withoutCluster(withoutSubset(to.subset, applied));
  const tls = sentBy(applied);
  if (tls.mode !== 'none' && tls.mode !== 'ISTIO_MUTUAL')
    return stop(
      state,
      step(
        'destination',
        'unknown',
        `The sidecar uses TLS of its own to the egress gateway, which this tool does not follow.`,
        tls.mode === 'unknown' ? undefined : atName(tls.rule),
      ),
    );
  const own = clientBytes(state.request) === 'tls' ? clientSni(state.request) : undefined;
  const sni = tls.mode === 'ISTIO_MUTUAL' ? sniOnHop(to, tls.tls) : own;
  const gateway: GatewayArrival = {
    pods,
    servicePort: to.port,
    cluster: to.cluster,
    sent: { mode: tls.mode, sni },
    because: placeOfEntry(sent.entry),
  };
  return go({ ...state, path: 'gateway', gateway }, ...before, sentStep(state, tls, sni));
}

function sentStep(
  state: TraceState,
  tls: Extract<SentTls, { mode: 'none' | 'ISTIO_MUTUAL' }>,
  sni: string | undefined,
): Step {
  if (tls.mode === 'ISTIO_MUTUAL')
    return step(
      'destination',
      'yes',
      `${describe(tls.rule)} applies: the sidecar sends mTLS with server name ${sni} to the egress gateway.`,
      at(tls.rule, tls.tls.span),
    );
  const how = clientBytes(state.request) === 'tls' ? "the client's own TLS" : 'plaintext';
  return step(
    'destination',
    'yes',
    `${tls.rule ? `${describe(tls.rule)} applies` : 'No DestinationRule applies'}: the sidecar sends ${how} to the egress gateway.`,
    tls.rule && atName(tls.rule),
  );
}

function stop(state: TraceState, current: Step): Turn {
  return end(state, [current], { verdict: 'undetermined', summary: current.message });
}
