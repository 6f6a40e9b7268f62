// Where a sidecar or an egress gateway sends copies of a request: mirrors of the route that takes it there.
// server/docs/istio-semantics-classic.md §D.37; istio@86c9f01 pilot/pkg/networking/core/route/route.go TranslateRequestMirrorPolicy.
import { rulesAtProxy, type AppliedRule } from '../../mesh/destination-rules/proxy-rules.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { destinationsAt, type ProxyDestination } from '../../mesh/routes/proxy-destination.ts';
import type { RouteEntry, RouteMirror } from '../../mesh/routes/route-entry.ts';
import type { ApplyingProxy } from './applied-rule.ts';
import { tlsOriginatedBy } from './rule-tls.ts';
import { dialledFor } from './dialled.ts';
import { connectionText, copyText, withoutCopy } from './copy-texts.ts';
import { placeOfEntry } from './route-turns.ts';
import { atName, step, type TraceState, type Turn } from './state.ts';
import type { Step } from './step.ts';

export interface CopyingProxy extends Pick<ApplyingProxy, 'kind' | 'namespace' | 'labels'> {
  /** Of its listener. */
  readonly port: number;
}

/** The turn with a step for each copy, unless the request ends at this proxy: then none is sent. */
export function withCopies(turn: Turn, state: TraceState, mesh: Mesh, proxy: CopyingProxy, entry: RouteEntry): Turn {
  const { action } = entry;
  if (state.chain !== 'http' || action.does !== 'forward' || action.mirrors.length === 0) return turn;
  const copied = action.mirrors.map((mirror) => copy(state, mesh, proxy, { entry, mirror }));
  return copiedWith(turn, copied);
}

function copiedWith(turn: Turn, copied: readonly Step[]): Turn {
  if (turn.kind === 'go') return { ...turn, steps: [...turn.steps, ...copied] };
  if (turn.kind === 'end') return turn;
  return { ...turn, fork: { ...turn.fork, ways: [...turn.fork.ways].map((way) => copiedWith(way, copied)) } };
}

interface Copy {
  readonly entry: RouteEntry;
  readonly mirror: RouteMirror;
}

function copy(state: TraceState, mesh: Mesh, proxy: CopyingProxy, given: Copy): Step {
  const { entry, mirror } = given;
  const place = placeOfEntry(entry);
  if (mirror.isKept === false)
    return step('route', 'no', withoutCopy(entry, mirror, ', which Istio leaves out'), place);
  const [to, ...others] = destinationsAt(mesh, proxy, mirror, { port: proxy.port, chain: 'http' });
  if (others.length > 0 || to.state === 'unknown' || mirror.isKept === undefined) return unknown(given);
  if (to.state === 'missing') return notSent(proxy, given);
  if (to.state === 'in-cluster')
    return step('route', 'yes', `${copyText(mirror)} goes to ${to.host}:${to.port}, a Service of the cluster.`, place);
  return outside(state, mesh, proxy, given, to);
}

function outside(
  state: TraceState,
  mesh: Mesh,
  proxy: CopyingProxy,
  given: Copy,
  { entry, host, port, subset }: Extract<ProxyDestination, { state: 'outside' }>,
): Step {
  const [applied, ...others] =
    rulesAtProxy(mesh, proxy, { host, port: port.number!.value, subset, owner: entry }) ?? [];
  if (!applied || others.length > 0) return unknown(given);
  if (applied.state === 'unknown-subset') return notSent(proxy, given);
  const tls = tlsOf(proxy, applied);
  const dialled = dialledFor(mesh, entry, host, port, {
    by: proxy.kind === 'gateway' ? 'gateway' : 'envoy',
    request: state.request,
    externalName: state.externalName,
    labels: applied.state === 'rule' ? applied.labels : undefined,
    tls: tls !== undefined && tls !== 'unknown' && tls !== 'plain',
  });
  const message = `${copyText(given.mirror)} goes to ${connectionText(dialled, tls)}.`;
  return step('route', 'yes', message, placeOfEntry(given.entry), atName(entry));
}

function tlsOf({ kind }: CopyingProxy, applied: AppliedRule): 'SIMPLE' | 'MUTUAL' | 'plain' | 'unknown' {
  if (applied.state === 'policy') return 'SIMPLE';
  if (applied.state === 'none') return 'plain';
  if (applied.state !== 'rule' || applied.tls.cause === 'istio-mutual') return 'unknown';
  return tlsOriginatedBy(kind, applied)?.mode ?? 'plain';
}

function unknown({ entry, mirror }: Copy): Step {
  const message = withoutCopy(entry, mirror, '; these files do not show whether a copy is sent');
  return step('route', 'unknown', message, placeOfEntry(entry));
}

function notSent({ kind }: CopyingProxy, { entry, mirror }: Copy): Step {
  const name = kind === 'sidecar' ? 'the sidecar' : 'the egress gateway';
  return step('route', 'no', withoutCopy(entry, mirror, `, to which ${name} has no connection`), placeOfEntry(entry));
}
