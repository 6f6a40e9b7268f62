// A small set is a set, whatever form it has.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countMembers, type Members, membersOf, withMember, withoutMember } from '../../../server/src/base/members.ts';
import { fc } from '../../kit/fast-check.ts';

test('after any steps the members are those of a set, in its order', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(12)), { maxLength: 60 }), (steps) => {
      let members: Members<number>;
      const set = new Set<number>();
      for (const [isAdded, one] of steps) {
        members = isAdded ? withMember(members, one) : withoutMember(members, one);
        if (isAdded) set.add(one);
        else set.delete(one);
        assert.deepEqual([...membersOf(members)], [...set]);
        assert.equal(countMembers(members), set.size);
      }
    }),
  );
});
