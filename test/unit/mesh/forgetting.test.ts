// Facts that nobody asks for any more leave nothing behind.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Doubts } from '../../../server/src/mesh/index/doubts.ts';
import { KnownKeys, type Fact } from '../../../server/src/mesh/index/fact.ts';
import { Forgetting } from '../../../server/src/mesh/index/forgetting.ts';
import { factOf } from '../../kit/fact.ts';

function factOn(known: KnownKeys, key: string, keys: number): Fact {
  const fact = known.add(known.of(key), factOf);
  known.rest(
    fact,
    Array.from({ length: keys }, (_, i) => known.of(`host=${i}`)),
  );
  return fact;
}

test('a fact that rests on thousands of keys is gone at once, and its keys in steps, also where these are given up', () => {
  const known = new KnownKeys();
  const doubts = new Doubts(known);
  const forgetting = new Forgetting(known, doubts);
  const [kept, large] = [factOn(known, '?kept', 1), factOn(known, '?large', 2500)];
  const isKept = (fact: Fact) => fact === kept;
  for (const _ of forgetting.forgetting([kept, large], isKept)) break;
  assert.equal(known.fact('?large'), undefined);
  assert.ok(!forgetting.isDone);
  doubts.of(['host=2']);
  doubts.markAll();
  assert.equal(doubts.facts.size, 0, 'an edit does not bring it back');
  let steps = 0;
  for (const _ of forgetting.forgetting([], isKept)) steps++;
  assert.ok(steps > 2, `${steps} steps`);
  assert.ok(forgetting.isDone);
  assert.deepEqual([known.fact('?kept'), known.count], [kept, 2]);
});
