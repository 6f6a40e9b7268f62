// Long work lets other messages through, ends where no one waits for it, and says so where an edit came in between.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inSlices } from '../../../server/src/lsp/in-slices.ts';

/** Each step takes longer than a slice. */
function* slowSteps(count: number): Generator<number> {
  for (let i = 0; i < count; i++) {
    const end = performance.now() + 3;
    while (performance.now() < end);
    yield i;
  }
}

test('a pause comes after each slice, and every step is taken', async () => {
  const taken: number[] = [];
  let pauses = 0;
  const pause = () => {
    pauses++;
    return Promise.resolve();
  };
  await inSlices(slowSteps(4), { pause, take: (one) => taken.push(one) });
  assert.deepEqual(taken, [0, 1, 2, 3]);
  assert.equal(pauses, 4);
});

test('work that is cancelled in a pause ends there', async () => {
  const taken: number[] = [];
  await inSlices(slowSteps(1000), {
    pause: () => Promise.resolve(),
    isStopped: () => taken.length === 2,
    take: (one) => taken.push(one),
  });
  assert.deepEqual(taken, [0, 1]);
});
