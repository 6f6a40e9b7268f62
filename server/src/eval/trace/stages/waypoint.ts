import type { Mesh } from '../../../mesh/mesh.ts';
import { bindWaypoint, type UnusableReason, type WaypointBinding } from '../../../mesh/binding/waypoint-binding.ts';
import { rivalEntryAtWaypoint } from '../../../mesh/binding/waypoint-service.ts';
import { notModelledClass, type NotModelled } from '../../../mesh/binding/not-modelled.ts';
import type { Canary } from '../../../mesh/binding/canary.ts';
import { pastAtWorkloads } from '../past-at-workloads.ts';
import { describe, type Resource } from '../../../model/resource.ts';
import type { Step } from '../step.ts';
import {
  assumedStep,
  at,
  atName,
  end,
  fork,
  go,
  step,
  type Entry,
  type Stage,
  type TraceState,
  type Turn,
} from '../state.ts';

/** Whether a waypoint takes the connection. */
export const waypoint: Stage = (state, mesh) => {
  if (state.path !== 'mesh' || !state.service) return go(state);
  const { entry } = state.service;
  const binding = bindWaypoint(mesh, entry);
  switch (binding.state) {
    case 'bound':
      return bound(state, mesh, binding);
    case 'unbound':
      return go(state, step('waypoint', 'no', unbound(entry, binding), place(binding) ?? atName(entry)));
    case 'unusable':
      return go(
        state,
        step(
          'waypoint',
          'no',
          `${labelled(binding)}, but ${reasons[binding.reason](entry)}. ztunnel connects directly.`,
          place(binding),
          binding.gateway && atName(binding.gateway),
        ),
      );
    case 'unknown':
      return unknown(state, mesh, binding);
  }
};

function bound(state: TraceState, mesh: Mesh, binding: Extract<WaypointBinding, { state: 'bound' }>): Turn {
  const { gateway } = binding;
  const unmodelled = notModelledClass(mesh, gateway);
  if (unmodelled) return unanswered(binding, unmodelled);
  return pastAtWorkloads(state, mesh, () => taken(state, mesh, binding));
}

function taken(state: TraceState, mesh: Mesh, binding: Extract<WaypointBinding, { state: 'bound' }>): Turn {
  const { gateway, label, canary } = binding;
  const { entry, host } = state.service!;
  const other = rivalEntryAtWaypoint(mesh, entry, host, gateway);
  const current = assumedStep(
    'waypoint',
    'yes',
    `Waypoint ${gateway.namespace}/${gateway.name} is assumed to run; the connection goes through it.`,
    at(label.on, label.field.span),
    atName(gateway),
  );
  if (other)
    return fork(
      [
        current,
        step(
          'waypoint',
          'unknown',
          `It also serves ${describe(other)} for the same host and uses only one of them.`,
          atName(other),
        ),
      ],
      {
        by: 'unseen',
        summary: `Waypoint ${gateway.namespace}/${gateway.name} serves ${host} twice; it is unknown which ServiceEntry it uses.`,
        ways: [go({ ...state, waypoint: gateway }), closed({ ...state, waypoint: gateway }, other)],
      },
    );
  if (!canary || canary.state === 'ignored' || (canary.state === 'weighted' && canary.weight === 0))
    return go({ ...state, waypoint: gateway }, current);
  return shared(state, current, gateway, canary);
}

/** The connection goes there, and nothing is known of what follows. */
function unanswered(
  { gateway, label }: Extract<WaypointBinding, { state: 'bound' }>,
  { why, at: place }: NotModelled,
): Turn {
  const message = `Gateway ${gateway.namespace}/${gateway.name} is named as the waypoint, but its ${why}.`;
  return fork([step('waypoint', 'unknown', message, at(label.on, label.field.span), at(place.resource, place.span))], {
    by: 'open',
    summary: message,
    ways: [],
  });
}

