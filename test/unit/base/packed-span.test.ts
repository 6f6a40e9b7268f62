// A span is the same after it was kept as a number, however far and long it is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packed, unpacked } from '../../../server/src/base/packed-span.ts';
import { sameSpan } from '../../../server/src/base/span.ts';

const places = [0, 1, 2 ** 13 - 1, 2 ** 13, 2 ** 17 - 1, 2 ** 17, 2 ** 24, 2 ** 26 - 1];
const spans = places.flatMap((start) => places.map((length) => ({ start, end: start + length })));

test('every span is unpacked as it was', () => {
  for (const span of spans) assert.deepEqual(unpacked(packed(span)), span);
});

test('different spans are different numbers', () => {
  assert.equal(new Set(spans.map(packed)).size, spans.length);
});

test('two spans are the same by what they say', () => {
  const span = { start: 1, end: 2 };
  assert.ok(sameSpan(span, { ...span }) && sameSpan(undefined, undefined));
  assert.ok(
    !sameSpan(span, { start: 1, end: 3 }) && !sameSpan(span, { start: 0, end: 2 }) && !sameSpan(span, undefined),
  );
});
