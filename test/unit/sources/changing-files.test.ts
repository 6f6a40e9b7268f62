// Files that change, shrink, vanish or become something else while a folder is read: what was there is read, and nothing ends the reading.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folderReader } from '../../../server/src/engine/folder-reader.ts';
import { nodeFiles, pathOfUri, uriOfPath } from '../../../server/src/host/node/files.ts';
import type { FileSystem } from '../../../server/src/sources/file-system.ts';
import { writeFiles } from '../../kit/cli.ts';
import { temporaryFolder } from '../../kit/story-folder.ts';

const entry = (name: string) =>
  `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: ${name}, namespace: a }\nspec: { hosts: [${name}.example.com] }\n`;

const changes: Readonly<Record<string, (folder: string) => void>> = {
  'files that vanish': (folder) => rmSync(join(folder, 'b'), { recursive: true }),
  'files that are cut': (folder) =>
    readdirSync(join(folder, 'b')).forEach((name) => truncateSync(join(folder, 'b', name), 40)),
  'files that become folders'(folder) {
    for (const name of readdirSync(join(folder, 'b'))) {
      rmSync(join(folder, 'b', name));
      mkdirSync(join(folder, 'b', name));
    }
  },
  'a folder that becomes a file'(folder) {
    rmSync(join(folder, 'b'), { recursive: true });
    writeFileSync(join(folder, 'b'), 'a file');
  },
  'a folder that moves into itself'(folder) {
    renameSync(join(folder, 'b'), join(folder, 'c'));
    mkdirSync(join(folder, 'b'));
    renameSync(join(folder, 'c'), join(folder, 'b/c'));
  },
};

/** The disk, on which something changes right before an operation. */
function changingBefore(operation: number, change: () => void): FileSystem {
  const files = nodeFiles();
  let done = 0;
  const counted =
    <A extends readonly unknown[], T>(ask: (...given: A) => T) =>
    (...given: A): T => {
      if (++done === operation) change();
      return ask(...given);
    };
  return { list: counted(files.list), read: counted(files.read), stat: counted(files.stat), uriOf: files.uriOf };
}

for (const [name, change] of Object.entries(changes))
  test(name, () => {
    const dir = temporaryFolder('changing');
    let happened = 0;
    for (let operation = 1; operation <= 16; operation++) {
      const folder = join(dir, String(operation));
      writeFiles(folder, { 'a.yaml': entry('a'), 'b/one.yaml': entry('one'), 'b/two.yaml': entry('two') });
      const files = changingBefore(operation, () => {
        happened++;
        change(folder);
      });
      const found = [...folderReader(files, pathOfUri).files(uriOfPath(folder))].flatMap((file) => file ?? []);
      assert.ok(
        found.some((file) => 'text' in file && file.uri.endsWith('/a.yaml')),
        `before operation ${operation}`,
      );
      for (const file of found) if ('why' in file) assert.match(file.why, /\w/);
    }
    assert.ok(happened > 4, `${happened} changes`);
  });
