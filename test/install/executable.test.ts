// The executable for machines without Node, built and run without a PATH.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeFiles } from '../kit/cli.ts';
import { LspClient, root } from '../kit/lsp-client.ts';
import { callTool, connectTools } from '../kit/mcp-client.ts';
import { emptyFolder, faulty, must, run, version } from './kit.ts';

test('the single executable checks a folder, serves an editor and answers an agent where there is no Node', async () => {
  const executable = join(root, `dist/istio-egress-${version}-${process.platform}-${process.arch}`);
  rmSync(executable, { force: true });
  must(process.execPath, [join(root, 'client/dev/executable.mjs')]);
  const folder = emptyFolder();
  writeFiles(folder, { 'entry.yaml': faulty });
  const alone = { cwd: folder, env: { PATH: folder } };
  const checked = run(executable, ['check'], alone);
  assert.equal(checked.code, 1, checked.err);
  assert.match(checked.out, /protocol-contradicts-port/);
  assert.match(run(executable, ['version'], alone).out, new RegExp(version.replaceAll('.', '\\.')));
  const client = await LspClient.start({ folders: [], command: [executable, 'lsp', '--stdio'], env: alone.env });
  await client.stop();
  const agent = await connectTools([executable, 'mcp', '.'], folder);
  assert.match((await callTool(agent, 'check')).texts[0]!, /protocol-contradicts-port/);
});
