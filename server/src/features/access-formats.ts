// The access table in formats that other programs read: a line a row.
import { firstAndMore } from '../base/and-more.ts';
import { visibleLine } from '../base/visible.ts';
import { escapeMarkdown } from '../base/markdown.ts';
import { drained } from '../base/steps.ts';
import { operationText, subjectText } from '../eval/access/wording.ts';
import { refusalsOf, type AccessRow } from '../eval/access/row.ts';

export type AccessFormat = 'csv' | 'markdown';

/** Where a reason stands, such as `policy.yaml:3:5`. */
type PlaceText = (because: AccessRow['because'][number]) => string;

const titles = ['from', 'host', 'port', 'via', 'access', 'operations', 'because'] as const;

export function formatAccess(rows: readonly AccessRow[], format: AccessFormat, placeText: PlaceText): string {
  return drained(formatAccessInSteps(rows, format, placeText));
}

/** The same a row at a step. */
export function* formatAccessInSteps(
  rows: readonly AccessRow[],
  format: AccessFormat,
  placeText: PlaceText,
): Generator<undefined, string> {
  const { head, line } = formats[format];
  const lines: string[] = [head];
  for (const row of rows) {
    lines.push(line(row, placeText));
    yield;
  }
  return lines.join('');
}

const csvLine = (values: readonly string[]) => `${values.map(quoted).join(',')}\n`;
const markdownLine = (values: readonly string[]) => `| ${values.map(escapeMarkdown).join(' | ')} |\n`;

const formats: Readonly<
  Record<AccessFormat, { readonly head: string; readonly line: (row: AccessRow, placeText: PlaceText) => string }>
> = {
  csv: {
    head: csvLine([...titles, 'refused', 'assumed', 'skips']),
    line: (row, placeText) =>
      csvLine([
        ...cellsOf(row, placeText),
        refusalsOf(row).join('; '),
        (row.assumed ?? []).join(' '),
        (row.skips ?? []).join(' '),
      ]),
  },
  markdown: {
    head: markdownLine(titles) + markdownLine(titles.map(() => '---')),
    line: (row, placeText) => markdownLine(cellsOf(row, placeText)),
  },
};

/** RFC 4180; a text that a spreadsheet would read as a formula stays a text. */
function quoted(value: string): string {
  const line = visibleLine(value);
  const safe = /^[=+\-@]/.test(line) ? `'${line}` : line;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function cellsOf(row: AccessRow, placeText: PlaceText): readonly string[] {
  const { first, more } = firstAndMore(row.because);
  return [
    subjectText(row.from),
    row.host,
    row.port === 0 ? '*' : String(row.port),
    row.via,
    row.access,
    row.operations.map(operationText).join('; '),
    [...first.map(placeText), ...(more > 0 ? [`and ${more} more`] : [])].join(' '),
  ];
}
