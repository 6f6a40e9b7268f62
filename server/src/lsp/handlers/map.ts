import { placesIn } from '../../engine/places.ts';
import type { Workspace } from '../../engine/workspace.ts';
import { egressMap } from '../../features/egress-map.ts';
import type { Resource } from '../../model/resource.ts';
import { isClusterUri } from '../../sources/cluster-files.ts';
import type { Handler } from '../handler.ts';
import type { MapSide } from '../protocol/map.ts';
import type { Session } from '../session.ts';

export const map: Handler<'istioEgress/map'> = (session) => {
  const { known, alone } = session.cluster;
  return {
    reading: session.isReading,
    folders: session.workspaces().map(({ uri, workspace }) => ({
      uri,
      map: sideOf(session, workspace, (resource) => !isClusterUri(resource.uri)),
    })),
    cluster: known && alone ? { context: known.context, map: sideOf(session, alone) } : null,
  };
};

function sideOf(session: Session, workspace: Workspace, isShown?: (resource: Resource) => boolean): MapSide {
  const place = placesIn(workspace, session.sources);
  return egressMap(workspace.mesh, (resource) => place(resource, resource.at.name), isShown);
}
