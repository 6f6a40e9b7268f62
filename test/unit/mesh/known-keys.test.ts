// What facts rest on: each key is kept once, and as long as a fact has it or rests on it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownKeys, type Fact } from '../../../server/src/mesh/index/fact.ts';

const fact = (key: string): Fact => ({
  key,
  compute: () => undefined,
  steps: undefined,
  value: undefined,
  behind: [],
  doubt: 'none',
  changedAt: 0,
  checkedAt: 0,
});

test('one, several and no facts rest on a key', () => {
  const known = new KnownKeys();
  const [a, b] = [fact('?a'), fact('?b')];
  const readers = () => [...known.readersOf('host=x')];
  assert.deepEqual(readers(), []);
  known.rest(a, ['host=x']);
  assert.deepEqual(readers(), [a]);
  known.rest(b, ['host=x', '?a']);
  assert.deepEqual(readers(), [a, b]);
  assert.equal(a.behind[0], b.behind[0]);
  assert.equal(known.countReaders('host=x'), 2);
  known.rest(a, []);
  assert.deepEqual(readers(), [b]);
  known.rest(b, ['?a']);
  assert.deepEqual(readers(), []);
  assert.equal(known.countReaders('?a'), 1);
});

test('a fact is found by what rests on it, also where it comes later or comes again', () => {
  const known = new KnownKeys();
  const [a, again, b] = [fact('?a'), fact('?a'), fact('?b')];
  known.rest(b, ['?a']);
  assert.equal(b.behind[0]!.fact, undefined);
  known.add(a);
  assert.equal(b.behind[0]!.fact, a);
  known.delete(a);
  known.add(again);
  assert.equal(b.behind[0]!.fact, again);
  known.delete(a);
  assert.equal(known.fact('?a'), again);
  assert.equal(known.size, 1);
});

test('nothing is kept of a key that nobody has or rests on', () => {
  const known = new KnownKeys();
  const [a, b] = [fact('?a'), fact('?b')];
  known.add(a);
  known.rest(b, ['?a', 'host=x']);
  assert.equal(known.count, 2);
  known.rest(b, []);
  assert.equal(known.count, 1);
  known.delete(a);
  assert.equal(known.count, 0);
});
