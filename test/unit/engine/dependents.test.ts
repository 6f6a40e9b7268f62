// Who is woken by which key.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../kit/fast-check.ts';
import { Dependents, isRead } from '../../../server/src/engine/dependents.ts';
import { KnownKeys } from '../../../server/src/mesh/index/fact.ts';

function start() {
  const known = new KnownKeys();
  const dependents = new Dependents(known);
  const set = (subject: number, keys: readonly string[]) =>
    dependents.set(subject, new Set(keys.map((key) => known.of(key))));
  return { known, dependents, set };
}

test('readers of a key are those that read it last', () => {
  const { known, dependents, set } = start();
  assert.ok(dependents.isEmpty);
  set(1, ['a', 'b']);
  set(2, ['b']);
  assert.deepEqual([...dependents.readers('b')], [1, 2]);
  set(1, ['a']);
  assert.deepEqual([...dependents.readers('b')], [2]);
  dependents.delete(2);
  assert.deepEqual([...dependents.readers('b')], []);
  assert.deepEqual(
    dependents.keysOf(1).map(({ key }) => key),
    ['a'],
  );
  assert.ok(isRead(known.of('a')));
  assert.ok(!isRead(known.of('b')));
  known.release([known.of('b')]);
  set(1, []);
  assert.ok(dependents.isEmpty);
  assert.equal(known.count, 0);
});

const key = fc.constantFrom('a', 'b', 'c');
const step = fc.oneof(
  fc.record({ op: fc.constant('set' as const), subject: fc.integer({ min: 1, max: 4 }), keys: fc.uniqueArray(key) }),
  fc.record({ op: fc.constant('delete' as const), subject: fc.integer({ min: 1, max: 4 }), keys: fc.constant([]) }),
);

test('a key that was dropped before it is rested on is the one that took its place, or stands in the table again', () => {
  const { known, dependents } = start();
  const early = known.of('a');
  known.release([early]);
  const late = known.of('a');
  dependents.set(1, [late]);
  dependents.set(2, [early]);
  assert.deepEqual([...dependents.readers('a')], [1, 2]);
  dependents.delete(1);
  dependents.delete(2);
  assert.equal(known.count, 0);
  dependents.set(3, [early]);
  assert.deepEqual([...dependents.readers('a')], [3]);
});

test('after any steps the answers are those of a plain table', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const { known, dependents, set } = start();
      const table = new Map<number, ReadonlySet<string>>();
      for (const { op, subject, keys } of steps) {
        if (op === 'set') {
          set(subject, keys);
          table.set(subject, new Set(keys));
        } else {
          dependents.delete(subject);
          table.delete(subject);
        }
      }
      for (const one of ['a', 'b', 'c']) {
        const readers = [...table].filter(([, keys]) => keys.has(one)).map(([subject]) => subject);
        const ascending = (a: number, b: number) => a - b;
        assert.deepEqual([...dependents.readers(one)].sort(ascending), readers.sort(ascending));
      }
      assert.equal(known.count, new Set([...table.values()].flatMap((keys) => [...keys])).size);
      assert.equal(
        dependents.isEmpty,
        [...table.values()].every((keys) => keys.size === 0),
      );
    }),
  );
});

test('thousands of keys are noted in steps, and between two of them every key where the subject is noted is known', () => {
  const { known, dependents } = start();
  const keysFrom = (first: number) => new Set(Array.from({ length: 3500 }, (_, i) => known.of(`key ${first + i}`)));
  dependents.set(1, keysFrom(0));
  let steps = 0;
  for (const _ of dependents.setting(1, keysFrom(2000))) {
    steps++;
    const noted = Array.from({ length: 5500 }, (__, i) => `key ${i}`).filter(
      (one) => [...dependents.readers(one)].length > 0,
    );
    assert.deepEqual(
      dependents
        .keysOf(1)
        .map((one) => one.key)
        .toSorted(),
      noted.toSorted(),
    );
  }
  assert.ok(steps > 3, `${steps} steps`);
  assert.equal(dependents.keysOf(1).length, 3500);
  for (const _ of dependents.setting(1, keysFrom(8000))) break; // as an edit makes it end
  dependents.delete(1);
  known.release(keysFrom(8000));
  assert.equal(known.count, 0);
});

test('a key that comes before thousands leaves these where they are noted', () => {
  const { known, dependents, set } = start();
  const many = Array.from({ length: 3000 }, (_, i) => `key ${i}`);
  set(1, many);
  let steps = 0;
  for (const _ of dependents.setting(1, new Set(['first', ...many].map((one) => known.of(one))))) steps++;
  assert.equal(steps, 0);
  assert.deepEqual([...dependents.readers('first'), ...dependents.readers('key 2999')], [1, 1]);
});
