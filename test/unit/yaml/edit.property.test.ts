import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../kit/fast-check.ts';
import { applyEdits } from '../../../server/src/base/text-edit.ts';
import { editsFor } from '../../../server/src/yaml/edit.ts';
import { applyToPlain } from '../../../server/src/yaml/edit-operation.ts';
import { samePlain } from '../../../server/src/yaml/plain.ts';
import type { FieldOperation } from '../../../server/src/yaml/edit-operation.ts';
import { parseDocument } from '../../../server/src/yaml/parse.ts';
import { at, entryOf, toPlain } from '../../../server/src/yaml/read.ts';
import type { Plain } from '../../../server/src/yaml/plain.ts';
import { columnOf, lineStart } from '../../../server/src/yaml/lines.ts';
import type { YamlDocument, YamlNode, YamlSeq } from '../../../server/src/yaml/node.ts';
import { habits, manifests, render, values } from './render.ts';
import type { FieldPath } from '../../../server/src/base/field-path.ts';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 400);

interface Wish {
  readonly op: FieldOperation['op'];
  readonly turns: readonly number[];
  readonly newKeys: readonly (string | number)[];
  readonly value: Plain;
}

const wishes: fc.Arbitrary<Wish> = fc.record({
  op: fc.constantFrom<FieldOperation['op']>('set', 'append', 'remove', 'rename-key'),
  turns: fc.array(fc.nat(9), { maxLength: 4 }),
  newKeys: fc.array(fc.constantFrom<string | number>('new', 'fresh', 'on', '8080', 0, 1), { maxLength: 3 }),
  value: values,
});

test('the render of the tests is read as the value it was made from', () => {
  fc.assert(
    fc.property(manifests, habits, (value, how) => {
      const { root, errors } = parseDocument(render(value, how));
      assert.deepEqual(errors, []);
      assert.deepEqual(root ? toPlain(root) : null, value);
    }),
    { numRuns: RUNS },
  );
});

test('an edit says what was asked and keeps every comment outside of what it replaces', () => {
  fc.assert(
    fc.property(manifests, habits, wishes, (value, how, wish) => {
      const text = render(value, how);
      const tree = parseDocument(text);
      const before = tree.root && toPlain(tree.root);
      const operation = operationFor(before, wish);
      const wanted = applyToPlain(before, operation);
      const edited = applyEdits(text, editsFor(text, tree, operation));
      const after = parseDocument(edited);
      const context = () => `${JSON.stringify(operation)}\n--- before\n${text}\n--- after\n${edited}`;
      assert.deepEqual(after.errors, [], context());
      assert.deepEqual(after.root && toPlain(after.root), wanted === undefined ? before : wanted, context());
      const left = commentsOf(edited, after);
      for (const comment of keptComments(text, tree, operation))
        assert.ok(left.includes(comment), `${comment} is lost\n${context()}`);
      assert.ok(!text.includes('\r\n') || !/[^\r]\n/.test(edited), `a line break changed\n${context()}`);
      if (tree.root) assert.equal(edited.endsWith('\n'), text.endsWith('\n'), context());
    }),
    { numRuns: RUNS },
  );
});

const SLIPS = ['reso\n', '"', '[', '{', '\n', '\t', ': ', '  ', 'x: 1\n', '&a ', '*a', '<<: *a\n', '? ', '!t '];
const slips = fc.array(fc.record({ at: fc.nat(9999), inserted: fc.constantFrom(...SLIPS) }), {
  minLength: 1,
  maxLength: 3,
});

function broken(text: string, made: readonly { readonly at: number; readonly inserted: string }[]): string {
  return made.reduce(
    (now, { at, inserted }) => now.slice(0, at % (now.length + 1)) + inserted + now.slice(at % (now.length + 1)),
    text,
  );
}

test('an edit of broken text does what was asked or nothing', () => {
  let [done, refused] = [0, 0];
  fc.assert(
    fc.property(manifests, habits, slips, wishes, (value, how, made, wish) => {
      const text = broken(render(value, how), made);
      const tree = parseDocument(text);
      const before = tree.root && toPlain(tree.root);
      const operation = operationFor(before, wish);
      const wanted = applyToPlain(before, operation);
      const edits = editsFor(text, tree, operation);
      if (edits.length === 0) {
        if (wanted !== undefined && !samePlain(wanted, before)) refused++;
        return;
      }
      done++;
      const after = parseDocument(applyEdits(text, edits));
      assert.ok(samePlain(after.root && toPlain(after.root), wanted), `${JSON.stringify(operation)}\n${text}`);
    }),
    { numRuns: RUNS },
  );
  assert.ok(done > refused * 5, `${done} done, ${refused} refused`);
});

