import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDocument } from '../../../server/src/yaml/parse.ts';
import {
  asBool,
  asMap,
  asNumber,
  asSeq,
  asString,
  at,
  entryOf,
  nodeAt,
  pathSpan,
} from '../../../server/src/yaml/read.ts';
import type { FieldPath } from '../../../server/src/base/field-path.ts';

const TEXT = 'kind: ServiceEntry\nspec:\n  ports:\n  - number: 80\n    name: http\n  x: true\n  x: false\n  80: y\n';
const { root } = parseDocument(TEXT);

test('a path leads through maps and lists', () => {
  assert.equal(asString(at(root, ['kind'])), 'ServiceEntry');
  assert.equal(asNumber(at(root, ['spec', 'ports', 0, 'number'])), 80);
  assert.equal(asString(at(root, ['spec', '80'])), 'y');
  assert.equal(asString(at(root, ['spec', 80])), 'y');
  for (const path of [
    ['spec', 'none'],
    ['spec', 'ports', 1],
    ['spec', 'ports', 'number'],
    ['kind', 'x'],
  ])
    assert.equal(at(root, path), undefined);
});

test('of a key given twice the last one counts', () =>
  assert.equal(asBool(entryOf(at(root, ['spec']), 'x')?.value), false));

test('readers take only their own kind', () => {
  const readers = [asString, asNumber, asBool, asMap, asSeq];
  const kinds = [['kind'], ['spec', 'ports', 0, 'number'], ['spec', 'x'], ['spec'], ['spec', 'ports']];
  for (const [i, path] of kinds.entries())
    assert.deepEqual(
      readers.map((reader) => reader(at(root, path)) !== undefined),
      readers.map((_, j) => i === j),
    );
  for (const reader of readers) assert.equal(reader(undefined), undefined);
});

test('an offset is in the innermost node around it', () => {
  const place = (text: string, within = 1) => {
    const found = nodeAt(root, TEXT.indexOf(text) + within);
    return found && [found.path.join('.'), found.onKey, found.node.kind];
  };
  assert.deepEqual(place('kind'), ['kind', true, 'scalar']);
  assert.deepEqual(place('ServiceEntry'), ['kind', false, 'scalar']);
  assert.deepEqual(place('number'), ['spec.ports.0.number', true, 'scalar']);
  assert.deepEqual(place('80'), ['spec.ports.0.number', false, 'scalar']);
  assert.deepEqual(place('http', 4), ['spec.ports.0.name', false, 'scalar']);
  assert.deepEqual(place('- number'), ['spec.ports', false, 'seq']);
  assert.equal(nodeAt(root, TEXT.length), undefined);
  assert.equal(nodeAt(undefined, 0), undefined);
});

test('the span of a path that is not there is that of the nearest node above', () => {
  const textOf = (path: FieldPath) => TEXT.slice(pathSpan(root!, path).start, pathSpan(root!, path).end);
  assert.equal(textOf(['spec', 'ports', 0, 'name']), 'http');
  assert.equal(textOf(['spec', 'ports', 0, 'protocol']), 'number: 80\n    name: http');
  assert.equal(textOf(['metadata', 'name']), TEXT.trimEnd());
});
