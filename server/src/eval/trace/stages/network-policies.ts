// Whether NetworkPolicies let the tunnel to the waypoint through, by the function that the rule on them uses.
import { couldBeAmbient } from '../../../mesh/clients/data-plane.ts';
import { hboneBlockedIn, hboneBlockedOut, type HboneBlock } from '../../../mesh/clients/hbone-policies.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import { describe, type Resource } from '../../../model/resource.ts';
import { assumedStep, atName, end, fork, go, step, type Stage, type TraceState, type Turn } from '../state.ts';

export const networkPolicies: Stage = (state, mesh) => {
  const { path, waypoint } = state;
  if (path !== 'mesh' || !waypoint) return go(state);
  const out = blockedOut(state, mesh, waypoint);
  const into = hboneBlockedIn(mesh, waypoint);
  if (out?.isSure) return blocked(state, out, 'out');
  if (into?.isSure) return blocked(state, into, 'in');
  if (out) return perhapsBlocked(state, out, 'out');
  return into ? perhapsBlocked(state, into, 'in') : go(state);
};

/** Where no file puts the client's namespace into ambient mode, its policies are perhaps not made for HBONE. */
function blockedOut(
  { request, workloads }: TraceState,
  mesh: Mesh,
  waypoint: Resource<'Gateway'>,
): HboneBlock | undefined {
  const { namespace, labels } = request.from;
  const found = hboneBlockedOut(mesh, { namespace, labels, workloads }, waypoint);
  return found && { ...found, isSure: found.isSure && couldBeAmbient(mesh, namespace) };
}

type Way = 'in' | 'out';

/** ztunnel@62d8265 src/proxy.rs Error: the connection times out. */
function blocked(state: TraceState, block: HboneBlock, way: Way): Turn {
  const { policy } = block;
  const { namespace, name } = state.waypoint!;
  const message = `${notAllowed(block, way)}, so the connection to waypoint ${namespace}/${name} times out (assuming the cluster's network plugin enforces NetworkPolicies).`;
  const summary = `${describe(policy)} blocks the connection to waypoint ${namespace}/${name}: it does not allow port 15008 ${wayText(block, way)}.`;
  return end(state, [assumedStep('waypoint', 'no', message, atName(policy))], {
    verdict: 'fails',
    cause: 'network-policy',
    summary,
  });
}

function perhapsBlocked(state: TraceState, block: HboneBlock, way: Way): Turn {
  const pods = way === 'in' ? "the waypoint's pod" : "the client's pod, captured by ztunnel";
  const message = `${notAllowed(block, way)}; the files do not show whether it applies to ${pods}.`;
  return fork([step('waypoint', 'unknown', message, atName(block.policy))], {
    by: 'unseen',
    summary: message,
    ways: [blocked(state, block, way), go(state, step('waypoint', 'yes', 'If it does not apply:'))],
  });
}

function notAllowed(block: HboneBlock, way: Way): string {
  return `${describe(block.policy)} does not allow port 15008 ${wayText(block, way)}`;
}

function wayText({ isToOthers }: HboneBlock, way: Way): string {
  return isToOthers ? "out to the waypoint's pods" : way;
}
