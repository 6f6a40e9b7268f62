// Reads the most common broken text, an unfinished key without a colon: the fast parser reads it with the colon added.
import { tryFast } from './fast.ts';
import { wordAsKey } from './line-repairs.ts';
import { lineStart } from './lines.ts';
import { movedNode, mover } from './move.ts';
import type { YamlDocument } from './node.ts';
import { applyRepairs } from './repair.ts';

/** Undefined if the text is not of this kind. */
export function parseHalfTyped(text: string, stoppedAt: number): YamlDocument | undefined {
  const line = lineStart(text, stoppedAt);
  const repair = wordAsKey(text, line) ?? (line > 0 ? wordAsKey(text, lineStart(text, line - 1)) : undefined);
  if (!repair) return undefined;
  const { repaired, toOriginal } = applyRepairs(text, [repair]);
  const { document } = tryFast(repaired);
  if (!document?.root) return undefined;
  const move = mover(toOriginal);
  return { root: movedNode(document.root, move), errors: repair.errors, comments: document.comments.map(move) };
}
