import { waypointImpact as impactOf } from '../../features/waypoint-impact.ts';
import { placesIn } from '../../engine/places.ts';
import type { Handler } from '../handler.ts';

export const waypointImpact: Handler<'istioEgress/waypointImpact'> = (session, { uri, ...change }) => {
  const workspace = session.workspaceFor(uri);
  const place = placesIn(workspace, session.sources);
  return impactOf(workspace, change, (object) => place(object, object.at.name));
};
