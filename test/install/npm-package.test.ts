// The npm package, installed into an empty folder and run by each Node that is here.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { before, test } from 'node:test';
import { supportedVersions } from '../../server/src/model/istio-releases.ts';
import { writeFiles } from '../kit/cli.ts';
import { LspClient, root } from '../kit/lsp-client.ts';
import { callTool, connectTools } from '../kit/mcp-client.ts';
import { emptyFolder, faulty, must, npmPackage, onPath, run, version } from './kit.ts';

let folder: string;
let installed: string;

before(() => {
  folder = emptyFolder();
  must('npm', ['install', '--offline', '--no-audit', '--no-fund', '--prefix', folder, npmPackage], { cwd: folder });
  installed = join(folder, 'node_modules/istio-egress');
});

/** Every Node on PATH by its version, and those that the environment names. */
function nodes(): ReadonlyMap<string, string> {
  const candidates = ['NODE_20', 'NODE_22', 'NODE_24'].flatMap((name) => process.env[name] ?? []);
  const found = [process.execPath, onPath('node'), '/usr/bin/node', ...candidates].flatMap((path) => path ?? []);
  return new Map(
    found.flatMap((path) => {
      const { stdout, status } = spawnSync(path, ['--version'], { encoding: 'utf8' });
      return status === 0 ? [[stdout.trim(), path] as const] : [];
    }),
  );
}

test('the package is small, and holds only what runs', () => {
  assert.ok(statSync(npmPackage).size < 2 * 1024 * 1024);
  const files = readdirSync(installed, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
  const schemas = readdirSync(join(root, 'schemas/output'));
  assert.ok(schemas.includes('check.schema.json'));
  const expected = [
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'THIRD_PARTY_NOTICES.txt',
    'cli.js',
    'commands.js',
    'engine.js',
    'mcp.js',
    'package.json',
    'package.json',
    'sbom.cdx.json',
    'server.js',
    ...schemas,
  ];
  assert.deepEqual(files.sort(), expected.sort());
  assert.deepEqual(
    readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.')),
    ['istio-egress'],
  );
});

for (const [name, node] of nodes())
  test(`Node ${name} checks a folder, explains a rule and says its version`, () => {
    const manifests = emptyFolder();
    writeFiles(manifests, { 'entry.yaml': faulty });
    const env = { ...process.env, PATH: `${dirname(node)}:${process.env['PATH']}` };
    const cli = (...args: string[]) => run(node, [join(installed, 'dist/cli.js'), ...args], { cwd: manifests, env });
    const checked = cli('check');
    assert.equal(checked.code, 1, checked.err);
    assert.match(checked.out, /protocol-contradicts-port/);
    assert.match(cli('explain', 'protocol-contradicts-port').out, /^# /m);
    assert.ok(cli('version').out.includes(version));
    assert.ok(cli('version').out.includes(supportedVersions.at(-1)!));
  });

test('an agent is answered', async () => {
  const manifests = emptyFolder();
  writeFiles(manifests, { 'entry.yaml': faulty });
  const agent = await connectTools([join(folder, 'node_modules/.bin/istio-egress'), 'mcp'], manifests);
  assert.match((await callTool(agent, 'check')).texts[0]!, /protocol-contradicts-port/);
});

test('the command is on the PATH of an npm script, and so is the language server', async () => {
  const bin = join(folder, 'node_modules/.bin');
  assert.equal(run(join(bin, 'istio-egress'), ['help']).code, 0);
  const client = await LspClient.start({ folders: [], command: [join(bin, 'istio-egress-lsp'), '--stdio'] });
  await client.stop();
});
