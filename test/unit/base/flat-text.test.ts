// Texts that are kept are what they were, whichever were kept before: also those that share a place among the last ones.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flatName, flatText } from '../../../server/src/base/flat-text.ts';
import { fc } from '../../kit/fast-check.ts';

const texts = fc.oneof(
  fc.string({ maxLength: 4, unit: 'grapheme' }),
  fc.string({ maxLength: 80 }),
  fc.constantFrom('', 'spec', 'sbec'),
);

test('a text is kept as it is', () => {
  fc.assert(
    fc.property(fc.array(texts), (all) => {
      assert.deepEqual(all.map(flatText), all);
    }),
  );
});

test('a part of a text is what is cut from it', () => {
  fc.assert(
    fc.property(texts, texts, texts, (before, text, behind) => {
      const whole = before + text + behind;
      assert.equal(flatName(whole, before.length, before.length + text.length), text);
    }),
  );
});
