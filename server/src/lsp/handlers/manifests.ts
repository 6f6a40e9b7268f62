// Objects of the files for what the client does with a cluster: finding, comparing, applying.
import { leftOut, manifestsIn, plainObject } from '../../features/file-objects.ts';
import type { Kind } from '../../model/kinds.ts';
import { isClusterUri } from '../../sources/cluster-files.ts';
import type {
  FileObjectsResult,
  ManifestsParams,
  ManifestsResult,
  PlacesParams,
  PlacesResult,
} from '../cluster-protocol.ts';
import { placesIn } from '../../engine/places.ts';
import type { Session } from '../session.ts';
import { toRange } from '../to-lsp.ts';

export function manifests(session: Session, given: unknown): ManifestsResult {
  const { uris } = (given ?? {}) as Partial<ManifestsParams>;
  const wanted = (Array.isArray(uris) ? uris : []).flatMap((uri) => {
    const place = typeof uri === 'string' ? session.placeOf(uri) : undefined;
    return place ? [{ uri, ...place }] : [];
  });
  const found = wanted.flatMap(({ uri, workspace, lines }) =>
    manifestsIn(workspace, uri, (one) => session.texts.textOf(one)).map(
      ({ resource: { id, written, namespace, name }, span, text, errors }) => ({
        id: String(id),
        kind: written.kind,
        namespace,
        name,
        text,
        errors,
        place: { uri, range: toRange(span, lines), resource: { kind: written.kind, namespace, name } },
      }),
    ),
  );
  return {
    manifests: [
      ...found.filter(({ kind }) => kind === 'Namespace'),
      ...found.filter(({ kind }) => kind !== 'Namespace'),
    ],
    leftOut: wanted.flatMap(({ uri, workspace }) => leftOut(workspace, uri).map((why) => ({ uri, why }))),
  };
}

export function fileObjects(session: Session): FileObjectsResult {
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
}

export function places(session: Session, given: unknown): PlacesResult {
  const { objects } = (given ?? {}) as Partial<PlacesParams>;
  const all = session
    .workspaces()
    .map(({ workspace }) => ({ mesh: workspace.mesh, place: placesIn(workspace, session.sources) }));
  return {
    places: (Array.isArray(objects) ? (objects as PlacesParams['objects']) : []).map(({ kind, namespace, name }) => {
      const found = all.flatMap(({ mesh, place }) =>
        mesh.named(kind as Kind, namespace, name).map((resource) => ({ resource, place })),
      );
      const best = found.find(({ resource }) => !isClusterUri(resource.uri)) ?? found[0];
      return best ? best.place(best.resource, best.resource.at.name) : null;
    }),
  };
}
