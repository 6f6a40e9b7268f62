// Reads text that a few half-typed lines make unreadable. The fast parser stops at the first line that it cannot read: a repair of
// that line or of the line above is taken if the parser then reads the rest, or gets further. Each slip is one error.
import { tryFast } from './fast.ts';
import { columnsAt, isOpen, lineRepairs } from './line-repairs.ts';
import { lineEnd, lineStart } from './lines.ts';
import { movedNode, mover } from './move.ts';
import type { YamlDocument } from './node.ts';
import { applyRepairs, overlapsAny, type Repair } from './repair.ts';

/** People type in one place at a time. */
const MAX_SLIPS = 3;

interface Attempt {
  readonly repairs: readonly Repair[];
  readonly document: YamlDocument | undefined;
  /** In the text as it stands. */
  readonly stoppedAt: number;
}

/** Undefined if no few repairs make the text readable. The text is known to be broken; `likely` repairs are tried first. */
export function parseWithSlips(text: string, likely: readonly Repair[]): YamlDocument | undefined {
  let best = attempt(text, []);
  for (let slips = 0; slips < MAX_SLIPS && !best.document; slips++) {
    const next = repaired(text, best, likely);
    if (!next) return undefined;
    best = next;
  }
  return best.document;
}

/** The first repair that makes the whole text readable, else the one with which the parser gets furthest. */
function repaired(text: string, before: Attempt, likely: readonly Repair[]): Attempt | undefined {
  let furthest: Attempt | undefined;
  for (const repair of [...likely, ...lineRepairs(text, suspectLines(text, before.stoppedAt))]) {
    if (overlapsAny(repair, before.repairs)) continue;
    const next = attempt(text, [...before.repairs, repair]);
    if (next.document) return next;
    if (isNextLine(text, furthest?.stoppedAt ?? before.stoppedAt, next.stoppedAt)) furthest = next;
  }
  return furthest;
}

function isNextLine(text: string, from: number, to: number): boolean {
  return to > lineEnd(text, from);
}

function attempt(text: string, repairs: readonly Repair[]): Attempt {
  const { repaired: now, toOriginal } = applyRepairs(text, repairs);
  const { document, stoppedAt } = tryFast(now);
  if (!document?.root) return { repairs, document: undefined, stoppedAt: toOriginal(Math.min(stoppedAt, now.length)) };
  const move = mover(toOriginal);
  return {
    repairs,
    stoppedAt: text.length,
    document: {
      root: movedNode(document.root, move),
      errors: repairs.flatMap(({ errors }) => errors),
      comments: document.comments.map(move),
    },
  };
}

/** How far above the stop a slip is looked for, and on how many lines. */
const MAX_LINES_ABOVE = 100;
const MAX_SUSPECTS = 6;

/** Starts of the lines that a slip may stand on: where the parser stopped, the line above, the lines that these are nested in, and one with an open bracket. */
export function suspectLines(text: string, stoppedAt: number): number[] {
  const here = contentLine(text, lineStart(text, Math.min(stoppedAt, text.length)));
  if (here === undefined) return [];
  const above = lineAbove(text, here);
  const suspects = new Set(above === undefined ? [here] : [here, above]);
  let columns = columnsAt(text, here) + 1;
  let line = above;
  for (let i = 0; line !== undefined && i < MAX_LINES_ABOVE && suspects.size < MAX_SUSPECTS; i++) {
    const isHolder = columnsAt(text, line) < columns;
    if (isHolder) columns = columnsAt(text, line);
    if (isHolder || isOpen(text, line)) suspects.add(line);
    line = lineAbove(text, line);
  }
  return [...suspects];
}

function lineAbove(text: string, line: number): number | undefined {
  return line === 0 ? undefined : contentLine(text, lineStart(text, line - 1));
}

/** The line, or the next above it, that has more than a comment. */
function contentLine(text: string, from: number): number | undefined {
  for (let line = from; ; line = lineStart(text, line - 1)) {
    if (/^[ \t]*[^ \t#\r\n]/.test(text.slice(line, lineEnd(text, line)))) return line;
    if (line === 0) return undefined;
  }
}
