import { waypointImpact as impactOf } from '../../features/waypoint-impact.ts';
import { placesIn } from '../../engine/places.ts';
import type { Handler } from '../handler.ts';

export const waypointImpact: Handler<'istioEgress/waypointImpact'> = (session, { uri, now, ...change }) => {
  const workspace = session.workspaceFor(uri);
  const place = placesIn(workspace, session.sources);
  const { bindings, calls, isShort } = impactOf(workspace, {
    ...change,
    now: now && { hasGateway: now.hasGateway, useWaypoint: now.useWaypoint ?? undefined },
  });
  return {
    bindings: bindings.map(({ object, before, after }) => ({ at: place(object, object.at.name), before, after })),
    calls,
    isShort,
  };
};
