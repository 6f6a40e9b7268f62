// Runs that looked at nothing do not pass.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

test('a full disk is one line and exit 2', { skip: existsSync('/dev/full') ? false : 'no /dev/full' }, () => {
  const full = openSync('/dev/full', 'w');
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'dist/cli.js'), 'check', 'examples'], {
    cwd: root,
    stdio: ['ignore', full, 'pipe'],
    encoding: 'utf8',
  });
  assert.equal(status, 2);
  assert.match(stderr, /^istio-egress: cannot write to standard output: .*\n$/);
});
