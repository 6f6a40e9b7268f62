// Columns of a table in a terminal: the lines fit, and nothing of a cell is lost.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../kit/fast-check.ts';
import { fitColumns, rowLines, wrap } from '../../../server/src/cli/columns.ts';

const columns = [{ title: 'A' }, { title: 'B', wraps: true }, { title: 'C', wraps: true }];

test('what a short cell leaves over goes to the long one', () => {
  const widths = fitColumns(columns, [['all', 'short', 'x '.repeat(100)]], 60);
  assert.deepEqual(widths, [3, 5, 48]);
});

test('a word that is longer than its column is cut', () => {
  assert.deepEqual(wrap('ab abcdefgh c', 4), ['ab', 'abcd', 'efgh', 'c']);
  assert.deepEqual(wrap('', 4), ['']);
});

test('lines fit the width, and hold every character of every cell', () => {
  const cell = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '/', '.'), minLength: 1, maxLength: 90 }), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(cell, cell, fc.integer({ min: 40, max: 200 }), (b, c, width) => {
      const row = ['some', b.join(' '), c.join(' ')];
      const lines = rowLines(row, fitColumns(columns, [row], width));
      assert.ok(lines.every((line) => line.length <= width && line === line.trimEnd()));
      const letters = (text: string) => text.replaceAll(/\s/g, '').split('').sort().join('');
      assert.equal(letters(lines.join('')), letters(row.join('')));
    }),
  );
});
