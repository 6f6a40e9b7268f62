// Values by ids, beside what a map says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IdTable } from '../../../server/src/base/id-table.ts';
import { fc } from '../../kit/fast-check.ts';

const id = fc.oneof(fc.nat({ max: 200 }), fc.nat({ max: 2 ** 40 }));
const step = fc.record({ id, value: fc.option(fc.string(), { nil: undefined }) });

test('a table says what a map says, in the order of the ids where these came one after the other', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const [table, map] = [new IdTable<string>(), new Map<number, string>()];
      for (const one of steps) {
        if (one.value === undefined) {
          table.delete(one.id);
          map.delete(one.id);
        } else {
          table.set(one.id, one.value);
          map.set(one.id, one.value);
        }
        assert.equal(table.get(one.id), map.get(one.id));
        assert.equal(table.size, map.size);
      }
      assert.deepEqual([...table.values()].sort(), [...map.values()].sort());
    }),
  );
  const table = new IdTable<number>();
  for (let i = 0; i < 1000; i++) table.set(i, i);
  assert.deepEqual(
    [...table.values()],
    Array.from({ length: 1000 }, (_, i) => i),
  );
});
