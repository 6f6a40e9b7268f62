import { access as accessOf } from '../../eval/access/access.ts';
import { placesIn } from '../../engine/places.ts';
import type { Handler } from '../handler.ts';
import { accessRowJson } from '../../eval/access/to-json.ts';

export const access: Handler<'istioEgress/access'> = (session, { uri, hosts }) => {
  const workspace = session.workspaceFor(uri);
  const place = placesIn(workspace, session.sources);
  const found = accessOf(workspace.mesh, { hosts });
  const rows = found.rows.map((row) => accessRowJson(row, ({ resource, span }) => place(resource, span)));
  return { rows, short: found.isShort };
};
