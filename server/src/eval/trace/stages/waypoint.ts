import { bindWaypoint, type UnusableReason, type WaypointBinding } from '../../../mesh/waypoint-binding.ts';
import { describe } from '../../../model/resource.ts';
import { at, atName, fork, go, step, type Entry, type Stage, type TraceState, type Turn } from '../state.ts';

/** Whether a waypoint takes the connection. */
export const waypoint: Stage = (state, mesh) => {
  if (state.path !== 'mesh' || !state.service) return go(state);
  const { entry } = state.service;
  const binding = bindWaypoint(mesh, entry);
  switch (binding.state) {
    case 'bound': return bound(state, binding);
    case 'unbound': return go(state, step('waypoint', 'no', unbound(entry, binding), place(binding) ?? atName(entry)));
    case 'unusable': return go(state, step('waypoint', 'no', `${labelled(binding)}, but ${reasons[binding.reason](entry)}. ztunnel dials the endpoint itself.`, place(binding), binding.gateway && atName(binding.gateway)));
    case 'unknown': return unknown(state, binding);
  }
};

function bound(state: TraceState, { gateway, label }: Extract<WaypointBinding, { state: 'bound' }>): Turn {
  return go({ ...state, waypoint: gateway }, step('waypoint', 'yes', `Waypoint ${gateway.namespace}/${gateway.name} takes the connection.`, at(label.on, label.field.span), atName(gateway)));
}

function unbound(entry: Entry, { optedOut }: Extract<WaypointBinding, { state: 'unbound' }>): string {
  return optedOut ? `The label says none: ${describe(entry)} uses no waypoint.` : `No use-waypoint label is on ${describe(entry)} or its namespace: ztunnel dials the endpoint itself.`;
}

function unknown(state: TraceState, binding: Extract<WaypointBinding, { state: 'unknown' }>): Turn {
  const { entry } = state.service!;
  const why = binding.label ? `Waypoint ${binding.label.namespace}/${binding.label.name} is named, but what decides whether it takes the connection is not in the files`
    : `Namespace ${entry.namespace} is not in the files, so whether it names a waypoint is not known`;
  return fork([step('waypoint', 'unknown', `${why}.`, place(binding) ?? atName(entry))], {
    by: 'open', summary: `${why}.`, ways: [go(state, step('waypoint', 'no', 'Without a waypoint ztunnel dials the endpoint itself.'))],
  });
}

function labelled({ label }: Extract<WaypointBinding, { state: 'unusable' }>): string {
  return `The label names waypoint ${label.namespace}/${label.name || '""'}`;
}

const reasons: Readonly<Record<UnusableReason, (entry: Entry) => string>> = {
  'missing': () => 'there is no such Gateway',
  'traffic-type': () => 'that Gateway is no waypoint for services',
  'attachment-denied': (entry) => `its allowedRoutes do not admit namespace ${entry.namespace}`,
  'empty-name': () => 'the name is empty',
  'cross-namespace': (entry) => `entries of namespace ${entry.namespace} are visible there only`,
};

function place(binding: WaypointBinding): ReturnType<typeof at> | undefined {
  const label = binding.state === 'unbound' ? binding.optedOut : binding.label;
  return label && at(label.on, label.field.span);
}
