import { placesIn } from '../../engine/places.ts';
import { accessInSteps, shownScope } from '../../eval/access/access.ts';
import type { Subject } from '../../eval/access/access-subjects.ts';
import { omittedNote } from '../../eval/access/wording.ts';
import { formatAccessInSteps } from '../../features/access-formats.ts';
import { folderPath } from '../folder-paths.ts';
import type { Handler } from '../handler.ts';
import { longAnswer } from '../long-answer.ts';

export const accessText: Handler<'istioEgress/accessText'> = (session, { uri, format, hosts, clients }, token) =>
  longAnswer(session, token, function* () {
    const workspace = session.workspaceFor(uri);
    const place = placesIn(workspace, session.sources);
    const wanted = clients && new Set(clients);
    const found = yield* accessInSteps(workspace.mesh, shownScope(hosts));
    const rows = found.rows.filter(({ from }) => wanted?.has(keyOf(from)) ?? true);
    const text = yield* formatAccessInSteps(rows, format, ({ resource, span }) => {
      const { uri: file, range } = place(resource, span);
      return `${folderPath(session.folderUris, file)}:${range.start.line + 1}:${range.start.character + 1}`;
    });
    return { text, ...omittedNote(found) };
  });

function keyOf(from: Subject): string {
  return from === '*' ? '*' : `${from.namespace}/${from.serviceAccount ?? '*'}`;
}
