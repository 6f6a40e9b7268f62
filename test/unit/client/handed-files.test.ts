// The worker's file system: what a client hands over is read like a folder on a disk.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folderReader } from '../../../server/src/engine/folder-reader.ts';
import { HandedFileSystem } from '../../../server/src/host/web/handed-files.ts';

const home = 'vscode-vfs://github/owner/mesh';
const entry = 'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: a\n';

function handed(files: Readonly<Record<string, string>>): HandedFileSystem {
  const system = new HandedFileSystem();
  system.take({ files: Object.entries(files).map(([name, text]) => ({ uri: `${home}/${name}`, text })) });
  return system;
}

function readAll(system: HandedFileSystem) {
  return [...folderReader(system, system.pathOf).files(home)].filter((file) => file !== undefined);
}

function urisRead(system: HandedFileSystem): readonly string[] {
  return readAll(system)
    .map(({ uri }) => uri.slice(home.length + 1))
    .sort();
}

test('every file of the folder is read, however deep', () => {
  assert.deepEqual(urisRead(handed({ 'a.yaml': entry, 'deep/er/b.yaml': entry })), ['a.yaml', 'deep/er/b.yaml']);
});

test('what comes later is added, what is gone is not read any more', () => {
  const system = handed({ 'a.yaml': entry, 'b.yaml': entry });
  system.take({
    files: [
      { uri: `${home}/a.yaml`, text: null },
      { uri: `${home}/new/c.yaml`, text: entry },
    ],
  });
  assert.deepEqual(urisRead(system), ['b.yaml', 'new/c.yaml']);
  assert.deepEqual(system.read(`${home}/a.yaml`), { ok: false, reason: 'not found' });
});

test('a file is not looked for above what was handed over', () => {
  const system = handed({ 'a.yaml': entry });
  assert.deepEqual(folderReader(system, system.pathOf).configuration(home, []), {});
});

test("the folder's own configuration is found", () => {
  const system = handed({ '.istio-egress.yaml': 'istioVersion: "1.27"\n', 'a.yaml': entry });
  assert.equal(folderReader(system, system.pathOf).configuration(home, []).mesh?.istioVersion, '1.27');
});

test('a text that changes is the one that is read', () => {
  const system = handed({ 'a.yaml': entry });
  system.take({ files: [{ uri: `${home}/a.yaml`, text: 'kind: Other\n' }] });
  const [file] = readAll(system);
  assert.equal(file && 'text' in file && file.text, 'kind: Other\n');
});
