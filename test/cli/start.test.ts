// What the command line loads before it does something: a short run is mostly its start.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { compiledFolder } from '../../server/src/host/node/keep-compiled.ts';
import { runCli } from '../kit/cli.ts';
import { LspClient, root } from '../kit/lsp-client.ts';

const dir = mkdtempSync(join(tmpdir(), 'istio-egress-start-'));
after(() => rmSync(dir, { recursive: true, force: true }));

test('the version needs no other file', () => {
  for (const file of ['cli.js', 'package.json']) copyFileSync(join(root, 'dist', file), join(dir, file));
  const alone = (...args: string[]) =>
    spawnSync(process.execPath, [join(dir, 'cli.js'), ...args], { encoding: 'utf8', env: { HOME: dir } });
  const { status, stdout } = alone('--version');
  assert.deepEqual({ status, stdout }, { status: 0, stdout: runCli(['version', '--no-color']).out });
  assert.equal(alone('version').stdout, stdout);
  assert.ok(!existsSync(join(dir, '.cache')), 'something was stored');
  assert.equal(alone('check').status, 2);
});

test('what V8 compiled is stored for the next run, unless that is turned off', (t) => {
  if (process.platform !== 'linux' || !('enableCompileCache' in process.getBuiltinModule('node:module')))
    return t.skip('another folder, or a Node without a compile cache');
  const run = (env: NodeJS.ProcessEnv) => runCli(['check', 'examples'], { env: { XDG_CACHE_HOME: dir, ...env } });
  const off = run({ NODE_DISABLE_COMPILE_CACHE: '1' });
  assert.ok(!existsSync(join(dir, 'istio-egress')));
  const first = run({});
  assert.equal(readdirSync(join(dir, 'istio-egress/compiled')).length, 1);
  assert.deepEqual(run({}), first);
  assert.deepEqual(first, off);
});

test('the language server needs no commands, and what V8 compiled of it is stored', async () => {
  const alone = join(dir, 'server');
  mkdirSync(alone);
  for (const file of ['cli.js', 'server.js', 'engine.js', 'package.json'])
    copyFileSync(join(root, 'dist', file), join(alone, file));
  const stores = process.platform === 'linux' && 'enableCompileCache' in process.getBuiltinModule('node:module');
  for (const words of [
    ['cli.js', 'lsp', '--stdio'],
    ['server.js', '--stdio'],
  ]) {
    const home = join(alone, words.join('-'));
    const [file = '', ...args] = words;
    const command = [process.execPath, join(alone, file), ...args];
    const client = await LspClient.start({ folders: [], command, env: { HOME: home } });
    assert.equal(await client.stop(), 0, words.join(' '));
    if (stores) assert.equal(readdirSync(join(home, '.cache/istio-egress/compiled')).length, 1, words.join(' '));
  }
  for (const words of [['lsp'], ['lsp', '--stdio', '--stdi']]) assert.equal(runCli(words).code, 2, words.join(' '));
});

for (const [title, env, platform, folder] of [
  ['the cache of the user', {}, 'linux', '/home/me/.cache/istio-egress/compiled'],
  ['as XDG_CACHE_HOME says', { XDG_CACHE_HOME: '/tmp/cache' }, 'linux', '/tmp/cache/istio-egress/compiled'],
  ['not below the working folder', { XDG_CACHE_HOME: 'cache' }, 'linux', '/home/me/.cache/istio-egress/compiled'],
  ['on macOS', { XDG_CACHE_HOME: '/tmp/cache' }, 'darwin', '/home/me/Library/Caches/istio-egress/compiled'],
  ['on Windows', { LOCALAPPDATA: '/local' }, 'win32', '/local/istio-egress/compiled'],
  ['on Windows without the variable', {}, 'win32', '/home/me/AppData/Local/istio-egress/compiled'],
] as const)
  test(`where compiled code is stored: ${title}`, () => {
    assert.equal(compiledFolder(env, platform, '/home/me').replaceAll('\\', '/'), folder);
  });
