import { access } from '../../eval/access/access.ts';
import type { Subject } from '../../eval/access/access-subjects.ts';
import { formatAccess } from '../../features/access-formats.ts';
import { placesIn } from '../../engine/places.ts';
import { folderPath } from '../folder-paths.ts';
import type { Handler } from '../handler.ts';

export const accessText: Handler<'istioEgress/accessText'> = (session, { uri, format, hosts, clients }) => {
  const workspace = session.workspaceFor(uri);
  const place = placesIn(workspace, session.sources);
  const wanted = clients && new Set(clients);
  const rows = access(workspace.mesh, { hosts }).rows.filter(({ from }) => wanted?.has(keyOf(from)) ?? true);
  const text = formatAccess(rows, format, ({ resource, span }) => {
    const { uri: file, range } = place(resource, span);
    return `${folderPath(session.folderUris, file)}:${range.start.line + 1}:${range.start.character + 1}`;
  });
  return { text };
};

function keyOf(from: Subject): string {
  return from === '*' ? '*' : `${from.namespace}/${from.serviceAccount ?? '*'}`;
}
