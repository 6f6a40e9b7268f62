// Lines of short and of long texts, which are kept in two forms: both say what a look at each character says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LineIndex } from '../../../server/src/base/line-index.ts';
import { fc } from '../../kit/fast-check.ts';

/** Line by line, each with its break. */
function linesOf(text: string): readonly string[] {
  const lines = text.match(/[^\r\n]*(?:\r\n|\r|\n)/g) ?? [];
  return [...lines, text.slice(lines.join('').length)];
}

const breaks = fc.constantFrom('\n', '\r\n', '\r');
const texts = fc.oneof(
  fc.array(fc.tuple(fc.string({ maxLength: 5 }), breaks), { maxLength: 8 }),
  fc.array(fc.tuple(fc.constantFrom('', 'a', 'spec: {}'), breaks), { minLength: 250, maxLength: 260 }),
  fc.array(fc.tuple(fc.constantFrom('a', 'b'.repeat(70_000)), breaks), { maxLength: 3 }),
);

test('an offset is in its line, and the line leads back to it', () => {
  fc.assert(
    fc.property(texts, fc.nat(), (parts, anywhere) => {
      const text = `${parts.flat().join('')}end`;
      const lines = linesOf(text);
      const index = new LineIndex(text);
      assert.equal(index.lineCount, lines.length);
      const offset = anywhere % (text.length + 1);
      const position = index.positionAt(offset);
      assert.equal(lines.slice(0, position.line).join('').length + position.character, offset);
      assert.ok(position.character < lines[position.line]!.length || offset === text.length);
      assert.equal(index.offsetAt(position), offset);
    }),
  );
});

test('what is outside of the text is at its ends', () => {
  for (const text of ['', 'a', 'a\nb', 'a\n'.repeat(300)]) {
    const index = new LineIndex(text);
    assert.deepEqual(index.positionAt(-1), { line: 0, character: 0 });
    assert.deepEqual(index.positionAt(text.length + 5), index.positionAt(text.length));
    assert.equal(index.offsetAt({ line: -1, character: 3 }), 0);
    assert.equal(index.offsetAt({ line: index.lineCount, character: 0 }), text.length);
    assert.equal(index.offsetAt({ line: 0, character: 9 }), text.includes('\n') ? 2 : text.length);
  }
});
