import { waypointImpactInSteps } from '../../features/waypoint-impact.ts';
import { placesIn } from '../../engine/places.ts';
import type { Handler } from '../handler.ts';
import { longAnswer } from '../long-answer.ts';

export const waypointImpact: Handler<'istioEgress/waypointImpact'> = (session, { uri, ...change }, token) =>
  longAnswer(session, token, function* () {
    const workspace = session.workspaceFor(uri);
    const place = placesIn(workspace, session.sources);
    return yield* waypointImpactInSteps(workspace, change, (object) => place(object, object.at.name));
  });
