import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseDocument } from '../../../server/src/yaml/parse.ts';
import { apiValue } from '../../../server/src/schema/api-value.ts';

/** What sigs.k8s.io/yaml v1.6.0 made of the same text. */
const asKubectlReads: readonly (readonly [text: string, value: unknown])[] = [
  ['y', true],
  ['n', false],
  ["'y'", 'y'],
  ['on', true],
  ['Off', false],
  ['yes', true],
  ['oN', 'oN'],
  ['0o17', 15],
  ['1_000', 1000],
  ['0x1F', 31],
  ['0b11', 3],
  ['443.0', 443],
  ['1e3', 1000],
  ['.5', 0.5],
  ['12:30:45', '12:30:45'],
  ['2001-01-01', '2001-01-01'],
  ['+5', 5],
  ['1__0', 10],
  ['0x1_F', 31],
  ['1_0.5', 10.5],
  ['-0x10', -16],
  ['~', null],
  ['text', 'text'],
  ['1.2.3.4', '1.2.3.4'],
  ['_1', '_1'],
  ['0b', '0b'],
  ['5_s', '5_s'],
];

describe('apiValue', () => {
  for (const [text, value] of asKubectlReads) {
    it(text, () => assert.deepEqual(apiValue(parseDocument(`[${text}]`).root!), [value]));
  }
  it('keeps the key of an empty value, and nothing of it', () => {
    const value = apiValue(parseDocument('a:\nb: ~\nc: [~]\n').root!);
    assert.deepEqual(Object.keys(value as object), ['a', 'b', 'c']);
    assert.deepEqual(value, { a: undefined, b: undefined, c: [null] });
  });
  it('takes the last of two keys', () => assert.deepEqual(apiValue(parseDocument('a: 1\na: 2\n').root!), { a: 2 }));
});
