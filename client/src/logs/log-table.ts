// A followed log as text: columns, with links from the host to its ServiceEntry and from the policy to its manifest.
import { targetOf, type Part } from '../documents/answer.ts';
import { columnNames, columns, linkOf, type ColumnName } from './log-columns.ts';
import { filterText, passes, type Filter, type Row } from './log-row.ts';

/** A line of the log, or what became of the following itself. */
export type LogItem = Row | { readonly note: string };

export interface Shown {
  readonly title: string;
  readonly entries: readonly LogItem[];
  readonly filter: Filter;
  /** Lines that were dropped because there were too many. */
  readonly dropped: number;
}

export interface LogTable {
  readonly lines: readonly (readonly Part[])[];
  /** By the number of the line in the document. */
  readonly rows: ReadonlyMap<number, Row>;
}

/** A path may be as long as anyone likes. */
const widest = 60;

export function logTable({ title, entries, filter, dropped }: Shown): LogTable {
  const rows = entries.filter((entry): entry is Row => !('note' in entry) && passes(entry, filter));
  const widths = widthsOf(rows);
  const chosen = filterText(filter);
  const lines: (readonly Part[])[] = [
    [title === '' ? 'No log is followed.' : title],
    [
      chosen === '' ? `All lines: ${rows.length}` : `Lines that match "${chosen}": ${rows.length}`,
      dropped === 0 ? '' : ` (the first ${dropped} were dropped)`,
    ],
    [],
    [`${columnNames.map((name) => columns[name].head.padEnd(widths[name])).join('  ')}  WHAT HAPPENED`],
  ];
  const placed = new Map<number, Row>();
  for (const entry of entries) {
    if ('note' in entry) lines.push([`— ${entry.note}`]);
    else if (passes(entry, filter)) {
      placed.set(lines.length, entry);
      lines.push(rowParts(entry, widths));
    }
  }
  return { lines, rows: placed };
}

type Widths = Readonly<Record<ColumnName, number>>;

function widthsOf(rows: readonly Row[]): Widths {
  const width = (name: ColumnName) =>
    Math.min(widest, Math.max(columns[name].head.length, ...rows.map((row) => row[name].length)));
  return Object.fromEntries(columnNames.map((name) => [name, width(name)])) as Record<ColumnName, number>;
}

function rowParts(row: Row, widths: Widths): readonly Part[] {
  const cells = columnNames.flatMap((name): readonly Part[] => {
    const value = row[name];
    const text = value.length > widths[name] ? `${value.slice(0, widths[name] - 1)}…` : value;
    const link = linkOf(name, row.explained, value);
    return [link ? { text, target: targetOf(link) } : text, ' '.repeat(widths[name] - text.length + 2)];
  });
  return [...cells, row.words];
}
