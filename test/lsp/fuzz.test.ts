// Edits, requests, cancelled and malformed ones, and cluster notifications by a seed: a server that took all of them shows what one that starts
// from scratch shows. Longer runs: npm run fuzz. A seed that failed once is kept here.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzz } from '../fuzz/session.ts';
import { unbuilt } from '../fuzz/requests.ts';

const seeds: readonly { readonly seed: number; readonly edits: number }[] = [
  { seed: 1, edits: 2000 },
  { seed: 3, edits: 2000 },
  { seed: 4, edits: 2000 },
];

test('every request of the server has parameters in the fuzzer', () => assert.deepEqual(unbuilt(), []));

for (const { seed, edits } of seeds)
  test(`${edits} edits of seed ${seed}`, { timeout: 600_000 }, async () => {
    const figures = await fuzz(seed, edits, 250);
    assert.equal(figures.edits, edits);
    assert.ok(figures.requests > edits / 5 && figures.cancelled > 0 && figures.malformed > 0, JSON.stringify(figures));
  });
