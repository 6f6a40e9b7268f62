// Where on its way a request is when a step decides about it: for people who look at the way and not at the rules.
import type { Turn, TraceState } from './state.ts';
import type { Hop, Step } from './step.ts';

/** The steps of a stage with their hop. */
export function stepsWithHops(turn: Turn, before: TraceState): readonly Step[] {
  const state = turn.kind === 'fork' ? before : turn.state;
  return turn.steps.map((step) => ({ ...step, hop: hopOf(step, state, before) }));
}

function hopOf({ stage }: Step, state: TraceState, before: TraceState): Hop {
  if (stage === 'capture') return 'client';
  if (stage === 'upstream') return 'host';
  // What the sidecar decides, it decides before the request is at a gateway.
  if (before.path === 'sidecar') return 'sidecar';
  if (state.gateway) return 'gateway';
  if (state.waypoint) return 'waypoint';
  // Where ztunnel lets a connection through unseen, it is ztunnel that decides so.
  return before.path === 'outside' ? 'client' : 'ztunnel';
}
