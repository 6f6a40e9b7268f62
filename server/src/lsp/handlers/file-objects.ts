import { lastAnswer } from '../../base/last-answer.ts';
import type { DocumentRecord } from '../../engine/document.ts';
import type { Workspace } from '../../engine/workspace.ts';
import { plainObject } from '../../features/file-objects.ts';
import { isClusterUri } from '../../sources/cluster-files.ts';
import { placesIn } from '../../engine/places.ts';
import type { Handler } from '../handler.ts';
import { longAnswer } from '../long-answer.ts';
import type { RequestResult } from '../protocol.ts';
import type { Session } from '../session.ts';

type FileObjects = RequestResult<'istioEgress/fileObjects'>;

/** For a comparison with a cluster. */
export const fileObjects: Handler<'istioEgress/fileObjects'> = (session, _params, token) =>
  longAnswer(session, token, function* () {
    const [files, more]: [FileObjects['files'][number][], FileObjects['more'][number][]] = [[], []];
    for (const { workspace } of session.workspaces()) {
      const objectsOf = objectsIn(workspace, session);
      for (const uri of [...workspace.uris].filter((one) => !isClusterUri(one)).sort()) {
        for (const { record } of workspace.documents(uri)) {
          files.push(...objectsOf(record));
          for (const { kind, namespace } of record.recognition.suppliesUnknown)
            more.push({ kind, namespace: namespace ?? null });
          yield;
        }
      }
    }
    return { files, more };
  });

function objectsIn(workspace: Workspace, session: Session): (record: DocumentRecord) => FileObjects['files'] {
  const place = placesIn(workspace, session.sources);
  // Each document of a file asks, and a file that is not open is read each time.
  const textOf = lastAnswer((uri) => session.texts.textOf(uri));
  return ({ resources }) =>
    resources.flatMap((resource) => {
      const object = plainObject(workspace, resource, textOf);
      const { id, kind, namespace, name } = resource;
      return object === undefined
        ? []
        : [{ id: String(id), kind, namespace, name, object, place: place(resource, resource.at.name) }];
    });
}
