const context = 3;

/** A unified diff of one file, by the longest common subsequence of lines; empty without differences. */
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

function lineSteps(a: readonly string[], b: readonly string[]): Step[] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const same = (line: string): Step => ({ mark: ' ', line });
  return [
    ...a.slice(0, head).map(same),
    ...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...a.slice(a.length - tail).map(same),
  ];
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
  for (let first = 0; first < changed.length; ) {
    let last = first;
    while (last + 1 < changed.length && changed[last + 1]! - changed[last]! <= 2 * context) last++;
    out.push(
      ...hunk(steps, Math.max(0, changed[first]! - context), Math.min(steps.length, changed[last]! + context + 1)),
    );
    first = last + 1;
  }
  return out;
}

function hunk(steps: readonly Step[], from: number, to: number): string[] {
  const countOf = (list: readonly Step[], without: '+' | '-') => list.filter(({ mark }) => mark !== without).length;
  const inside = steps.slice(from, to);
  const range = (without: '+' | '-') => {
    const before = countOf(steps.slice(0, from), without);
    const size = countOf(inside, without);
    return `${size === 0 ? before : before + 1},${size}`;
  };
  return [`@@ -${range('+')} +${range('-')} @@`, ...inside.map(({ mark, line }) => mark + line)];
}
