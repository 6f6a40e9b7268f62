import { plainObject } from '../../features/file-objects.ts';
import { isClusterUri } from '../../sources/cluster-files.ts';
import { placesIn } from '../../engine/places.ts';
import type { Handler } from '../handler.ts';

/** For a comparison with a cluster. */
export const fileObjects: Handler<'istioEgress/fileObjects'> = (session) => {
  const textOf = (uri: string) => session.texts.textOf(uri);
  const all = session.workspaces().map(({ workspace }) => ({
    workspace,
    documents: [...workspace.uris]
      .filter((uri) => !isClusterUri(uri))
      .sort()
      .flatMap((uri) => workspace.documents(uri)),
  }));
  return {
    files: all.flatMap(({ workspace, documents }) => {
      const place = placesIn(workspace, session.sources);
      return documents
        .flatMap(({ record }) => record.resources)
        .flatMap((resource) => {
          const object = plainObject(workspace, resource, textOf);
          const { id, kind, namespace, name } = resource;
          return object === undefined
            ? []
            : [{ id: String(id), kind, namespace, name, object, place: place(resource, resource.at.name) }];
        });
    }),
    more: all
      .flatMap(({ documents }) => documents.flatMap(({ record }) => record.recognition.suppliesUnknown))
      .map(({ kind, namespace }) => ({ kind, namespace: namespace ?? null })),
  };
};
