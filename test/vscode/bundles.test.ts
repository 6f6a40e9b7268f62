// The worker's bundle must not reach Node: not what it is, and not what someone adds to it by mistake.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { build } from 'esbuild';
import { engine, forWorker, nodeServer, root, workerServer } from '../../server/build/bundles.ts';

const worker = { ...forWorker({ minify: false }), write: false, metafile: true, logLevel: 'silent' } as const;

/** Bundles a module as if it lay in a folder of the server. */
function bundle(contents: string, folder: string) {
  return build({ ...worker, stdin: { contents, loader: 'ts', resolveDir: `${root}/server/src/${folder}` } });
}

test("the server is bundled for a browser's worker, and nothing of Node is left in it", async () => {
  for (const [what, asked] of [
    [engine, ['vscode-languageserver']],
    [workerServer, []],
  ] as const) {
    const { metafile, outputFiles } = await build({
      ...what({ minify: false }),
      write: false,
      logLevel: 'silent',
      outdir: 'dist/web',
    });
    assert.deepEqual(
      Object.keys(metafile?.inputs ?? {}).filter((file) => file.startsWith('server/src/host/node/')),
      [],
    );
    const text = outputFiles?.find(({ path }) => path.endsWith('.js'))?.text ?? '';
    assert.deepEqual([...new Set([...text.matchAll(/\brequire\("([^"]+)"/g)].map(([, name]) => name))], asked);
  }
});

test('what both servers share is bundled once', async () => {
  for (const host of [nodeServer, workerServer]) {
    const { metafile } = await build({ ...host({ minify: false }), write: false, logLevel: 'silent', outdir: 'dist' });
    assert.deepEqual(
      Object.keys(metafile?.inputs ?? {}).filter((file) =>
        /^server\/src\/(mesh|eval|rules|engine|features|schema)\//.test(file),
      ),
      [],
    );
  }
});

for (const module of ['node:fs', 'fs', 'node:child_process', 'node:path'])
  test(`an import of ${module} below host/ stops the build`, async () => {
    await assert.rejects(bundle(`import * as it from '${module}'; console.log(it);`, 'mesh'), /Could not resolve/);
  });

test('so does a use of host/node', async () => {
  await assert.rejects(
    bundle('import { nodeFiles } from "../host/node/files.ts"; console.log(nodeFiles);', 'mesh'),
    /Could not resolve "node:/,
  );
});

test("the editor's own module stays outside, and other modules are found", async () => {
  await bundle('import { LineIndex } from "../base/line-index.ts"; console.log(LineIndex);', 'mesh');
});
