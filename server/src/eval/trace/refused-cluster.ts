// Clusters that Envoy does not accept, so that the routes to them lead nowhere: what istiod sends is not proof that it is in force.
import { joinedWith, mostRelated } from '../../base/and-more.ts';
import { crashFor } from '../../mesh/destination-rules/outlier-detection.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { entriesIn } from '../../mesh/hosts/owners-in.ts';
import { describe, type Resource } from '../../model/resource.ts';
import type { TrafficPolicy } from '../../model/specs.ts';
import { loggedFirst } from './logged-hops.ts';
import { at, atName, end, step, stop, type Entry, type TraceState, type Turn } from './state.ts';
import type { Evidence } from './step.ts';

/**
 * Several endpoints for one that is looked up alone: those that other entries of the namespace give, where these are not of that kind too.
 * Undefined where there is one. server/docs/istio-semantics.md §12.14.
 */
export function severalEndpoints(state: TraceState, mesh: Mesh): Turn | undefined {
  const { entry, host, port, labels } = state.backend!;
  if (entry.spec.resolution?.value !== 'DNS_ROUND_ROBIN' || (labels && labels.size > 0)) return undefined;
  const others = entriesIn(mesh, host, entry.namespace).filter((one) => givesEndpoint(one, port.number?.value));
  if (others.length === 0) return undefined;
  const givers = joinedWith('and', others, describe);
  return refused(
    state,
    `${describe(entry)} has resolution DNS_ROUND_ROBIN, for which the proxy accepts one endpoint, and ${givers} of namespace ${entry.namespace} ${others.length === 1 ? 'gives' : 'give'} ${host} more`,
    ...[entry, ...others].slice(0, mostRelated).map(atName),
  );
}

/** What proxies have then is what they had before. server/docs/istio-semantics.md §12.25. */
export function istiodCrash(state: TraceState, mesh: Mesh): Turn | undefined {
  const { backend, waypoint } = state;
  if (backend?.entry.spec.resolution?.value !== 'DYNAMIC_DNS') return undefined;
  const by = waypoint ? 'waypoint' : 'sidecars';
  for (const rule of rulesOf(state)) {
    const crash = crashFor(mesh, rule, backend.entry, by);
    if (crash)
      return stop(
        state,
        step(
          'upstream',
          'unknown',
          `istiod crashes on the outlierDetection of ${describe(rule)}, as ${crash.host} has resolution DYNAMIC_DNS: the proxies keep what istiod sent them before, which no file shows.`,
          at(rule, crash.setting.at),
        ),
      );
  }
  return undefined;
}

function givesEndpoint({ spec }: Entry, number: number | undefined): boolean {
  const resolution = spec.resolution?.value;
  const gives = resolution === 'DNS' ? !spec.workloadSelector : resolution === 'STATIC' && spec.endpoints.length > 0;
  return gives && spec.ports.some((one) => one.number?.value === number);
}

/**
 * Where no TLS is originated to names that are resolved as they are called; undefined where the proxy has the cluster. With options of HTTP, Envoy resolves names as they are called only where it checks the server's name, which istiod asks of it where TLS is
 * originated. server/docs/istio-semantics.md §12.24.
 */
export function withoutServerName(state: TraceState): Turn | undefined {
  const { entry, host, port } = state.backend!;
  if (entry.spec.resolution?.value !== 'DYNAMIC_DNS') return undefined;
  const why = `the proxy refuses the cluster of ${host}, as its names are resolved when they are called and TLS is not originated`;
  const protocol = port.protocol;
  if (protocol && ['HTTP2', 'GRPC'].includes(protocol.value.toUpperCase()))
    return refused(state, `With protocol ${protocol.value} ${why}`, at(entry, protocol.span));
  const found = rulesOf(state).map((rule) => ({ rule, span: httpOptionsOf(rule, state) }));
  const setting = found.find(({ span }) => span !== undefined);
  if (!setting) return undefined;
  const place = at(setting.rule, setting.span!);
  const message = `With the connectionPool of ${describe(setting.rule)} ${why}`;
  if (found.every(({ span }) => span !== undefined)) return refused(state, message, place);
  return stop(
    state,
    step('upstream', 'unknown', `${message}; which DestinationRule applies depends on which was created first.`, place),
  );
}

type Rule = Resource<'DestinationRule'>;

function rulesOf({ tls }: TraceState): readonly Rule[] {
  if (tls?.choice.state === 'selected') return [tls.choice.rule];
  return tls?.choice.state === 'undetermined' ? tls.choice.candidates : [];
}

/** Settings of a port inherit none. istio@86c9f01 pilot/pkg/networking/util/util.go MergeTrafficPolicy. */
function httpOptionsOf({ spec }: Rule, { backend }: TraceState): TrafficPolicy['httpOptions'] {
  const subset = spec.subsets.find(({ name }) => backend!.subset !== undefined && name?.value === backend!.subset);
  const policies = [subset?.trafficPolicy, spec.trafficPolicy].filter((one) => one !== undefined);
  const ofPort = policies.flatMap(({ portLevelSettings }) =>
    portLevelSettings.filter(({ port }) => port?.value === backend!.port.number?.value),
  )[0];
  return ofPort
    ? ofPort.httpOptions
    : policies.find(({ otherFields }) => otherFields.includes('connectionPool'))?.httpOptions;
}

function refused(state: TraceState, why: string, ...places: readonly Evidence[]): Turn {
  return end(state, [step('upstream', 'no', `${why}.`, ...places)], {
    verdict: 'fails',
    cause: 'no-destination',
    summary: `${why}.`,
    log: state.gateway ? loggedFirst(state, 503) : { ...loggedFirst(state, 503)!, upstreamCluster: '-' },
    lastCluster: '-',
  });
}
