// A followed log as text: columns, with the host leading to its ServiceEntry and the policy to its manifest.
import { l10n } from 'vscode';
import { targetOf, type Part } from '../documents/answer.ts';
import { filterText, linkTo, passes, type Filter, type Row } from './log-row.ts';

/** A line of the log, or what became of the following itself. */
export type Entry = Row | { readonly note: string };

export interface Shown {
  readonly title: string;
  readonly entries: readonly Entry[];
  readonly filter: Filter;
  /** Lines that were dropped because there were too many. */
  readonly dropped: number;
}

export interface LogTable {
  readonly lines: readonly (readonly Part[])[];
  /** By the number of the line in the document. */
  readonly rows: ReadonlyMap<number, Row>;
}

const heads = {
  time: 'TIME',
  method: 'METHOD',
  host: 'HOST',
  path: 'PATH',
  status: 'STATUS',
  policy: 'POLICY',
} as const;
const columns = Object.keys(heads) as readonly (keyof typeof heads)[];
/** A path may be as long as anybody likes. */
const widest = 60;

export function logTable({ title, entries, filter, dropped }: Shown): LogTable {
  const rows = entries.filter((entry): entry is Row => !('note' in entry) && passes(entry, filter));
  const width = (column: keyof typeof heads) =>
    Math.min(widest, Math.max(heads[column].length, ...rows.map((row) => row[column].length)));
  const widths = Object.fromEntries(columns.map((column) => [column, width(column)])) as Record<
    keyof typeof heads,
    number
  >;
  const chosen = filterText(filter);
  const lines: (readonly Part[])[] = [
    [title],
    [
      chosen === '' ? l10n.t('All lines: {0}', rows.length) : l10n.t('Lines that fit "{0}": {1}', chosen, rows.length),
      dropped === 0 ? '' : l10n.t(' (the first {0} are not kept)', dropped),
    ],
    [],
    [`${columns.map((column) => heads[column].padEnd(widths[column])).join('  ')}  WHAT HAPPENED`],
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

function rowParts(row: Row, widths: Readonly<Record<keyof typeof heads, number>>): readonly Part[] {
  const cells = columns.flatMap((column): readonly Part[] => {
    const value = row[column];
    const text = value.length > widths[column] ? `${value.slice(0, widths[column] - 1)}…` : value;
    const link =
      column === 'host'
        ? linkTo(row.explained, 'ServiceEntry')
        : column === 'policy' && value !== '-'
          ? linkTo(row.explained, 'AuthorizationPolicy')
          : undefined;
    return [link ? { text, target: targetOf(link) } : text, ' '.repeat(widths[column] - text.length + 2)];
  });
  return [...cells, row.words];
}
