// Runs that looked at nothing do not pass.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { runCli, writeFiles } from '../kit/cli.ts';
import { root } from '../kit/lsp-client.ts';

const dir = mkdtempSync(join(tmpdir(), 'istio-egress-green-'));
after(() => rmSync(dir, { recursive: true, force: true }));

const entry =
  'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: a, namespace: b }\nspec:\n  hosts: [a.example.com]\n  ports: [{ number: 80, name: http, protocol: HTTPP }]\n  resolution: DNS\n';
writeFiles(dir, {
  'files/broken.yaml': 'a: [',
  'files/blank.yaml': '\n',
  'files/binary.yaml': 'a\u0000b',
  'files/unfinished.yaml': `${entry}  location: [`,
  'other/compose.yaml': 'services: {}\n',
  'yml/.istio-egress.yml': 'severities: { invalid-combination: off }\n',
  'yml/entry.yaml': entry,
  'files/none.log': '',
  'files/one.log':
    '[2026-03-01T02:48:20.634Z] "GET / HTTP/1.1" 200 - via_upstream - "-" 0 2 1 1 "-" "-" "-" "a" "192.0.2.1:80" - - - - - -\n',
  'lacking/kustomization.yaml': 'resources: [nowhere.yaml]\n',
  'invalid/kustomization.yaml': 'resources: [ \n',
  'listing/kustomization.yaml': 'resources: [entry.yaml]\n',
  'listing/entry.yaml': entry,
  'ignoring/.istio-egress.yaml': 'ignore: [legacy, old.yaml]\nseverities: { unknown-field: off }\n',
  'ignoring/entry.yaml': `# istio-egress-ignore invalid-combination: an example\n${entry}  locaton: MESH_EXTERNAL\n`,
  'ignoring/old.yaml': entry,
  'ignoring/legacy/entry.yaml': entry,
  'misspelt/entry.yaml': entry.replace('HTTPP', 'HTTP').replace('resolution: DNS', 'resolution: dns'),
});

test('what is named and cannot be read: exit 2, a reason on stderr, nothing on stdout', () => {
  const cases: [string[], RegExp][] = [
    [['check', '--rule', 'double-tsl'], /--rule double-tsl: there is no rule double-tsl \(did you mean double-tls\?\)/],
    [['check', '--severity', 'double-tsl=off'], /--severity double-tsl: there is no rule double-tsl/],
    [['check', '--severity', 'double-tls=loud'], /use RULE=LEVEL/],
    [['check', '--mesh-config', 'other/compose.yaml'], /no mesh settings found/],
    [['check', 'files/broken.yaml'], /files\/broken\.yaml:1:\d+: not valid YAML/],
    [['check', 'files/blank.yaml'], /files\/blank\.yaml: the file is empty/],
    [['check', 'files/binary.yaml'], /files\/binary\.yaml: cannot be read/],
    [['check', '-'], /standard input is empty/],
    [['access', 'files/unfinished.yaml'], /not valid YAML/],
    [['trace', 'http://a.example.com', '--from', 'b', 'files/unfinished.yaml'], /not valid YAML/],
  ];
  for (const [args, words] of cases) {
    const { code, out, err } = runCli(args, { cwd: dir });
    assert.deepEqual([args, code, out], [args, 2, ''], err);
    assert.match(err, words);
  }
  assert.equal(runCli(['check', '-'], { cwd: dir, input: 'a: [' }).code, 2);
});

