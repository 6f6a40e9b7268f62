// The access table for a terminal: by host and port, a line for clients to whom the same applies, and below it what decides it.
import { firstAndMore } from '../base/and-more.ts';
import { groupBy } from '../base/group-by.ts';
import { operationText, subjectText } from '../eval/access/wording.ts';
import { subjectsText } from '../eval/access/subjects-text.ts';
import type { AccessRow } from '../eval/access/row.ts';
import { describe } from '../model/resource.ts';
import { fitColumns, rowLines, wrap, type Column } from './columns.ts';
import { placeText, type Placer } from './position.ts';

const noRows = 'No ServiceEntry lists a host and a port.\n';

const columns: readonly Column[] = [
  { title: 'ACCESS' },
  { title: 'VIA' },
  { title: 'FROM', wraps: true },
  { title: 'OPERATIONS', wraps: true },
];
const indent = '  ';
const hanging = '      ';

/** Lines of at most `width` characters where the words allow it. */
export function accessTable(rows: readonly AccessRow[], place: Placer, width: number): string {
  if (rows.length === 0) return noRows;
  const hosts = [...groupBy(rows, hostText)].map(([host, here]) => {
    const all = here.map(({ from }) => from);
    return {
      host,
      groups: groupsOf(here, place).map(({ row, because, subjects }) => ({
        cells: [row.access, row.via, subjectsText(subjects, all), operationsText(row)],
        because,
      })),
    };
  });
  const cells = hosts.flatMap(({ groups }) => groups.map((group) => group.cells));
  const widths = fitColumns(columns, cells, width - indent.length);
  const titles = rowLines(
    columns.map(({ title }) => title),
    widths,
  );
  return [
    ...titles.map((line) => indent + line),
    ...hosts.flatMap(({ host, groups }) => [
      ...wrap(host, width),
      ...groups.flatMap((group) => [
        ...rowLines(group.cells, widths).map((line) => indent + line),
        ...becauseLines(group.because, width),
      ]),
    ]),
    '',
  ].join('\n');
}

/** One line for each host, port and answer with every client and reason in full: for `grep`, and for wide terminals. */
export function wideAccessTable(rows: readonly AccessRow[], place: Placer): string {
  if (rows.length === 0) return noRows;
  const titles = ['HOST', 'ACCESS', 'VIA', 'FROM', 'OPERATIONS', 'BECAUSE'];
  const lines = [...groupBy(rows, hostText)].flatMap(([host, here]) =>
    groupsOf(here, place).map(({ row, because, subjects }) => [
      host,
      row.access,
      row.via,
      subjects.map(subjectText).join(', '),
      operationsText(row),
      because.join(', '),
    ]),
  );
  const widths = fitColumns(
    titles.map((title) => ({ title })),
    lines,
    Infinity,
  );
  return [titles, ...lines].map((line) => `${rowLines(line, widths).join('\n')}\n`).join('');
}

interface Group {
  readonly row: AccessRow;
  readonly because: readonly string[];
  readonly subjects: readonly AccessRow['from'][];
}

/** Rows of one host with the same answer for the same reasons. */
function groupsOf(rows: readonly AccessRow[], place: Placer): readonly Group[] {
  const reasons = new Map(rows.map((row) => [row, reasonsOf(row, place)]));
  const key = (row: AccessRow) => JSON.stringify([row.access, row.via, operationsText(row), reasons.get(row)]);
  return [...groupBy(rows, key).values()].map((same) => ({
    row: same[0],
    because: reasons.get(same[0])!,
    subjects: same.map(({ from }) => from),
  }));
}

/** With what is taken for granted, and what goes past. */
function reasonsOf({ because, assumed = [], skips = [] }: AccessRow, place: Placer): readonly string[] {
  const { first, more } = firstAndMore(because);
  return [
    ...first.map(
      ({ resource, span }) =>
        `${describe(resource)}${resource.refused ? ' is refused and does not count' : ''} (${placeText(place(resource, span))})`,
    ),
    ...(more > 0 ? [`${more} more`] : []),
    ...assumed.map((sentence) => `assumed: ${sentence}`),
    ...skips.map((sentence) => `skips this: ${sentence}`),
  ];
}

function becauseLines(because: readonly string[], width: number): readonly string[] {
  return because.flatMap((reason) =>
    wrap(reason, width - hanging.length).map((line, at) => `${at === 0 ? '    - ' : hanging}${line}`),
  );
}

function hostText({ host, port }: AccessRow): string {
  return port === 0 ? `${host} (any port)` : `${host}:${port}`;
}

function operationsText({ operations }: AccessRow): string {
  return operations.map(operationText).join('; ');
}
