const context = 3;

/**
 * A unified diff of one file, by the longest common subsequence of lines; empty without differences. Where a file is long and changed in many
 * places, lines that it has once hold the two texts together, and the subsequence is of what is between them.
 */
export function unifiedDiff(name: string, before: string, after: string): string {
  if (before === after) return '';
  const steps = lineSteps(splitLines(before), splitLines(after));
  // As git does with what is outside of the working folder.
  const path = name.replace(/^\/+/, '');
  return [`--- ${before === '' ? '/dev/null' : `a/${path}`}`, `+++ b/${path}`, ...hunks(steps)].join('\n') + '\n';
}

interface Step {
  readonly mark: ' ' | '-' | '+';
  readonly line: string;
}

function splitLines(text: string): string[] {
  if (text === '') return [];
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  else lines.push(`${lines.pop()!}\n\\ No newline at end of file`);
  return lines;
}

/** A table of more cells than this is not made: it grows with the square of the lines. */
const mostCells = 4_000_000;

function lineSteps(a: readonly string[], b: readonly string[]): Step[] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const same = (line: string): Step => ({ mark: ' ', line });
  return [
    ...a.slice(0, head).map(same),
    ...between(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...a.slice(a.length - tail).map(same),
  ];
}

/** What has its common ends off. Without anything to hold it together all of it is another text. */
function between(a: readonly string[], b: readonly string[]): Step[] {
  if (a.length * b.length <= mostCells) return middle(a, b);
  const held = heldTogether(a, b);
  if (held.length === 0)
    return [...a.map((line): Step => ({ mark: '-', line })), ...b.map((line): Step => ({ mark: '+', line }))];
  const steps: Step[] = [];
  let [i, j] = [0, 0];
  for (const { inA, inB } of [...held, { inA: a.length, inB: b.length }]) {
    for (const step of lineSteps(a.slice(i, inA), b.slice(j, inB))) steps.push(step);
    if (inA < a.length) steps.push({ mark: ' ', line: a[inA]! });
    [i, j] = [inA + 1, inB + 1];
  }
  return steps;
}

interface Held {
  readonly inA: number;
  readonly inB: number;
}

/** Lines that both have once, as far as they are in the same order: the longest row of them. */
function heldTogether(a: readonly string[], b: readonly string[]): readonly Held[] {
  const once = placesOfSingles(b);
  const common = [...placesOfSingles(a)].flatMap(([line, inA]): Held[] => {
    const inB = once.get(line);
    return inB === undefined ? [] : [{ inA, inB }];
  });
  // Of rows of each length the one whose end is least, with what is before it: patience sorting.
  const ends: number[] = [];
  const before = common.map(({ inB }, k) => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const half = (low + high) >> 1;
      if (common[ends[half]!]!.inB < inB) low = half + 1;
      else high = half;
    }
    ends[low] = k;
    return low === 0 ? undefined : ends[low - 1];
  });
  const row: Held[] = [];
  for (let k = ends.at(-1); k !== undefined; k = before[k]) row.push(common[k]!);
  return row.reverse();
}

function placesOfSingles(lines: readonly string[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  const several = new Set<string>();
  for (const [i, line] of lines.entries())
    if (places.has(line)) several.add(line);
    else places.set(line, i);
  for (const line of several) places.delete(line);
  return places;
}

/** Table of common lengths; what differs is small, as the common ends are already off. */
function middle(a: readonly string[], b: readonly string[]): Step[] {
  const rows = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      rows[i]![j] = a[i] === b[j] ? rows[i + 1]![j + 1]! + 1 : Math.max(rows[i + 1]![j]!, rows[i]![j + 1]!);
  const steps: Step[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      steps.push({ mark: ' ', line: a[i]! });
      i++;
      j++;
    } else if (i < a.length && (j === b.length || rows[i + 1]![j]! >= rows[i]![j + 1]!))
      steps.push({ mark: '-', line: a[i++]! });
    else steps.push({ mark: '+', line: b[j++]! });
  }
  return steps;
}

function hunks(steps: readonly Step[]): string[] {
  const out: string[] = [];
  const changed = steps.flatMap(({ mark }, index) => (mark === ' ' ? [] : [index]));
  const counted = { at: 0, before: 0, after: 0 };
  for (let first = 0; first < changed.length; ) {
    let last = first;
    while (last + 1 < changed.length && changed[last + 1]! - changed[last]! <= 2 * context) last++;
    const [from, to] = [Math.max(0, changed[first]! - context), Math.min(steps.length, changed[last]! + context + 1)];
    count(counted, steps, from);
    const start = { ...counted };
    count(counted, steps, to);
    const range = (side: 'before' | 'after') => {
      const size = counted[side] - start[side];
      return `${size === 0 ? start[side] : start[side] + 1},${size}`;
    };
    out.push(`@@ -${range('before')} +${range('after')} @@`);
    for (const { mark, line } of steps.slice(from, to)) out.push(mark + line);
    first = last + 1;
  }
  return out;
}

/** How many lines of each side are above a step. */
function count(counted: { at: number; before: number; after: number }, steps: readonly Step[], to: number): void {
  for (; counted.at < to; counted.at++) {
    const { mark } = steps[counted.at]!;
    if (mark !== '+') counted.before++;
    if (mark !== '-') counted.after++;
  }
}
