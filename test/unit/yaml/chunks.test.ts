import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../kit/fast-check.ts';
import { splitDocuments } from '../../../server/src/yaml/chunks.ts';
import { parseDocument } from '../../../server/src/yaml/parse.ts';

const CASES: readonly (readonly [what: string, ...chunks: string[]])[] = [
  ['an empty file is one chunk', ''],
  ['a file without markers', 'a: 1\nb: 2\n'],
  ['a marker starts each document', '---\na: 1\n', '---\nb: 2\n'],
  ['the first may do without', 'a: 1\n', '---\nb: 2\n'],
  ['comments above the first marker belong to its document', '# licence\n\n---\na: 1\n', '--- # second\nb: 2\n'],
  ['comments below a marker belong to its document', '---\n# first\na: 1\n', '---\n# second\nb: 2\n'],
  ['a document of comments only', 'a: 1\n', '---\n# nothing\n', '---\nb: 2\n'],
  ['a marker at the end', 'a: 1\n', '---'],
  ['a value on the line of the marker', '--- {a: 1}\n', '---\tb\n'],
  ['Windows line breaks', '---\r\na: 1\r\n', '---\r\nb: 2\r\n'],
  ['a byte order mark', '\uFEFF---\na: 1\n', '---\nb: 2\n'],
  ['a byte order mark where two files were joined', 'a: 1\n', '\uFEFF---\nb: 2\n'],
  ['an end mark, then content', 'a: 1\n...\n', '# of b\nb: 2\n'],
  ['an end mark, then a marker', 'a: 1\n...\n# between\n', '---\nb: 2\n'],
  ['an end mark, then directives', 'a: 1\n...\n', '%YAML 1.2\n---\nb: 2\n'],
  ['directives at the start', '%YAML 1.2\n# x\n---\na: 1\n', '---\nb: 2\n'],
  ['what only looks like a marker', 'a: |\n  ---\nb: "---"\n---c: 1\n ---\n----\n'],
  ['a marker ends a block scalar', 'a: |\n  x\n', '---\nb: 1\n'],
];

for (const [what, ...chunks] of CASES) {
  test(what, () =>
    assert.deepEqual(
      splitDocuments(chunks.join('')).map(({ text }) => text),
      chunks,
    ),
  );
}

test('chunks joined are the file, their starts are where they stand, and none holds two documents', () => {
  const piece = fc.constantFrom(
    '---\n',
    '---',
    '--- ',
    '...\n',
    '\n',
    'a: 1\n',
    '  ',
    '# c\n',
    '%YAML 1.2\n',
    '\r\n',
    '- x\n',
    '\uFEFF',
    '|\n',
    '"',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join('');
      const chunks = splitDocuments(text);
      assert.equal(chunks.map((chunk) => chunk.text).join(''), text);
      let start = 0;
      for (const chunk of chunks) {
        assert.equal(chunk.start, start);
        start += chunk.text.length;
        assert.equal((chunk.text.match(/^---(?=[ \t\r\n]|$)/gm) ?? []).length <= 1, true, JSON.stringify(chunk.text));
        parseDocument(chunk.text);
      }
    }),
    { numRuns: 2000 },
  );
});
