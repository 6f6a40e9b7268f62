// What the command line loads before it does something: a short run is mostly its start.
import assert from 'node:assert/strict';
import { isAscii } from 'node:buffer';
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
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

test('what V8 compiled is stored for the next run of the command, unless that is turned off', (t) => {
  if (process.platform !== 'linux') return t.skip('another folder');
  const folder = join(dir, 'istio-egress/compiled');
  const run = (env: NodeJS.ProcessEnv, ...words: string[]) =>
    runCli(words.length > 0 ? words : ['check', 'examples'], { env: { XDG_CACHE_HOME: dir, ...env } });
  const off = run({ NODE_DISABLE_COMPILE_CACHE: '1' });
  assert.ok(!existsSync(join(dir, 'istio-egress')));
  const first = run({});
  const [stored = '', ...more] = readdirSync(folder);
  assert.deepEqual(more, []);
  const { size, mtimeMs } = statSync(join(folder, stored));
  assert.ok(size > statSync(join(root, 'dist/commands.js')).size / 10, 'only what is compiled at once was stored');
  assert.ok(
    !readFileSync(join(folder, stored)).includes('## Why'),
    'it has the pages of rules, which the run did not show',
  );
  assert.deepEqual(run({}), first);
  assert.equal(statSync(join(folder, stored)).mtimeMs, mtimeMs, 'it was not taken');
  assert.deepEqual(first, off);
  assert.equal(run({}, 'chekc').code, 2);
  assert.equal(readdirSync(folder).length, 1, 'a slip left a file');
  const help = run({}, 'help');
  assert.equal(readdirSync(folder).length, 2, 'other commands call other functions');
  assert.deepEqual(run({}, 'help'), help);
});

test('stored code that is cut off, or of another build, is made anew', (t) => {
  if (process.platform !== 'linux') return t.skip('another folder');
  const home = join(dir, 'damaged');
  const folder = join(home, 'istio-egress/compiled');
  const run = () => runCli(['check', 'examples'], { env: { XDG_CACHE_HOME: home } });
  const first = run();
  const [stored = ''] = readdirSync(folder);
  const whole = statSync(join(folder, stored)).size;
  truncateSync(join(folder, stored), whole / 2);
  for (let i = 0; i < 9; i++) writeFileSync(join(folder, `${stored}${i}`), '');
  assert.deepEqual(run(), first);
  const files = readdirSync(folder);
  assert.ok(files.includes(stored) && files.length === 4, 'what is never used again was not removed');
  assert.ok(statSync(join(folder, stored)).size > whole * 0.9);
});

test('the language server needs no commands, and what V8 compiled of it is stored', async () => {
  const alone = join(dir, 'server');
  mkdirSync(alone);
  for (const file of ['cli.js', 'server.js', 'engine.js', 'package.json'])
    copyFileSync(join(root, 'dist', file), join(alone, file));
  const stores = process.platform === 'linux';
  for (const [words, stored] of [
    [
      ['cli.js', 'lsp', '--stdio'],
      ['engine', 'server'],
    ],
    [['server.js', '--stdio'], ['engine']],
  ] as const) {
    const home = join(alone, words.join('-'));
    const [file = '', ...args] = words;
    const command = [process.execPath, join(alone, file), ...args];
    const client = await LspClient.start({ folders: [], command, env: { HOME: home } });
    assert.equal(await client.stop(), 0, words.join(' '));
    if (!stores) continue;
    const files = readdirSync(join(home, '.cache/istio-egress/compiled'));
    assert.deepEqual(files.map((name) => name.replace(/\..*/, '')).sort(), stored, words.join(' '));
  }
  for (const words of [['lsp'], ['lsp', '--stdio', '--stdi']]) assert.equal(runCli(words).code, 2, words.join(' '));
});

test('a check of files loads nothing of Node for streams, terminals, other programs and packed files', (t) => {
  if (process.platform === 'win32') return t.skip('output is a stream there');
  const [noted, preload] = [join(dir, 'modules.json'), join(dir, 'preload.cjs')];
  const note = `require('node:fs').writeFileSync(${JSON.stringify(noted)}, JSON.stringify(process.moduleLoadList))`;
  writeFileSync(preload, `process.on('exit', () => ${note});`);
  const run = spawnSync(process.execPath, ['--require', preload, 'dist/cli.js', 'check', 'examples'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  assert.equal(run.status, 0);
  const loaded = new Set((JSON.parse(readFileSync(noted, 'utf8')) as string[]).map((one) => one.split(' ').at(-1)!));
  assert.ok(loaded.has('fs') && loaded.has('vm'), 'the names are others');
  const others = [
    'stream',
    'net',
    'tty',
    'child_process',
    'zlib',
    'readline/promises',
    'internal/fs/promises',
    'http',
    'worker_threads',
  ];
  assert.deepEqual(
    others.filter((name) => loaded.has(name)),
    [],
  );
});

test('bundles are ASCII but for comments, which are not packaged: V8 keeps a byte a letter, and nothing has to decode them', () => {
  for (const file of ['cli.js', 'commands.js', 'engine.js', 'server.js']) {
    const lines = readFileSync(join(root, 'dist', file), 'utf8').split('\n');
    const others = lines.filter((line) => !isAscii(Buffer.from(line)) && !/^\s*\/\//.test(line));
    assert.deepEqual(others, [], `${file}: esbuild escapes all but regular expressions, where \\u does`);
  }
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
