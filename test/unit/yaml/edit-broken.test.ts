// Texts that a random run found: each edit of them once threw.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits } from '../../../server/src/base/text-edit.ts';
import { editsFor } from '../../../server/src/yaml/edit.ts';
import { applyToPlain, type FieldOperation } from '../../../server/src/yaml/edit-operation.ts';
import { parseDocument } from '../../../server/src/yaml/parse.ts';
import { samePlain } from '../../../server/src/yaml/plain.ts';
import { toPlain } from '../../../server/src/yaml/read.ts';

const texts: readonly (readonly [text: string, operation: FieldOperation])[] = [
  [':\nmode:\n- {\np', { op: 'set', path: ['mode', 1, 'new'], value: [1, 2] }],
  ['spec:\n-\n-\n- ["', { op: 'set', path: ['spec', 2, 1, 'new'], value: 'x' }],
  ['- ?a\nn', { op: 'set', path: [1, 'new'], value: 1 }],
  ["'x-y':\n -\n  -\n x: 1", { op: 'set', path: ['x-y', 1, 0, 0, 0, 0], value: 'a\nb\n' }],
  ['? &a [x, y\n', { op: 'append', path: ['a', 2, 'new', 0], value: 1 }],
  ['? &a # head\na:\nmode:\n- [{ n: 1 }|\n, x ]', { op: 'set', path: ['mode', 1, 'new'], value: 1 }],
];

for (const [text, operation] of texts)
  test(`an edit below an item that a broken list lacks does what was asked or nothing: ${JSON.stringify(text)}`, () => {
    const tree = parseDocument(text);
    const edits = editsFor(text, tree, operation);
    if (edits.length === 0) return;
    const after = parseDocument(applyEdits(text, edits)).root;
    assert.ok(samePlain(after && toPlain(after), applyToPlain(tree.root && toPlain(tree.root), operation)));
  });
