// Diffs of long files: what they say is exact, and their work does not grow with the square of the lines.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unifiedDiff } from '../../../server/src/cli/diff.ts';

const times = (count: number, line: (at: number) => string) => Array.from({ length: count }, (_, at) => line(at));
const textOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

/** The text that the diff makes of `before`; each hunk must be where it says. */
function patched(before: string, diff: string): string {
  const [lines, out] = [before.split('\n'), [] as string[]];
  let at = 0;
  for (const line of diff.split('\n').slice(2, -1)) {
    const hunk = /^@@ -(\d+),(\d+) \+(\d+),(\d+) @@$/.exec(line)?.slice(1).map(Number);
    if (hunk) {
      const [start = 0, size = 0, startAfter = 0, sizeAfter = 0] = hunk;
      while (at < (size === 0 ? start : start - 1)) out.push(lines[at++]!);
      assert.equal(out.length, sizeAfter === 0 ? startAfter : startAfter - 1, line);
    } else if (line.startsWith('+')) out.push(line.slice(1));
    else {
      assert.equal(line.slice(1), lines[at]);
      if (line.startsWith(' ')) out.push(lines[at]!);
      at++;
    }
  }
  return [...out, ...lines.slice(at)].join('\n');
}

const marks = (diff: string) =>
  ['-', '+'].map(
    (mark) => diff.split('\n').filter((line) => line.startsWith(mark) && !/^(?:---|\+\+\+) /.test(line)).length,
  );

test('each of 10,000 objects of a file is changed in one line', () => {
  const object = (value: string) => (at: number) => `- name: a${at}\n  kind: ServiceEntry\n  value: ${value}`;
  const [before, after] = [textOf(times(10_000, object('old'))), textOf(times(10_000, object('new')))];
  const diff = unifiedDiff('a.yaml', before, after);
  assert.deepEqual(marks(diff), [10_000, 10_000]);
  assert.equal(patched(before, diff), after);
});

test('lines that moved, and stretches without a line of their own, are told exactly', () => {
  const before = textOf([
    ...times(1500, (at) => `a${at}`),
    ...times(1500, (at) => `same ${at % 3}`),
    ...times(1500, (at) => `b${at}`),
  ]);
  const after = textOf([
    ...times(1500, (at) => `b${at}`),
    ...times(1400, (at) => `same ${at % 4}`),
    ...times(1500, (at) => `a${1500 - at}`),
  ]);
  assert.equal(patched(before, unifiedDiff('a.yaml', before, after)), after);
});

test('long texts with nothing in common are one hunk', () => {
  const [before, after] = [textOf(times(3000, (at) => `a${at}`)), textOf(times(2500, (at) => `b${at}`))];
  const diff = unifiedDiff('a.yaml', before, after);
  assert.deepEqual(marks(diff), [3000, 2500]);
  assert.equal(patched(before, diff), after);
});

test('random changes of a long file come out as they are', () => {
  let seed = 7;
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  for (let round = 0; round < 10; round++) {
    const lines = times(2500, (at) => (random(3) === 0 ? `line ${at}` : `word ${random(5)}`));
    const changed = lines.flatMap(
      (line) => [[line], [], [line, 'new'], ['other']][random(40) < 37 ? 0 : 1 + random(3)]!,
    );
    const [before, after] = [textOf(lines), textOf(changed)];
    assert.equal(patched(before, unifiedDiff('a.yaml', before, after)), after);
  }
});
