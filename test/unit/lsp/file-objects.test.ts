// The objects of all files, for a comparison with a cluster: held by how often a file is read.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CancellationToken } from 'vscode-languageserver';
import { fileObjects } from '../../../server/src/lsp/handlers/file-objects.ts';
import { callsOf } from '../../kit/count-calls.ts';
import { started } from './session-kit.ts';

const namespace = (at: number) => `apiVersion: v1\nkind: Namespace\nmetadata: { name: n${at} }\n`;

test('a file of many documents is not read again for each of them', async () => {
  const count = 200;
  const text = Array.from({ length: count }, (_, at) => namespace(at)).join('---\n');
  const { events, session } = started({ '/w/all.yaml': text, '/w/one.yaml': namespace(count) });
  await session.start(['file:///w']);
  const before = events.length;
  const { files } = await fileObjects(session, undefined, CancellationToken.None);
  assert.equal(files.length, count + 1);
  const read = events.slice(before).filter((event) => event === 'text of /w/all.yaml');
  assert.ok(read.length <= 3, `${read.length} times`);
});

test('a list of many objects is not parsed again for each of them', async () => {
  const list = (count: number) =>
    `apiVersion: v1\nkind: List\nitems:\n${Array.from({ length: count }, (_, at) => `- apiVersion: v1\n  kind: Namespace\n  metadata: { name: n${at} }\n`).join('')}`;
  const parsedFor = async (count: number) => {
    const { session } = started({ '/w/list.yaml': list(count) });
    await session.start(['file:///w']);
    return callsOf('yaml/parse.ts', 'parseDocument', async () => {
      const { files } = await fileObjects(session, undefined, CancellationToken.None);
      assert.equal(files.length, count);
    });
  };
  assert.equal(await parsedFor(100), await parsedFor(2));
});
