// Who is woken by which key.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../kit/fast-check.ts';
import { Dependents } from '../../../server/src/engine/dependents.ts';

test('readers of a key are those that read it last', () => {
  const dependents = new Dependents();
  assert.ok(dependents.isEmpty);
  dependents.set(1, new Set(['a', 'b']));
  dependents.set(2, new Set(['b']));
  assert.deepEqual([...dependents.readers('b')], [1, 2]);
  dependents.set(1, new Set(['a']));
  assert.deepEqual([...dependents.readers('b')], [2]);
  dependents.delete(2);
  assert.deepEqual([...dependents.readers('b')], []);
  assert.deepEqual(dependents.keysOf(1), ['a']);
  dependents.set(1, new Set());
  assert.ok(dependents.isEmpty);
});

const key = fc.constantFrom('a', 'b', 'c');
const step = fc.oneof(
  fc.record({ op: fc.constant('set' as const), subject: fc.integer({ min: 1, max: 4 }), keys: fc.uniqueArray(key) }),
  fc.record({ op: fc.constant('delete' as const), subject: fc.integer({ min: 1, max: 4 }), keys: fc.constant([]) }),
);

test('after any steps the answers are those of a plain table', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const dependents = new Dependents();
      const table = new Map<number, ReadonlySet<string>>();
      for (const { op, subject, keys } of steps) {
        if (op === 'set') {
          dependents.set(subject, new Set(keys));
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
      assert.equal(
        dependents.isEmpty,
        [...table.values()].every((keys) => keys.size === 0),
      );
    }),
  );
});