test('an edit of an item of a list is the same, tried on the item alone or on all of the document', () => {
  let [done, brokenOnes] = [0, 0];
  const lists = fc.tuple(fc.array(manifests, { minLength: 1, maxLength: 4 }), fc.constantFrom('', 'after: 1'));
  fc.assert(
    fc.property(
      lists,
      habits,
      fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, slips),
      fc.nat(3),
      wishes,
      ([items, last], how, made, index, wish) => {
        const value = { kind: 'List', items, ...(last !== '' && { last }) };
        const text = broken(render(value, how), made);
        if (parseDocument(text).errors.length > 0) brokenOnes++;
        const operation = operationFor(items[index % items.length], wish);
        // Only what is below `items` is tried alone.
        const inList = (key: string, { path, ...rest }: FieldOperation): FieldOperation => ({
          ...rest,
          path: [key, index % items.length, ...path],
        });
        const editsIn = (key: string) => {
          const own = text.replace('items', key);
          const edits = editsFor(own, parseDocument(own), inList(key, operation));
          return edits.map(({ span, newText }) => ({ span, newText: newText.replaceAll(key, 'items') }));
        };
        const edits = editsIn('items');
        assert.deepEqual(
          edits,
          editsIn('itemz'),
          `${JSON.stringify(operation)} of item ${index % items.length}\n${text}`,
        );
        if (edits.length > 0) done++;
      },
    ),
    { numRuns: RUNS },
  );
  assert.ok(done > RUNS / 8 && brokenOnes > RUNS / 20, `${done} done, ${brokenOnes} broken`);
});

/** Walks into the value where the turns lead, so that most wishes name a place that is there. */
function operationFor(plain: Plain | undefined, { op, turns, newKeys, value }: Wish): FieldOperation {
  const path: (string | number)[] = [];
  let here: Plain | undefined = plain;
  for (const turn of turns) {
    if (Array.isArray(here) && here.length > 0) path.push(turn % here.length);
    else if (typeof here === 'object' && here !== null && Object.keys(here).length > 0)
      path.push(Object.keys(here)[turn % Object.keys(here).length]!);
    else break;
    here = (here as Record<string | number, Plain>)[path.at(-1)!];
  }
  if (op === 'remove') return { op, path };
  if (op === 'rename-key') return { op, path, key: String(newKeys[0] ?? 'renamed') };
  return { op, path: [...path, ...newKeys], value };
}

function commentsOf(text: string, { comments }: YamlDocument): string[] {
  return comments.map(({ start, end }) => text.slice(start, end));
}

/** Comments that do not stand on the lines of the field that is set or removed. */
function keptComments(text: string, tree: YamlDocument, { op, path }: FieldOperation): string[] {
  const region = op === 'append' || op === 'rename-key' ? undefined : regionOf(text, tree, path);
  return tree.comments
    .filter(({ start }) => !region || start < region.start || start >= region.end)
    .map(({ start, end }) => text.slice(start, end));
}

function regionOf(text: string, { root }: YamlDocument, path: FieldPath): { start: number; end: number } | undefined {
  const node = root && at(root, path);
  if (!node) return undefined;
  const parent = at(root, path.slice(0, -1));
  const newline = text.indexOf('\n', node.span.end);
  const end = newline < 0 ? text.length : newline;
  if (parent?.kind === 'seq' && path.length > 0) return { start: dashLine(text, parent, node), end };
  const key = path.length > 0 ? entryOf(parent, String(path.at(-1)))?.key : undefined;
  return { start: lineStart(text, (key ?? node).span.start), end };
}

/** Comments may stand between a dash and its value. */
function dashLine(text: string, seq: YamlSeq, item: YamlNode): number {
  const column = columnOf(text, seq.span.start);
  let line = lineStart(text, item.span.start);
  while (line > lineStart(text, seq.span.start) && text[line + column] !== '-') line = lineStart(text, line - 1);
  return line;
}
