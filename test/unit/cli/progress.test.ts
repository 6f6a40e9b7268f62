// The line on a terminal that says what a long run is doing, with a clock of its own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columnsOf } from '../../../server/src/host/node/terminal.ts';
import { progressOn } from '../../../server/src/host/node/progress.ts';

function terminal(columns = 80) {
  const texts: string[] = [];
  const clock = { now: 0 };
  const timers = new Set<() => void>();
  const progress = progressOn({
    write: (text) => void texts.push(text),
    now: () => clock.now,
    repeat(draw) {
      timers.add(draw);
      return () => timers.delete(draw);
    },
    columns,
  });
  const steps = (count: number, doing = 'reading files') => {
    for (let i = 0; i < count; i++) progress.step(doing);
  };
  return { texts, clock, timers, progress, steps };
}

test('a run of less than a second says nothing, and has nothing to take away', () => {
  const { texts, clock, progress, steps } = terminal();
  steps(1000);
  clock.now = 999;
  steps(1000);
  progress.clear();
  assert.deepEqual(texts, []);
});

test('a longer one says what it does, of one thing at most ten times a second, and takes it away once', () => {
  const { texts, clock, progress, steps } = terminal();
  clock.now = 1000;
  steps(160);
  assert.deepEqual(texts, ['\ristio-egress: reading files\u001b[K']);
  clock.now = 1100;
  steps(16);
  assert.equal(texts.at(-1), '\ristio-egress: reading files (176)\u001b[K');
  progress.clear();
  progress.clear();
  assert.deepEqual(texts.slice(2), ['\r\u001b[K']);
});

test('one long step is said when it begins', () => {
  const { texts, clock, progress } = terminal();
  clock.now = 1000;
  progress.step('working out the answer');
  progress.step('checking');
  assert.deepEqual(texts, ['\ristio-egress: working out the answer\u001b[K', '\ristio-egress: checking\u001b[K']);
});

test('what is waited for is said until it ends, also where it fails', async () => {
  const { texts, clock, timers, progress } = terminal();
  const waited = progress.during('running kubectl', Promise.resolve(1));
  clock.now = 1500;
  for (const draw of timers) draw();
  assert.equal(await waited, 1);
  assert.deepEqual(texts, ['\ristio-egress: running kubectl\u001b[K']);
  await assert.rejects(progress.during('running kubectl', Promise.reject(new Error('no'))));
  assert.equal(timers.size, 0);
});

test('the line fits the terminal', () => {
  const { texts, clock, steps } = terminal(20);
  clock.now = 2000;
  steps(16);
  assert.deepEqual(texts, ['\ristio-egress: readi\u001b[K']);
});

test('a terminal without a size has no width', () => {
  assert.equal(columnsOf({ isTTY: true, columns: 100 }), 100);
  for (const stream of [{ isTTY: true, columns: 0 }, { isTTY: false, columns: 100 }, { isTTY: true }, {}])
    assert.equal(columnsOf(stream), undefined);
});
