// The line of a finding with its range underlined.
import { visibleLine } from '../../base/visible.ts';
import type { ReportedFinding } from '../report.ts';

/** Where the output is no terminal; longer lines are cut. */
const usualWidth = 120;
const leastWidth = 40;
const margin = '    | ';
const dots = '…';

export interface Excerpt {
  readonly line: string;
  readonly underline: string;
}

/** Of a long line the part around the range. `columns`: of the terminal. */
export function excerptOf(
  { source, range: { start, end } }: ReportedFinding,
  columns: number | undefined,
): Excerpt | undefined {
  if (source === undefined || source.trim() === '') return undefined;
  const width =
    Math.max(leastWidth, Math.min(columns ?? usualWidth + margin.length, usualWidth + margin.length)) - margin.length;
  const indent = source.length - source.trimStart().length;
  const last = Math.max(end.line > start.line ? source.trimEnd().length : end.character, start.character + 1);
  const from = windowStart(Math.min(indent, start.character), start.character, last, width);
  const until = from + width - (from > indent ? dots.length : 0);
  const before = from > indent ? dots : '';
  const shown = visibleLine(source.slice(from, until));
  const left = before.length + visibleLine(source.slice(from, start.character)).length;
  const right = before.length + visibleLine(source.slice(from, Math.min(last, until))).length;
  return {
    line: `${before}${shown}`,
    underline: `${' '.repeat(left)}${'^'.repeat(Math.max(right - left, 1))}`,
  };
}

/** The first character that is shown: that of the line where the range fits in, else some before the range. */
function windowStart(first: number, start: number, last: number, width: number): number {
  if (last - first <= width) return first;
  return Math.max(first, Math.min(start - 10, last - width + dots.length));
}
