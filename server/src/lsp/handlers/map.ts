import { placesIn } from '../../engine/places.ts';
import type { Workspace } from '../../engine/workspace.ts';
import { egressMapInSteps } from '../../features/egress-map.ts';
import type { Resource } from '../../model/resource.ts';
import { isClusterUri } from '../../sources/cluster-files.ts';
import type { Handler } from '../handler.ts';
import { longAnswer } from '../long-answer.ts';
import type { MapResult, MapSide } from '../protocol/map.ts';
import type { Session } from '../session.ts';

export const map: Handler<'istioEgress/map'> = (session, _, token) =>
  longAnswer(session, token, function* () {
    const folders: MapResult['folders'][number][] = [];
    for (const { uri, workspace } of session.workspaces())
      folders.push({ uri, map: yield* sideOf(session, workspace, (resource) => !isClusterUri(resource.uri)) });
    const { known, alone } = session.cluster;
    const cluster = known && alone ? { context: known.context, map: yield* sideOf(session, alone) } : null;
    return { reading: session.isReading, folders, cluster };
  });

function sideOf(
  session: Session,
  workspace: Workspace,
  isShown?: (resource: Resource) => boolean,
): Generator<undefined, MapSide> {
  const place = placesIn(workspace, session.sources);
  return egressMapInSteps(workspace.mesh, (resource) => place(resource, resource.at.name), isShown);
}
