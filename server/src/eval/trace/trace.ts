// What one request does, hop by hop: stages in the order in which the mesh sees it, each a pure function of what is known
// so far. Where age or something unseen decides, every way is followed.
import { drained } from '../../base/steps.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { stepsWithHops } from './hop.ts';
import { JoinedWays } from './join.ts';
import { loggedHops } from './logged-hops.ts';
import { traceInForce } from './refused.ts';
import type { TraceRequest } from './request.ts';
import { authorization } from './stages/authorization.ts';
import { capture } from './stages/capture.ts';
import { destination } from './stages/destination.ts';
import { dns } from './stages/dns.ts';
import { sidecarExtensions, waypointExtensions } from './stages/extensions.ts';
import { endpoints } from './stages/endpoints.ts';
import { egressGateway } from './stages/egress-gateway.ts';
import { networkPolicies, networkPoliciesOutside } from './stages/network-policies.ts';
import { listener } from './stages/listener.ts';
import { route } from './stages/route.ts';
import { service } from './stages/service.ts';
import { sidecar } from './stages/sidecar.ts';
import { tls } from './stages/tls.ts';
import { upstream } from './stages/upstream.ts';
import { waypoint } from './stages/waypoint.ts';
import type { Ending, Fork, Stage, TraceState, Turn } from './state.ts';
import type { Step, Trace } from './step.ts';

const order: readonly Stage[] = [
  capture,
  sidecarExtensions,
  sidecar,
  egressGateway,
  dns,
  service,
  waypoint,
  networkPolicies,
  waypointExtensions,
  listener,
  authorization,
  route,
  endpoints,
  destination,
  tls,
  networkPoliciesOutside,
  upstream,
];

export interface TraceOptions {
  /** Stages that are taken for passed, such as policies where only the way matters. */
  readonly skip?: readonly Stage[];
}

/** The request as the mesh would treat it, from the manifests alone. */
export function trace(mesh: Mesh, request: TraceRequest, options: TraceOptions = {}): Trace {
  return traceInForce(mesh, (view) => follow(view, request, options));
}

/** The same with a step between any two stages. */
export function* traceInSteps(
  mesh: Mesh,
  request: TraceRequest,
  options: TraceOptions = {},
): Generator<undefined, Trace> {
  // Meshes that leave out what is refused are followed several times, and not for rules.
  return mesh.countingRefused ? trace(mesh, request, options) : yield* followed(mesh, request, options);
}

function follow(mesh: Mesh, request: TraceRequest, options: TraceOptions): Trace {
  return drained(followed(mesh, request, options));
}

function followed(mesh: Mesh, request: TraceRequest, { skip = [] }: TraceOptions): Generator<undefined, Trace> {
  return walk({
    mesh,
    stages: order.filter((stage) => !skip.includes(stage)),
    state: stateAtStart(request),
    trail: [],
  });
}

/** One of the ends that a request can come to. */
export interface TraceEnd {
  readonly state: TraceState;
  readonly steps: readonly Step[];
  /** Undefined for what cannot be followed from there. */
  readonly ending: Ending | undefined;
}

/** Every end by itself, in the mesh as it is given: what a trace puts together. */
export function traceEnds(mesh: Mesh, request: TraceRequest, { skip = [] }: TraceOptions = {}): readonly TraceEnd[] {
  const stages = order.filter((stage) => !skip.includes(stage));
  const from = (rest: readonly Stage[], state: TraceState, trail: readonly Step[]): readonly TraceEnd[] => {
    const [stage, ...others] = rest;
    return stage ? endsOf(stage(state, mesh), state, trail, others) : [];
  };
  const endsOf = (
    turn: Turn,
    before: TraceState,
    trail: readonly Step[],
    rest: readonly Stage[],
  ): readonly TraceEnd[] => {
    const steps = [...trail, ...turn.steps];
    if (turn.kind === 'go') return from(rest, turn.state, steps);
    if (turn.kind === 'end') return [{ state: turn.state, steps, ending: turn.end }];
    const ways = [...turn.fork.ways].flatMap((way) => endsOf(way, before, steps, rest));
    return turn.fork.by === 'open' ? [...ways, { state: before, steps, ending: undefined }] : ways;
  };
  return from(stages, stateAtStart(request), []);
}

function stateAtStart(request: TraceRequest): TraceState {
  return {
    request,
    path: 'mesh',
    workloads: [],
    choice: undefined,
    service: undefined,
    waypoint: undefined,
    port: undefined,
    chain: undefined,
    backend: undefined,
    tls: undefined,
  };
}

interface Walk {
  readonly mesh: Mesh;
  readonly stages: readonly Stage[];
  readonly state: TraceState;
  readonly trail: readonly Step[];
}

function walk({ mesh, stages, state, trail }: Walk): Generator<undefined, Trace> {
  const [stage, ...rest] = stages;
  if (!stage) throw new Error('the last stage of a trace ends it');
  return settle(stage(state, mesh), { mesh, stages: rest, state, trail });
}

/** `on.state`: before the turn. */
function* settle(turn: Turn, on: Walk): Generator<undefined, Trace> {
  const trail = [...on.trail, ...stepsWithHops(turn, on.state)];
  switch (turn.kind) {
    case 'go':
      yield undefined;
      return yield* walk({ ...on, state: turn.state, trail });
    case 'end':
      return traceOf(turn, trail);
    case 'fork':
      return yield* settleAll(turn.fork, { ...on, trail });
  }
}

function* settleAll(fork: Fork, on: Walk): Generator<undefined, Trace> {
  const joined = new JoinedWays(fork);
  for (const way of fork.ways) {
    joined.add(yield* settle(way, on));
    yield undefined;
  }
  return joined.trace(on.trail);
}

function traceOf({ state, end }: Extract<Turn, { kind: 'end' }>, steps: readonly Step[]): Trace {
  const { lastCluster: _, lastFlags: __, ...ending } = end;
  return {
    ...blank,
    ...ending,
    steps,
    waypoint: nameOf(state),
    gateway: gatewayOf(state),
    hops: loggedHops(state, end),
  };
}

const blank = { upstream: undefined, log: undefined, cause: undefined, candidates: [] };

function gatewayOf({ gateway }: TraceState): Trace['gateway'] {
  return gateway && { namespace: gateway.pods.namespace, name: gateway.pods.name };
}

function nameOf({ waypoint: gateway }: TraceState): Trace['waypoint'] {
  return gateway && { namespace: gateway.namespace, name: gateway.name };
}
