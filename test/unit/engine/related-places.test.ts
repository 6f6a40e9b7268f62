// A finding of one file that points into another is published again when the place there moves.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LineIndex } from '../../../server/src/base/line-index.ts';
import { PlacedFiles } from '../../../server/src/engine/placed-files.ts';
import { newWorkspace } from '../../kit/workspace.ts';

const entry = (name: string, rest = '') =>
  `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: ${name}\n  namespace: edge\nspec:\n  hosts: [${name}.example.com]\n${rest}  ports:\n  - { number: 80, name: http, protocol: HTTP }\n  resolution: DNS\n`;
const relatedLines = (workspace: ReturnType<typeof newWorkspace>, uri: string) =>
  workspace
    .findings(uri)
    .flatMap(({ related }) => related.map(({ uri: where, range }) => `${where}:${range.start.line}`));

test('an earlier document of a file grows: findings elsewhere that point behind it changed', () => {
  const workspace = newWorkspace();
  const first = entry('first');
  const rest = `---\n${entry('a')}`;
  workspace.setFile('file:///a.yaml', first + rest);
  workspace.setFile('file:///b.yaml', entry('a'));
  workspace.refresh();
  const before = relatedLines(workspace, 'file:///b.yaml');
  assert.ok(
    before.some((place) => place.startsWith('file:///a.yaml')),
    before.join(),
  );

  workspace.setFile('file:///a.yaml', entry('first', '  exportTo: ["*"]\n') + rest);
  const changed = workspace.refresh();
  assert.ok(changed.has('file:///b.yaml'));
  assert.deepEqual(
    relatedLines(workspace, 'file:///b.yaml'),
    before.map((place) =>
      place.replace(/\d+$/, (line) => (place.includes('a.yaml') ? String(Number(line) + 1) : line)),
    ),
  );

  workspace.setFile('file:///a.yaml', entry('first', '  exportTo: ["shop"]\n') + rest);
  assert.ok(!workspace.refresh().has('file:///b.yaml'), 'no line moved');
});

test('a document that is read again has its place in the order of the file before the file is set', () => {
  const files = new PlacedFiles();
  files.expect(7, 120);
  assert.deepEqual([files.startOf(7), files.startOf(8), files.placeOf(7)], [120, undefined, undefined]);
  files.set({ uri: 'file:///a.yaml', documents: [], lines: new LineIndex(''), facts: {} }, '');
  assert.equal(files.startOf(7), undefined);
});
