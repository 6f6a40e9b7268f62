// What a client's sidecar does with a connection to a name that it does not know, or that it cannot tell from others.
// server/docs/istio-semantics-classic.md §C.21 to §C.24, §C.31, §C.40, §C.41.
import { hasHttpListener, yieldsToHttp } from '../../mesh/clients/http-listener.ts';
import { outboundPolicy } from '../../mesh/clients/sidecar-scope.ts';
import { mostRivals, surelyTakesPort, wholePortOwners } from '../../mesh/hosts/whole-port.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe } from '../../model/resource.ts';
import { allocatedTo } from './allocated-address.ts';
import { unknownService, type Unknown } from './hidden-entry.ts';
import { clientBytes } from './client-bytes.ts';
import { hangsUnclaimed } from './hangs-beside.ts';
import { manyForPort, oldestTakesPort, takenByPort } from './sidecar-steps.ts';
import { at, end, fork, go, step, stop, type Entry, type TraceState, type Turn } from './state.ts';

export type FollowOwner = (state: TraceState, owner: Entry) => Turn;

/** istio@86c9f01 pilot/pkg/networking/core/httproute.go buildCatchAllVirtualHost. */
export function unknownHost(state: TraceState, mesh: Mesh, follow: FollowOwner, why: Unknown): Turn {
  const { from, port } = state.request;
  const isHttp = clientBytes(state.request) === 'http' ? hasHttpListener(mesh, from, port) : false;
  const owners = isHttp ? [] : wholePortOwners(mesh, from, port);
  const byMode = () => byPolicy({ ...state, isRequestSeen: isHttp }, mesh, why);
  const [first, ...others] = owners;
  if (!first) return hangsUnclaimed(mesh, state) ?? byMode();
  if (isHttp === undefined) return stop(state, (owners.length > mostRivals ? manyForPort : takenByPort)(owners, port));
  if (owners.length > mostRivals) return tooMany(state, owners);
  const isSure = owners.some((one) => surelyTakesPort(mesh, from, one) && !mayYield(mesh, state.request, one));
  if (isSure && others.length === 0) return stray(state, mesh, first, follow);
  const current = others.length > 0 ? oldestTakesPort(owners, port) : takenByPort(owners, port);
  const ways = owners.map((one) => stray(state, mesh, one, follow));
  return fork([current], { by: 'age', summary: current.message, ways: isSure ? ways : [...ways, byMode()] });
}

/** What becomes of bytes where services with HTTP on the port are older than the entries that would take them. §C.32. */
export function withoutOwners(state: TraceState, mesh: Mesh, why: Unknown): Turn {
  const isHttp = clientBytes(state.request) === 'http';
  return byPolicy({ ...state, isRequestSeen: isHttp }, mesh, why);
}

/** Services with HTTP on the port, where these are older. §C.32. */
function mayYield(mesh: Mesh, { from, port }: TraceState['request'], { spec }: Entry): boolean {
  return spec.ports.some((one) => one.number?.value === port && yieldsToHttp(mesh, from, one));
}

/** At a listener that no other entry shares, where requests are not looked for. §C.17. */
export function unclaimed(state: TraceState, mesh: Mesh, why: Unknown): Turn {
  return byPolicy({ ...state, isRequestSeen: false }, mesh, why);
}

/** The port is of the entry that was created first; `own` has the host that is called. */
export function takenByOldest(
  state: TraceState,
  mesh: Mesh,
  owners: readonly Entry[],
  own: Entry | undefined,
  follow: FollowOwner,
): Turn {
  const { request } = state;
  if (owners.length > mostRivals) return tooMany(state, owners);
  const current = oldestTakesPort(owners, request.port);
  const ways = owners.map((one) => (one === own ? follow(state, one) : stray(state, mesh, one, follow)));
  const isOptional = owners.every((one) => mayYield(mesh, request, one));
  const why = unknownService(mesh, request, request.host);
  return fork([current], {
    by: 'age',
    summary: current.message,
    ways: isOptional ? [...ways, withoutOwners(state, mesh, why)] : ways,
  });
}

function tooMany(state: TraceState, owners: readonly Entry[]): Turn {
  const current = manyForPort(owners, state.request.port);
  return end(state, [current], { verdict: 'undetermined', summary: current.message });
}

function stray(state: TraceState, mesh: Mesh, owner: Entry, follow: FollowOwner): Turn {
  const current = takenByPort([owner], state.request.port);
  const turn = follow({ ...state, stray: current.message, lost: allocatedTo(state, mesh) }, owner);
  return { ...turn, steps: [current, ...turn.steps] };
}

function byPolicy(state: TraceState, mesh: Mesh, why: Unknown): Turn {
  const { request, isRequestSeen } = state;
  const policy = outboundPolicy(mesh, request.from.namespace, request.from.labels, request.from.sidecar);
  if (policy.state !== 'known')
    return stop(
      state,
      step('service', 'unknown', `${why.text}, and it is unknown whether it allows such traffic.`, ...why.evidence),
    );
  const by = policy.by ? [at(policy.by, policy.by.spec.outboundTrafficPolicy?.key ?? policy.by.at.name)] : [];
  const evidence = [...why.evidence, ...by];
  const proxy = policy.by?.spec.outboundTrafficPolicy?.egressProxy;
  if (policy.by && proxy && policy.mode !== 'REGISTRY_ONLY')
    return stop(
      state,
      step(
        'service',
        'unknown',
        `${why.text}, and sends it to the egressProxy of ${describe(policy.by)}, which this tool does not follow.`,
        ...why.evidence,
        at(policy.by, proxy),
      ),
    );
  if (policy.mode !== 'REGISTRY_ONLY') {
    const text = `${why.text}, and it allows traffic to unknown hosts (ALLOW_ANY).`;
    return go({ ...state, lost: allocatedTo(state, mesh) }, step('service', 'no', text, ...evidence));
  }
  const text = `${why.text}, and it blocks traffic to unknown hosts (REGISTRY_ONLY).`;
  const current = step('service', 'no', text, ...evidence);
  const isAnswered = clientBytes(request) === 'http' && isRequestSeen !== false;
  return end(state, [current], {
    verdict: 'fails',
    cause: 'registry-only',
    summary: current.message,
    log: isAnswered
      ? { upstreamCluster: '-', status: 502 }
      : { upstreamCluster: 'BlackHoleCluster', status: undefined },
  });
}
