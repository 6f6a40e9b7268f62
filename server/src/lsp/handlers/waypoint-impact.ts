import { waypointImpact as impactOf, type WaypointChange } from '../../features/waypoint-impact.ts';
import { placesIn } from '../../engine/places.ts';
import type { Unanswerable, WaypointImpactResult } from '../protocol.ts';
import type { Session } from '../session.ts';

export function waypointImpact(session: Session, given: unknown): WaypointImpactResult | Unanswerable {
  const { uri, ...words } = (given ?? {}) as Readonly<Record<string, unknown>>;
  const asked = changeIn(words);
  if (!asked) return { problem: 'Which waypoint comes or goes is not said.' };
  const workspace = session.workspaceFor(typeof uri === 'string' ? uri : null);
  const place = placesIn(workspace, session.sources);
  const { bindings, calls, isShort } = impactOf(workspace, asked);
  return {
    bindings: bindings.map(({ object, before, after }) => ({ at: place(object, object.at.name), before, after })),
    calls,
    isShort,
  };
}

function changeIn({
  change,
  namespace,
  name,
  enroll,
  manifest,
  now,
}: Readonly<Record<string, unknown>>): WaypointChange | undefined {
  if ((change !== 'provision' && change !== 'delete') || typeof namespace !== 'string' || typeof name !== 'string')
    return undefined;
  return {
    change,
    namespace,
    name,
    enroll: enroll === true,
    manifest: typeof manifest === 'string' ? manifest : undefined,
    now: nowIn(now),
  };
}

function nowIn(given: unknown): WaypointChange['now'] {
  if (typeof given !== 'object' || given === null) return undefined;
  const { hasGateway, useWaypoint } = given as Readonly<Record<string, unknown>>;
  return { hasGateway: hasGateway === true, useWaypoint: typeof useWaypoint === 'string' ? useWaypoint : undefined };
}
