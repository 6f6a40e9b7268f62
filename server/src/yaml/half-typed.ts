// The commonest broken text is the one being typed: a key without its colon yet. The fast lane reads it with the colon added.
import { tryFast } from './fast.ts';
import { lineEnd, lineStart } from './lines.ts';
import { movedNode, mover } from './move.ts';
import type { YamlDocument } from './node.ts';
import { applyRepairs, missingColon } from './repair.ts';

/** Undefined where the text is not of this kind. */
export function parseHalfTyped(text: string, stoppedAt: number): YamlDocument | undefined {
  const end = endOfLoneWord(text, stoppedAt) ?? endOfLoneWord(text, lineStart(text, stoppedAt) - 1);
  if (end === undefined) return undefined;
  const repair = missingColon(text, { start: text.slice(0, end).search(/\S+$/), end });
  const { repaired, toOriginal } = applyRepairs(text, [repair]);
  const { document } = tryFast(repaired);
  if (!document?.root || !repair.error) return undefined;
  const move = mover(toOriginal);
  return { root: movedNode(document.root, move), errors: [repair.error], comments: document.comments.map(move) };
}

/** Where the word ends that is all there is in the line around `offset`. */
function endOfLoneWord(text: string, offset: number): number | undefined {
  if (offset < 0) return undefined;
  const line = text.slice(lineStart(text, offset), lineEnd(text, offset));
  return /^ *[A-Za-z][\w./-]*$/.test(line) ? lineStart(text, offset) + line.length : undefined;
}
