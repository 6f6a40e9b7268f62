// Columns of text that fit a width: a cell that is too long goes on below.
import { visibleLine } from '../base/visible.ts';

export interface Column {
  readonly title: string;
  /** Only such columns are narrowed where the lines are too long. */
  readonly wraps?: boolean;
}

const gap = 2;
/** Narrower columns hold no word: the lines are then longer than the terminal. */
const narrowest = 12;

/** The width of each column for lines of at most `width` characters; the room that there is goes to those that need most. */
export function fitColumns(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): readonly number[] {
  const wanted = columns.map(({ title }, at) =>
    rows.reduce((widest, row) => Math.max(widest, visibleLine(row[at]!).length), title.length),
  );
  const fixed = wanted.reduce((sum, one, at) => sum + (columns[at]!.wraps ? 0 : one), gap * (columns.length - 1));
  let room = width - fixed;
  let open = columns.filter(({ wraps }) => wraps).length;
  const widths = [...wanted];
  // The smallest first: what it leaves over goes to the others.
  const wrapping = [...columns.keys()].filter((at) => columns[at]!.wraps).sort((a, b) => wanted[a]! - wanted[b]!);
  for (const at of wrapping) {
    widths[at] = Math.min(wanted[at]!, Math.max(narrowest, Math.floor(room / open)));
    room -= widths[at];
    open -= 1;
  }
  return widths;
}

/** The lines of one row; none ends with spaces. */
export function rowLines(row: readonly string[], widths: readonly number[]): readonly string[] {
  const cells = row.map((cell, at) => wrap(cell, widths[at]!));
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    cells
      .map((lines, at) => (lines[line] ?? '').padEnd(widths[at]! + (at < cells.length - 1 ? gap : 0)))
      .join('')
      .trimEnd(),
  );
}

/** At spaces; a word that is longer than the width is cut. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of visibleLine(text).split(' ')) {
    const next = line === '' ? word : `${line} ${word}`;
    if (next.length <= width) {
      line = next;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (line.length > width) {
      lines.push(line.slice(0, width));
      line = line.slice(width);
    }
  }
  return [...lines, line];
}