/** The client connected to the address of the ServiceEntry that the waypoint does not use. INFER */
function closed(state: TraceState, other: Entry): Turn {
  return end(
    state,
    [
      step(
        'listener',
        'no',
        `If it uses ${describe(other)}, nothing listens on the address that the client calls.`,
        atName(other),
      ),
    ],
    {
      verdict: 'fails',
      cause: 'rival-entry',
      summary: `The waypoint uses ${describe(other)} and has no listener for the other ServiceEntry's address.`,
      log: { upstreamCluster: '-', status: undefined },
    },
  );
}

/** A rule is looked up from the waypoint's namespace: a canary elsewhere is not followed. */
function shared(
  state: TraceState,
  current: Step,
  gateway: Resource<'Gateway'>,
  canary: Exclude<Canary, { state: 'ignored' }>,
): Turn {
  const { namespace, name, on, field } = canary.name;
  const isFollowed = canary.state === 'weighted' && canary.gateway.namespace === gateway.namespace;
  const second = step(
    'waypoint',
    canary.state === 'weighted' ? 'yes' : 'unknown',
    `Canary waypoint ${namespace}/${name} gets ${canary.state === 'weighted' ? `${canary.weight} % of the connections` : 'an unknown share'}.`,
    at(on, field.span),
  );
  return fork([current, second], {
    by: isFollowed ? 'share' : 'open',
    summary: `Waypoint ${gateway.namespace}/${gateway.name} and canary ${namespace}/${name} share the traffic.`,
    ways: [
      ...(canary.state === 'weighted' && canary.weight === 100 ? [] : [go({ ...state, waypoint: gateway })]),
      ...(isFollowed ? [go({ ...state, waypoint: canary.gateway })] : []),
    ],
  });
}

function unbound(entry: Entry, { optedOut }: Extract<WaypointBinding, { state: 'unbound' }>): string {
  return optedOut
    ? `The label says none: ${describe(entry)} uses no waypoint.`
    : `No use-waypoint label is on ${describe(entry)} or its namespace: ztunnel connects directly.`;
}

function unknown(state: TraceState, mesh: Mesh, binding: Extract<WaypointBinding, { state: 'unknown' }>): Turn {
  const { entry } = state.service!;
  const [gateway] = binding.label ? mesh.named('Gateway', binding.label.namespace, binding.label.name) : [];
  const unmodelled = gateway && notModelledClass(mesh, gateway);
  const why = binding.label
    ? `Waypoint ${binding.label.namespace}/${binding.label.name} is named, but what decides whether it takes the connection is not in the files${unmodelled ? `: ${unmodelled.why}` : ''}`
    : `Namespace ${entry.namespace} is not in the files, so whether it names a waypoint is not known`;
  return fork([step('waypoint', 'unknown', `${why}.`, place(binding) ?? atName(entry))], {
    by: 'open',
    summary: `${why}.`,
    // What another class's controller makes of it is not followed at all.
    ways: unmodelled ? [] : [go(state, step('waypoint', 'no', 'Without a waypoint ztunnel connects directly.'))],
  });
}

function labelled({ label }: Extract<WaypointBinding, { state: 'unusable' }>): string {
  return `The label names waypoint ${label.namespace}/${label.name || '""'}`;
}

const reasons: Readonly<Record<UnusableReason, (entry: Entry) => string>> = {
  missing: () => 'there is no such Gateway',
  'traffic-type': () => 'that Gateway is not a waypoint for services',
  'attachment-denied': (entry) => `its allowedRoutes do not accept namespace ${entry.namespace}`,
  'empty-name': () => 'the name is empty',
  'cross-namespace': (entry) => `ServiceEntries of namespace ${entry.namespace} are visible only there`,
};

function place(binding: WaypointBinding): ReturnType<typeof at> | undefined {
  const label = binding.state === 'unbound' ? binding.optedOut : binding.label;
  return label && at(label.on, label.field.span);
}
