import assert from 'node:assert/strict';
import { test } from 'node:test';
import { overlapAsWritten } from '../../../server/src/names/hosts.ts';
import { earlierOverlaps } from '../../../server/src/names/overlapping-hosts.ts';
import { fc } from '../../kit/fast-check.ts';

const parts = fc.array(fc.constantFrom('a', 'b', 'ab', 'com'), { minLength: 1, maxLength: 4 });
const host = fc.tuple(fc.constantFrom('', '*', '*.', 'x.'), parts).map(([start, names]) => start + names.join('.'));

test('as comparing each with each finds them', () =>
  fc.assert(
    fc.property(fc.array(fc.oneof(host, fc.constant('*'), fc.constant('')), { maxLength: 12 }), (hosts) => {
      assert.deepEqual(
        earlierOverlaps(hosts),
        hosts.map((one, i) => hosts.slice(0, i).find((other) => overlapAsWritten(other, one))),
      );
    }),
    { numRuns: 1000 },
  ));

test('what no DNS name can be is compared with nothing', () =>
  assert.deepEqual(earlierOverlaps(['*.com', 'a.'.repeat(1000) + 'com', 'b.com']), [undefined, undefined, '*.com']));
