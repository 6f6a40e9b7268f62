import { isKind } from '../../model/kind-of.ts';
import { isClusterUri } from '../../sources/cluster-files.ts';
import { placesIn } from '../../engine/places.ts';
import type { Handler } from '../handler.ts';

export const places: Handler<'istioEgress/places'> = (session, { objects }) => {
  const all = session
    .workspaces()
    .map(({ workspace }) => ({ mesh: workspace.writtenMesh, place: placesIn(workspace, session.sources) }));
  return {
    places: objects.map(({ kind, namespace, name }) => {
      const found = all.flatMap(({ mesh, place }) =>
        (isKind(kind) ? mesh.named(kind, namespace, name) : []).map((resource) => ({ resource, place })),
      );
      const best = found.find(({ resource }) => !isClusterUri(resource.uri)) ?? found[0];
      return best ? best.place(best.resource, best.resource.at.name) : null;
    }),
  };
};
