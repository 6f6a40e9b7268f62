import { placesIn } from '../../engine/places.ts';
import { accessInSteps, shownScope } from '../../eval/access/access.ts';
import { accessRowJson } from '../../eval/access/to-json.ts';
import { omittedNote } from '../../eval/access/wording.ts';
import type { Handler } from '../handler.ts';
import { longAnswer } from '../long-answer.ts';
import type { AccessResult } from '../protocol/egress.ts';

export const access: Handler<'istioEgress/access'> = (session, { uri, hosts }, token) =>
  longAnswer(session, token, function* () {
    const workspace = session.workspaceFor(uri);
    const place = placesIn(workspace, session.sources);
    const found = yield* accessInSteps(workspace.mesh, shownScope(hosts));
    const rows: AccessResult['rows'][number][] = [];
    for (const row of found.rows) {
      rows.push(accessRowJson(row, ({ resource, span }) => place(resource, span)));
      yield;
    }
    return { rows, short: found.isShort, ...omittedNote(found) };
  });
