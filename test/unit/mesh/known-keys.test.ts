// What facts rest on: each key is kept once, and as long as a fact has it or rests on it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownKeys, keysIn, type Fact } from '../../../server/src/mesh/index/fact.ts';
import { factOf } from '../../kit/fact.ts';

const factIn = (known: KnownKeys, key: string): Fact => known.add(known.of(key), factOf);
const rest = (known: KnownKeys, fact: Fact, keys: readonly string[]): void =>
  known.rest(
    fact,
    keys.map((key) => known.of(key)),
  );

test('one, several and no facts rest on a key', () => {
  const known = new KnownKeys();
  const [a, b] = [factIn(known, '?a'), factIn(known, '?b')];
  const readers = () => [...known.readersOf('host=x')];
  assert.deepEqual(readers(), []);
  rest(known, a, ['host=x']);
  assert.deepEqual(readers(), [a]);
  rest(known, b, ['host=x', '?a']);
  assert.deepEqual(readers(), [a, b]);
  assert.equal(keysIn(a.behind)[0], keysIn(b.behind)[0]);
  rest(known, a, []);
  assert.deepEqual(readers(), [b]);
  rest(known, b, ['?a']);
  assert.deepEqual(readers(), []);
  assert.equal(known.countReaders(a), 1);
});

test('a fact is found by what rests on it, also where it comes later or comes again', () => {
  const known = new KnownKeys();
  const b = factIn(known, '?b');
  rest(known, b, ['?a']);
  assert.equal(keysIn(b.behind)[0]!.fact, undefined);
  const a = factIn(known, '?a');
  assert.equal(keysIn(b.behind)[0]!.fact, a);
  known.delete(a);
  const again = factIn(known, '?a');
  assert.equal(keysIn(b.behind)[0]!.fact, again);
  known.delete(a);
  assert.equal(known.fact('?a'), again);
  assert.equal(known.size, 2);
});

test('nothing is kept of a key that nobody has or rests on', () => {
  const known = new KnownKeys();
  const [a, b] = [factIn(known, '?a'), factIn(known, '?b')];
  rest(known, b, ['?a', 'host=x']);
  assert.equal(known.count, 3);
  rest(known, b, []);
  assert.equal(known.count, 2);
  known.delete(b);
  known.delete(a);
  assert.equal(known.count, 0);
});

test('what a fact rests on may come in another order, and less or more of it', () => {
  const known = new KnownKeys();
  const a = factIn(known, '?a');
  for (const keys of [['x', 'y', 'z'], ['x', 'y', 'z'], ['y', 'x'], ['w', 'y', 'x', 'z'], ['z', 'w'], []]) {
    rest(known, a, keys);
    assert.deepEqual(
      keysIn(a.behind).map(({ key }) => key),
      keys,
    );
    for (const key of ['w', 'x', 'y', 'z'])
      assert.deepEqual([...known.readersOf(key)], keys.includes(key) ? [a] : [], `${key} of ${keys.join()}`);
    assert.equal(known.count, 1 + keys.length);
  }
});
