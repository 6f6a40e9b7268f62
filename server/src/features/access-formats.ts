// The access table in formats that other programs read: a line a row.
import { visibleLine } from '../base/visible.ts';
import { escapeMarkdown } from '../base/markdown.ts';
import { operationText, subjectText } from '../eval/access/wording.ts';
import { refusalsOf, type AccessRow } from '../eval/access/row.ts';

export type AccessFormat = 'csv' | 'markdown';

/** Where a reason stands, such as `policy.yaml:3:5`. */
type PlaceText = (because: AccessRow['because'][number]) => string;

const titles = ['from', 'host', 'port', 'via', 'access', 'operations', 'because'] as const;

export function formatAccess(rows: readonly AccessRow[], format: AccessFormat, placeText: PlaceText): string {
  return format === 'csv' ? csv(rows, placeText) : markdown(rows, placeText);
}

function csv(rows: readonly AccessRow[], placeText: PlaceText): string {
  const line = (values: readonly string[]) => `${values.map(quoted).join(',')}\n`;
  return (
    line([...titles, 'refused', 'assumed']) +
    rows
      .map((row) => line([...cellsOf(row, placeText), refusalsOf(row).join('; '), (row.assumed ?? []).join(' ')]))
      .join('')
  );
}

/** RFC 4180; a text that a spreadsheet would read as a formula stays a text. */
function quoted(value: string): string {
  const line = visibleLine(value);
  const safe = /^[=+\-@]/.test(line) ? `'${line}` : line;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function markdown(rows: readonly AccessRow[], placeText: PlaceText): string {
  const line = (values: readonly string[]) => `| ${values.map(escaped).join(' | ')} |\n`;
  return line(titles) + line(titles.map(() => '---')) + rows.map((row) => line(cellsOf(row, placeText))).join('');
}

function escaped(value: string): string {
  return escapeMarkdown(value);
}

function cellsOf(row: AccessRow, placeText: PlaceText): readonly string[] {
  return [
    subjectText(row.from),
    row.host,
    row.port === 0 ? '*' : String(row.port),
    row.via,
    row.access,
    row.operations.map(operationText).join('; '),
    row.because.map(placeText).join(' '),
  ];
}
