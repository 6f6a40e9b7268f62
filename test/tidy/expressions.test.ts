// No text of a file becomes a regular expression of JavaScript, whose engine goes back and may never end: base/patterns/ runs such texts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTree, withoutComments, type Tree } from './source-tree.ts';

/** Files that put expressions together, with what they make them of. */
const allowed: Readonly<Record<string, string>> = {
  'server/src/base/patterns/char-sets.ts': 'a Unicode property, on one character at a time',
  'server/src/names/kubernetes-names.ts': 'parts written in the file',
  'server/src/model/placeholders.ts': 'parts written in the file',
  'server/src/eval/log/source.ts': 'names of labels written in the file',
  'server/src/eval/log/read-line.ts': 'a control character, which a literal must not have',
  'server/src/schema/values.ts': 'patterns of the bundled schemas, on at most 1000 characters',
};

const making = /\bRegExp\s*\(/;

function expressionsFromTexts(tree: Tree): readonly string[] {
  return [...tree].filter(([, text]) => making.test(withoutComments(text))).map(([path]) => path);
}

test('the check finds what it is for', () => {
  const tree = (text: string): Tree => new Map([['a.ts', text]]);
  for (const text of ['new RegExp(pattern)', 'RegExp(`^${x}$`)', 'new RegExp (a)'])
    assert.deepEqual(expressionsFromTexts(tree(text)), ['a.ts'], text);
  for (const text of ['const x: RegExp = /a/;', '// new RegExp(a)', '(found: RegExpExecArray)'])
    assert.deepEqual(expressionsFromTexts(tree(text)), [], text);
});

test('expressions are put together only where it is written why that is safe', () =>
  assert.deepEqual(
    [...expressionsFromTexts(readTree(['server/src', 'client/src']))].sort(),
    Object.keys(allowed).sort(),
  ));
