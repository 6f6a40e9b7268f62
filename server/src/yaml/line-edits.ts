import type { TextEdit } from '../base/text-edit.ts';

/** Past this many line pairs the changed middle is replaced as one piece. */
const MAX_PAIRS = 1_000_000;

/** Edits that turn `before` into `after`, line by line. */
export function lineEdits(before: string, after: string): TextEdit[] {
  const old = linesOf(before);
  const now = linesOf(after);
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  const start = old.slice(0, head).join('').length;
  return hunks(old.slice(head, old.length - tail), now.slice(head, now.length - tail), start);
}

function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function hunks(old: readonly string[], now: readonly string[], start: number): TextEdit[] {
  const common = old.length * now.length > MAX_PAIRS ? [] : commonLines(old, now);
  const edits: TextEdit[] = [];
  let [i, j, at] = [0, 0, start];
  for (const [oldLine, newLine] of [...common, [old.length, now.length] as const]) {
    const removed = old.slice(i, oldLine).join('');
    const added = now.slice(j, newLine).join('');
    if (removed || added) edits.push({ span: { start: at, end: at + removed.length }, newText: added });
    at += removed.length + (old[oldLine]?.length ?? 0);
    [i, j] = [oldLine + 1, newLine + 1];
  }
  return edits;
}

/** Pairs of equal lines, in order: a longest common subsequence. */
function commonLines(old: readonly string[], now: readonly string[]): (readonly [number, number])[] {
  const width = now.length + 1;
  const best = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      best[i * width + j] =
        old[i] === now[j]
          ? best[(i + 1) * width + j + 1]! + 1
          : Math.max(best[(i + 1) * width + j]!, best[i * width + j + 1]!);
    }
  }
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0, j = 0; i < old.length && j < now.length; ) {
    if (old[i] === now[j]) pairs.push([i++, j++]);
    else if (best[(i + 1) * width + j]! >= best[i * width + j + 1]!) i++;
    else j++;
  }
  return pairs;
}
