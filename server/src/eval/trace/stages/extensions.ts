// Extensions of a proxy on the way (EnvoyFilter, WasmPlugin, …) can do anything with the request: what follows holds only if they do not.
import { notModelledAt, type NotModelled } from '../../../mesh/binding/not-modelled.ts';
import type { Carried } from '../../../mesh/binding/extensions-of-pods.ts';
import { extensionText, firstExtensionAtSidecar, sidecarsOf } from '../../../mesh/binding/proxy-extensions.ts';
import { couldCarryToken } from '../../authz/carried-token.ts';
import { at, atName, fork, go, step, type Stage, type TraceState, type Turn } from '../state.ts';
import type { Evidence, TraceStage } from '../step.ts';

/** At the client's own sidecar. */
export const sidecarExtensions: Stage = (state, mesh) => {
  const { path, request } = state;
  const extension = path === 'sidecar' ? firstExtensionAtSidecar(mesh, request.from) : undefined;
  if (!extension) return go(state);
  return unlessChanged(state, 'capture', {
    message: extensionText(extension, sidecarsOf(extension, request.from.namespace)),
    evidence: atName(extension),
  });
};

/** At the waypoint, or at a canary. */
export const waypointExtensions: Stage = (state, mesh) => {
  const { waypoint, service } = state;
  const found = waypoint && service && notModelledAt(mesh, waypoint, service.entry, carriedBy(state));
  if (!found) return go(state);
  const told = { message: found.why, evidence: at(found.at.resource, found.at.span) };
  return found.case === 'extension' ? unlessChanged(state, 'waypoint', told) : unanswered(told);
};

/** Proxies look for tokens in requests that they see; those of the client's own TLS are hidden. */
export function carriedBy({ request }: TraceState): Carried {
  return request.scheme === 'http' && couldCarryToken(request) ? 'token' : 'no-token';
}

interface Told {
  /** Without its full stop. */
  readonly message: NotModelled['why'];
  readonly evidence: Evidence;
}

function unlessChanged(state: TraceState, stage: TraceStage, { message, evidence }: Told): Turn {
  return fork([step(stage, 'unknown', `${message}.`, evidence)], {
    by: 'open',
    summary: `${message}.`,
    ways: [go(state, step(stage, 'yes', 'If it changes nothing for this request:'))],
  });
}

function unanswered({ message, evidence }: Told): Turn {
  return fork([step('waypoint', 'unknown', `${message}.`, evidence)], {
    by: 'open',
    summary: `${message}.`,
    ways: [],
  });
}
