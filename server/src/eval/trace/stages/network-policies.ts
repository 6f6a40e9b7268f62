// Whether NetworkPolicies let the tunnel to the waypoint through, and what it or an egress gateway sends on, by the functions that the rule on them uses.
import { couldBeAmbient } from '../../../mesh/clients/data-plane.ts';
import { hboneBlockedOut, type HboneBlock } from '../../../mesh/clients/hbone-policies.ts';
import {
  blockOfPods,
  blockedOut,
  hboneBlockedIn,
  opensPort,
  podsOfGateway,
  podsOfWaypoint,
  type PodBlock,
} from '../../../mesh/clients/pod-policies.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import { describe, type Resource } from '../../../model/resource.ts';
import { targetsOf } from '../dialled.ts';
import { loggedBy } from '../egress-gateway-route.ts';
import { loggedFirst } from '../logged-hops.ts';
import {
  after,
  assumedStep,
  atName,
  end,
  fork,
  go,
  step,
  type GatewayArrival,
  type Stage,
  type TraceState,
  type Turn,
} from '../state.ts';
import type { Trace } from '../step.ts';

const enforced = "(assuming the cluster's network plugin enforces NetworkPolicies)";

export const networkPolicies: Stage = (state, mesh) => {
  const { path, waypoint } = state;
  if (path !== 'mesh' || !waypoint) return go(state);
  const out = clientBlocked(state, mesh, waypoint);
  const into = hboneBlockedIn(mesh, waypoint);
  if (out?.isSure) return blocked(state, outOf(state, out));
  if (into?.isSure) return blocked(state, intoWaypoint(state, into));
  if (out) return perhapsBlocked(state, outOf(state, out));
  return into ? perhapsBlocked(state, intoWaypoint(state, into)) : go(state);
};

/** Whether the sidecar's connection to the pods of the egress gateway, on the port on which they listen, is let in. */
export function ifLetIn(
  state: TraceState,
  mesh: Mesh,
  { gateway, port }: { readonly gateway: GatewayArrival; readonly port: number },
  letIn: () => Turn,
): Turn {
  const block = blockOfPods(mesh, podsOfGateway(gateway.pods), 'ingress', (rule) => opensPort(rule, port));
  if (!block) return letIn();
  const { policy } = block;
  const proxy = `egress gateway ${gateway.pods.namespace}/${gateway.pods.name}`;
  const lacks = `does not allow port ${port} in`;
  const obstacle: Obstacle = {
    policy,
    stage: 'gateway',
    lacks: `${describe(policy)} ${lacks}${exceptOthers(block)}`,
    effect: `the connection to ${proxy} times out`,
    summary: `${describe(policy)} blocks the connection to ${proxy}: it ${lacks}.`,
    pods: `the pods of ${proxy}, or whether another one allows it`,
    log: loggedBy(state, gateway, 503),
  };
  const unconnected = {
    state: 'refused',
    because: 'no-server',
    servers: [],
    hasListener: false,
    looksIntoTls: false,
  } as const;
  const ended = { ...state, gateway: { ...gateway, refused: unconnected } };
  return block.isSure ? blocked(ended, obstacle) : perhaps(obstacle, [blocked(ended, obstacle), letIn()]);
}

/** What the waypoint or egress gateway connects to. */
export const networkPoliciesOutside: Stage = (state, mesh) => {
  const { waypoint, gateway, backend } = state;
  if (!backend || !(waypoint ?? gateway)) return go(state);
  const pods = waypoint ? podsOfWaypoint(waypoint) : podsOfGateway(gateway!.pods);
  const targets = targetsOf(state, mesh);
  const block = blockedOut(mesh, pods, targets);
  if (!block) return go(state);
  const proxy = waypoint
    ? `waypoint ${waypoint.namespace}/${waypoint.name}`
    : `egress gateway ${gateway!.pods.namespace}/${gateway!.pods.name}`;
  const { address, port } = targets[0]!;
  const { policy } = block;
  const obstacle: Obstacle = {
    policy,
    stage: 'upstream',
    lacks: `${describe(policy)} does not allow port ${port} out to ${address}${exceptOthers(block)}`,
    effect: `the connection of ${proxy} times out`,
    summary: `${describe(policy)} blocks the connection of ${proxy} to ${address}: it does not allow port ${port} out.`,
    pods: `the pods of ${proxy}, or whether another one allows it`,
    log: loggedFirst(state, 503),
  };
  return block.isSure ? blocked(state, obstacle) : perhapsBlocked(state, obstacle);
};

/** Where no file puts the client's namespace into ambient mode, its policies are perhaps not made for HBONE. */
function clientBlocked(
  { request, workloads }: TraceState,
  mesh: Mesh,
  waypoint: Resource<'Gateway'>,
): HboneBlock | undefined {
  const { namespace, labels } = request.from;
  const found = hboneBlockedOut(mesh, { namespace, labels, workloads }, waypoint);
  return found && { ...found, isSure: found.isSure && couldBeAmbient(mesh, namespace) };
}

/** What a policy does not allow, in words. */
interface Obstacle {
  readonly policy: Resource<'NetworkPolicy'>;
  readonly stage: 'waypoint' | 'gateway' | 'upstream';
  readonly lacks: string;
  readonly effect: string;
  readonly summary: string;
  /** To which it may not apply. */
  readonly pods: string;
  readonly log?: Trace['log'];
}

function outOf(state: TraceState, { policy, isToOthers }: HboneBlock): Obstacle {
  const way = isToOthers ? "out to the waypoint's pods" : 'out';
  return tunnelBlocked(state, policy, way, "the client's pod, captured by ztunnel");
}

function intoWaypoint(state: TraceState, block: PodBlock): Obstacle {
  const obstacle = tunnelBlocked(state, block.policy, 'in', "the waypoint's pods, or whether another one allows it");
  return { ...obstacle, lacks: `${obstacle.lacks}${exceptOthers(block)}` };
}

function tunnelBlocked({ waypoint }: TraceState, policy: Obstacle['policy'], way: string, pods: string): Obstacle {
  const { namespace, name } = waypoint!;
  return {
    policy,
    stage: 'waypoint',
    lacks: `${describe(policy)} does not allow port 15008 ${way}`,
    effect: `the connection to waypoint ${namespace}/${name} times out`,
    summary: `${describe(policy)} blocks the connection to waypoint ${namespace}/${name}: it does not allow port 15008 ${way}.`,
    pods,
  };
}

/** Policies add up, for the pods that they select. */
function exceptOthers({ forOthers: [other] }: PodBlock): string {
  return other ? `, and ${describe(other)}, which does, does not select these pods` : '';
}

/** ztunnel@62d8265 src/proxy.rs Error: the connection times out. */
function blocked(state: TraceState, { policy, stage, lacks, effect, summary, log }: Obstacle): Turn {
  const message = `${lacks}, so ${effect} ${enforced}.`;
  return end(state, [assumedStep(stage, 'no', message, atName(policy))], {
    verdict: 'fails',
    cause: 'network-policy',
    summary,
    ...(log ? { log } : {}),
  });
}

function perhapsBlocked(state: TraceState, obstacle: Obstacle): Turn {
  return perhaps(obstacle, [blocked(state, obstacle), go(state)]);
}

function perhaps({ stage, lacks, pods, policy }: Obstacle, [closed, open]: readonly [Turn, Turn]): Turn {
  const message = `${lacks}; the files do not show whether it applies to ${pods}.`;
  return fork([step(stage, 'unknown', message, atName(policy))], {
    by: 'unseen',
    summary: message,
    ways: [closed, after([step(stage, 'yes', 'If it does not apply:')], open)],
  });
}