test('settings that cannot be read, wherever they are: exit 2, the place on stderr, nothing on stdout', () => {
  const bytes = Buffer.from([0x73, 0x3a, 0x20, 0xff, 0xfe]);
  const large = Buffer.alloc(10 * 1024 * 1024 + 1, '#');
  /** Made by a command of the shell. */
  const odd: readonly (readonly [string, string, RegExp])[] = [
    ['pipe/.istio-egress.yaml', 'mkfifo .istio-egress.yaml', /pipe\/\.istio-egress\.yaml:1:1: cannot be read \(a pipe/],
    ['device/.istio-egress.yaml', 'ln -s /dev/zero .istio-egress.yaml', /:1:1: cannot be read \(a pipe/],
    ['link/.istio-egress.yaml', 'ln -s ../nowhere .istio-egress.yaml', /:1:1: cannot be read \(the target of the symb/],
    ['pipes/inner/.istio-egress.yml', 'mkfifo .istio-egress.yml', /inner\/\.istio-egress\.yml:1:1: cannot be read/],
  ];
  const cases: readonly (readonly [string, Buffer | string | undefined, RegExp])[] = [
    ['bytes/.istio-egress.yaml', bytes, /bytes\/\.istio-egress\.yaml:1:1: cannot be read \(not valid UTF-8 text\)/],
    ['large/.istio-egress.yml', large, /large\/\.istio-egress\.yml:1:1: cannot be read \(larger than 10 MB\)/],
    [
      'folder/.istio-egress.yaml',
      undefined,
      /folder\/\.istio-egress\.yaml:1:1: cannot be read \(a folder, not a file\)/,
    ],
    ['outer/inner/.istio-egress.yaml', bytes, /inner\/\.istio-egress\.yaml:1:1: cannot be read/],
    ...(process.platform === 'win32' ? [] : odd),
  ];
  for (const [path, content, words] of cases) {
    const folder = path.split('/')[0]!;
    writeFiles(dir, { [`settings/${folder}/entry.yaml`]: entry, [`settings/${folder}/inner/entry.yaml`]: entry });
    if (typeof content === 'string') execFileSync('sh', ['-c', content], { cwd: join(dir, 'settings', dirname(path)) });
    else if (content) writeFileSync(join(dir, 'settings', path), content);
    else mkdirSync(join(dir, 'settings', path));
    for (const command of ['check', 'access', 'fix']) {
      const { code, out, err } = runCli([command, folder], { cwd: join(dir, 'settings') });
      assert.deepEqual([path, command, code, out], [path, command, 2, ''], err);
      assert.match(err, words);
    }
  }
  writeFiles(dir, {
    'settings/inner-error/entry.yaml': entry,
    'settings/inner-error/a/.istio-egress.yaml': 'severity: {}\n',
    'settings/inner-error/a/entry.yaml': entry,
  });
  const { code, err } = runCli(['check', 'settings/inner-error'], { cwd: dir });
  assert.equal(code, 2);
  assert.match(err, /a\/\.istio-egress\.yaml:1:1: `severity` is not a known setting/);
});

test('files that options name, and standard input, must be text of a size that is read', () => {
  writeFileSync(join(dir, 'files/latin.yaml'), Buffer.from([0x61, 0x3a, 0x20, 0xff]));
  for (const option of ['--config', '--mesh-config', '--baseline']) {
    const { code, out, err } = runCli(['check', 'yml', option, 'files/latin.yaml'], { cwd: dir });
    assert.deepEqual([option, code, out], [option, 2, '']);
    assert.match(err, /files\/latin\.yaml: cannot be read \(not valid UTF-8 text\)/);
  }
  const cases: readonly (readonly [Buffer, RegExp])[] = [
    [Buffer.from([0x61, 0x3a, 0x20, 0xff]), /standard input cannot be read \(not valid UTF-8 text\)/],
    [Buffer.alloc(64 * 1024 * 1024 + 1, '#'), /standard input cannot be read \(larger than 64 MB\)/],
  ];
  for (const [input, words] of cases) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'dist/cli.js'), 'check', '-'], {
      input,
      encoding: 'utf8',
    });
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, words);
  }
});

test('in a folder the same files may be anybody’s, and a finding tells of those that are ours', () => {
  assert.equal(runCli(['check', 'files/unfinished.yaml'], { cwd: dir }).code, 1);
  assert.equal(runCli(['check', 'other'], { cwd: dir }).code, 0);
});

test('a folder with nothing to check says so', () => {
  const run = (...args: string[]) => runCli(['check', 'other', ...args], { cwd: dir });
  assert.deepEqual(run(), { code: 0, out: 'No Istio or Gateway API resources found in 1 file.\n', err: '' });
  assert.equal(run('--require-resources').code, 1);
  const { out, err } = run('--format', 'json');
  assert.match(err, /No Istio or Gateway API resources found in 1 file\./);
  assert.equal((JSON.parse(out) as { istioResources: number }).istioResources, 0);
  assert.equal(runCli(['check', '--require-resources', 'examples']).code, 0);
});

