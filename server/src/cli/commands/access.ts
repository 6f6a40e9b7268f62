import type { Snapshot } from '../../cluster/snapshot/snapshot.ts';
import { access as accessOf } from '../../eval/access/access.ts';
import { refusalsOf, type AccessRow } from '../../eval/access/row.ts';
import { operationText, subjectText } from '../../eval/access/wording.ts';
import { describe } from '../../model/resource.ts';
import type { Arguments } from '../args.ts';
import type { CliHost } from '../host.ts';
import { tellNothingFound } from '../counts.ts';
import { load } from '../load.ts';
import { placer, placeText, type Placer } from '../position.ts';
import type { RuleBook } from '../rule-book.ts';
import { accessRowJson } from '../../eval/access/to-json.ts';

/** Lists which clients may call which host, port, method and path. Exit code 0. */
export function access(args: Arguments, host: CliHost, book: RuleBook, cluster?: Snapshot): number {
  const loaded = load(args, host, book, cluster);
  tellNothingFound(loaded, host, cluster);
  const { rows, isShort } = accessOf(loaded.workspace.mesh);
  const place = placer(loaded, host);
  switch (args.format) {
    case 'json':
      host.stdout(json(rows, isShort, place));
      break;
    case 'csv':
      host.stdout(csv(rows, place));
      break;
    case 'markdown':
      host.stdout(markdown(rows, place));
      break;
    default:
      host.stdout(table(rows, place));
  }
  if (isShort && args.format !== 'json') host.stderr(`${shortened}\n`);
  return 0;
}

const shortened =
  'The table is large. Rows that repeat the row of their namespace or of “all other clients” are omitted. Clients that use no waypoint have one row for all hosts.';

function json(rows: readonly AccessRow[], isShort: boolean, place: Placer): string {
  const shown = rows.map((row) => accessRowJson(row, ({ resource, span }) => place(resource, span)));
  return `${JSON.stringify({ version: 1, ...(isShort && { short: true }), rows: shown }, null, isShort ? 0 : 2)}\n`;
}

const titles = ['from', 'host', 'port', 'via', 'access', 'operations', 'because'] as const;

function cells(row: AccessRow, from: string, place: Placer): readonly string[] {
  const because = row.because.map(({ resource, span }) => placeText(place(resource, span)));
  return [
    from,
    row.host,
    row.port === 0 ? '*' : String(row.port),
    row.via,
    row.access,
    row.operations.map(operationText).join('; '),
    because.join(' '),
  ];
}

/** For users: subjects to whom the same applies share a line, and what it rests on stands below by name. */
function table(rows: readonly AccessRow[], place: Placer): string {
  if (rows.length === 0) return 'No ServiceEntry lists a host and a port.\n';
  const groups = new Map<string, { readonly row: AccessRow; readonly from: string[] }>();
  for (const row of rows) {
    const [, ...same] = cells(row, '', place);
    const key = same.join('\n');
    const group = groups.get(key) ?? { row, from: [] };
    group.from.push(subjectText(row.from));
    groups.set(key, group);
  }
  const lines = [...groups.values()].map(({ row, from }) => [
    from.join(', '),
    ...cells(row, '', place).slice(1, 6),
    row.because
      .map(
        ({ resource, span }) =>
          `${describe(resource)}${resource.refused ? ' is refused and does not count' : ''} (${placeText(place(resource, span))})`,
      )
      .join(', '),
  ]);
  const all = [titles.map((title) => title.toUpperCase()), ...lines];
  const widths = titles.map((_, column) =>
    Math.min(
      60,
      all.reduce((widest, line) => Math.max(widest, line[column]!.length), 0),
    ),
  );
  return all
    .map(
      (line) =>
        `${line
          .map((cell, column) => cell.padEnd(widths[column]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function csv(rows: readonly AccessRow[], place: Placer): string {
  const line = (values: readonly string[]) => `${values.map(quoted).join(',')}\n`;
  return (
    line([...titles, 'refused', 'assumed']) +
    rows
      .map((row) =>
        line([...cells(row, subjectText(row.from), place), refusalsOf(row).join('; '), (row.assumed ?? []).join(' ')]),
      )
      .join('')
  );
}

/** RFC 4180; a text that a spreadsheet would read as a formula stays a text. */
function quoted(value: string): string {
  const safe = /^[=+\-@]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function markdown(rows: readonly AccessRow[], place: Placer): string {
  const line = (values: readonly string[]) =>
    `| ${values.map((value) => value.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('*', '\\*')).join(' | ')} |\n`;
  return (
    line(titles) +
    line(titles.map(() => '---')) +
    rows.map((row) => line(cells(row, subjectText(row.from), place))).join('')
  );
}
