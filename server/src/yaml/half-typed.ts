// Reads the most common broken text, an unfinished key without a colon: the fast parser reads it with the colon added.
import type { Span } from '../base/span.ts';
import { tryFast } from './fast.ts';
import { lineEnd, lineStart } from './lines.ts';
import { movedNode, mover } from './move.ts';
import type { YamlDocument } from './node.ts';
import { applyRepairs, missingColon } from './repair.ts';

/** Undefined if the text is not of this kind. */
export function parseHalfTyped(text: string, stoppedAt: number): YamlDocument | undefined {
  const word = loneWord(text, stoppedAt) ?? loneWord(text, lineStart(text, stoppedAt) - 1);
  if (!word) return undefined;
  const repair = missingColon(text, word);
  const { repaired, toOriginal } = applyRepairs(text, [repair]);
  const { document } = tryFast(repaired);
  if (!document?.root) return undefined;
  const move = mover(toOriginal);
  return { root: movedNode(document.root, move), errors: repair.errors, comments: document.comments.map(move) };
}

/** The word that is all there is in the line around `offset`. */
function loneWord(text: string, offset: number): Span | undefined {
  if (offset < 0) return undefined;
  const start = lineStart(text, offset);
  const line = text.slice(start, lineEnd(text, offset));
  const columns = line.length - line.trimStart().length;
  return /^ *[A-Za-z][\w./-]*$/.test(line) ? { start: start + columns, end: start + line.length } : undefined;
}