test('severities of the command line, and a configuration file that ends in .yml', () => {
  assert.equal(runCli(['check', 'yml'], { cwd: dir }).code, 0);
  assert.equal(runCli(['check', 'yml', '--severity', 'invalid-combination=error'], { cwd: dir }).code, 1);
});

test('nothing to check is told by every command that answers about files', () => {
  for (const args of [['access'], ['fix'], ['trace', 'http://a.example.com', '--from', 'b']])
    assert.match(runCli([...args, 'other'], { cwd: dir }).err, /No Istio or Gateway API resources found in 1 file\./);
  assert.deepEqual(runCli(['log'], { cwd: dir }).code, 2);
  assert.match(runCli(['log', 'files/none.log'], { cwd: dir }).err, /files\/none\.log: the file is empty/);
});

test('a kustomization that lacks a file, or is not valid, is not rendered: exit 2 for each command', () => {
  const render = { ...process.env, PATH: dir };
  for (const folder of ['lacking', 'invalid'])
    for (const args of [['check'], ['access'], ['trace', 'http://a.example.com', '--from', 'b'], ['test']]) {
      const { code, out, err } = runCli([...args, '--render', folder], { cwd: dir, env: render });
      assert.deepEqual([folder, args, code, out], [folder, args, 2, '']);
      assert.match(err, /kustomization\.yaml: not rendered: /);
    }
  const listing = runCli(['check', '--render', 'listing'], { cwd: dir, env: render });
  assert.deepEqual([listing.code, listing.err], [1, '']);
  assert.doesNotMatch(listing.out, /skipped/);
});

test('the summary counts what is ignored and skipped, as text and as JSON', () => {
  const { out } = runCli(['check', 'ignoring'], { cwd: dir });
  assert.match(out, /\n2 findings ignored: 1 by comments, 1 of rules that are off\.\n2 files skipped:\n/);
  assert.match(out, /ignoring\/old\.yaml: ignored by the configuration file/);
  const json = JSON.parse(runCli(['check', '--format', 'json', 'ignoring'], { cwd: dir }).out) as {
    ignored: object;
    skipped: { file: string }[];
  };
  assert.deepEqual(json.ignored, { comments: 1, severities: 1 });
  assert.deepEqual(
    json.skipped.map(({ file }) => file),
    ['ignoring/legacy', 'ignoring/old.yaml'],
  );
  const one = runCli(['check', '--rule', 'invalid-combination', 'ignoring'], { cwd: dir }).out;
  assert.match(one, /\n1 finding ignored: 1 by comments\.\n/);
});

/** Every command that writes to standard output. */
const writing: readonly (readonly string[])[] = [
  ['check', 'examples'],
  ['check', '--format', 'json', 'examples'],
  ['fix', '--dry-run', join(dir, 'misspelt')],
  ['trace', 'http://httpbin.org/get', '--from', 'default/curl', 'examples'],
  ['access', 'examples'],
  ['test', 'examples'],
  ['explain'],
  ['help'],
  ['version'],
  ['log', join(dir, 'files/one.log')],
];
const isFullThere = existsSync('/dev/full') ? false : 'no /dev/full';

test('a full disk is one line and exit 2, for each command', { skip: isFullThere }, () => {
  const full = openSync('/dev/full', 'w');
  for (const args of writing) {
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'dist/cli.js'), ...args], {
      cwd: root,
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    assert.deepEqual([args, status], [args, 2]);
    assert.match(stderr, /istio-egress: cannot write to standard output: [^\n]*\n$/);
    assert.doesNotMatch(stderr, /\n\s+at /);
  }
  const { code, err } = runCli(['check', 'examples', '--write-baseline', '/dev/full']);
  assert.deepEqual([code, err.split('\n').length], [2, 2], err);
});

test('a closed pipe is one line and exit 2; a stream of log lines just ends', async () => {
  for (const args of writing) {
    const child = spawn(process.execPath, [join(root, 'dist/cli.js'), ...args], { cwd: root });
    const errors: string[] = [];
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
    child.stdout.destroy();
    const code = await new Promise((resolve) => child.on('close', resolve));
    const isStream = args[0] === 'log';
    assert.deepEqual([args, code], [args, isStream ? 0 : 2]);
    assert.match(errors.join(''), isStream ? /^$/ : /the reader closed the pipe before all output was written\n$/);
  }
});
