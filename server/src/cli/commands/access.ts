import type { Snapshot } from '../../cluster/snapshot/snapshot.ts';
import { drained } from '../../base/steps.ts';
import { visibleLine } from '../../base/visible.ts';
import { accessInSteps, shownScope, type Access } from '../../eval/access/access.ts';
import { destinationsOf } from '../../eval/access/destinations.ts';
import type { AccessRow } from '../../eval/access/row.ts';
import { accessRowJson } from '../../eval/access/to-json.ts';
import { omittedNote } from '../../eval/access/wording.ts';
import { formatAccess } from '../../features/access-formats.ts';
import { mostPairsForAgents, RoomForItems } from '../../features/agent-tools/shortened.ts';
import { accessAnswer } from '../../features/answers/json-answers.ts';
import { accessTable, wideAccessTable } from '../access-table.ts';
import type { Arguments } from '../args.ts';
import { tellNothingFound } from '../counts.ts';
import type { CliHost } from '../host.ts';
import { noteAnswering } from '../note-answering.ts';
import { load } from '../load.ts';
import { placer, placeText } from '../position.ts';
import type { RuleBook } from '../rule-book.ts';

/** Where the output is no terminal. */
export const usualWidth = 100;
/** Narrower terminals get longer lines: less would cut most words. */
const leastWidth = 40;

/** Lists which clients may call which host, port, method and path. Exit code 0. */
export function access(args: Arguments, host: CliHost, book: RuleBook, cluster?: Snapshot): number {
  const loaded = load(args, host, book, cluster);
  tellNothingFound(loaded, host, cluster);
  const { mesh } = loaded.workspace;
  for (const asked of args.hosts)
    if (destinationsOf(mesh, [asked]).length === 0)
      host.stderr(`No ServiceEntry in these files has the host ${visibleLine(asked)}.\n`);
  const asked = args.hosts.length > 0 ? args.hosts : undefined;
  const scope = host.tellCounts ? shownScope(asked, mostPairsForAgents) : shownScope(asked);
  const found = drained(accessInSteps(mesh, scope), noteAnswering(host));
  const { rows, isShort } = found;
  const { note } = omittedNote(found);
  const place = placer(loaded, host);
  switch (args.format) {
    case 'json':
      host.stdout(jsonOf(found, ({ resource, span }) => place(resource, span), host));
      break;
    case 'csv':
    case 'markdown':
      host.stdout(formatAccess(rows, args.format, ({ resource, span }) => placeText(place(resource, span))));
      break;
    default:
      host.stdout(
        args.wide
          ? wideAccessTable(rows, place)
          : accessTable(rows, place, Math.max(leastWidth, host.columns ?? usualWidth)),
      );
  }
  if (args.format === 'json') return 0;
  if (isShort) host.stderr(`${shortened}\n`);
  if (note !== undefined) host.stderr(`${note}\n`);
  return 0;
}

function jsonOf<Place>(found: Access, place: (ground: AccessRow['because'][number]) => Place, host: CliHost): string {
  if (!host.tellCounts) return accessAnswer(found, place);
  const shown = new RoomForItems((row: AccessRow) => accessRowJson(row, place));
  for (const row of found.rows) shown.add(() => row);
  host.tellCounts({ rows: shown.count });
  return accessAnswer({ ...found, rows: shown.items }, place);
}

const shortened =
  'The table is large. Rows that repeat the row of their namespace or of “all other clients” are omitted. Clients that use no waypoint have one row for all hosts.';
