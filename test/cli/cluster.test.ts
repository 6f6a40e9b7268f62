// When the command line runs programs, and that it does not otherwise: stand-ins in PATH note that they were started.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { runCli, writeFiles } from '../kit/cli.ts';

const dir = mkdtempSync(join(tmpdir(), 'istio-egress-alone-'));
after(() => rmSync(dir, { recursive: true, force: true }));
const mark = join(dir, 'started');
const bin = join(dir, 'bin');
mkdirSync(bin);
for (const name of ['kubectl', 'istioctl', 'helm', 'kustomize']) {
  writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} $*" >> ${mark}\nexit 1\n`);
  chmodSync(join(bin, name), 0o755);
}
const folder = join(dir, 'files');
writeFiles(folder, {
  'entry.yaml':
    'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: httpbin\n  namespace: egress\nspec:\n  hosts: [httpbin.org]\n  ports: [{ number: 80, name: http, protocol: HTTP }]\n  resolution: DNS\n',
  'story.egress-test.yaml': '- name: it may\n  from: default\n  request: http://httpbin.org/get\n  expect: allowed\n',
  'log.txt':
    '[2026-01-01T00:00:00.000Z] "GET /get HTTP/1.1" 200 - via_upstream - "-" 0 241 215 215 "-" "curl/8" "d1df2b44-0000-4000-8000-000000000000" "httpbin.org" "192.0.2.10:443" inbound-vip|80|http|httpbin.org 10.42.0.1:45140 240.240.0.1:80 10.42.0.2:55413 - default\n',
});
const posix = process.platform === 'win32' ? 'POSIX only' : false;
const run = (...args: readonly string[]) =>
  runCli(args, { cwd: folder, env: { ...process.env, PATH: bin, KUBECONFIG: join(dir, 'kubeconfig') } });

test('files alone start nothing, whatever is asked', { skip: posix }, () => {
  const asked = [
    ['check'],
    ['check', '--format', 'json'],
    ['check', '--istio-version', '1.28'],
    ['fix', '--dry-run'],
    ['trace', 'http://httpbin.org/get', '--from', 'default'],
    ['access'],
    ['access', '--format', 'json'],
    ['test'],
    ['log', 'log.txt', '--manifests', '.'],
    ['explain', 'unknown-waypoint'],
    ['help'],
    ['version'],
    ['drift', '--help'],
  ];
  for (const args of asked) {
    const { code, err } = run(...args);
    assert.ok(code === 0 || code === 1, `${args.join(' ')}: ${code} ${err}`);
    assert.ok(!existsSync(mark), `${args.join(' ')} started something`);
  }
});

test('options that would ask a cluster are refused where none is asked', { skip: posix }, () => {
  for (const [args, words] of [
    [['check', '--context', 'prod'], /--context needs --cluster/],
    [['check', '--namespace', 'a'], /--namespace needs --cluster/],
    [['fix', '--cluster'], /--cluster works only with check, trace, access, graph, stats, diff, drift, learn$/m],
    [['log', '--cluster'], /--cluster works only with/],
  ] as const) {
    const { code, out, err } = run(...args);
    assert.deepEqual([code, out], [2, ''], args.join(' '));
    assert.match(err, words);
  }
  assert.ok(!existsSync(mark));
});

test('asked for a cluster it starts kubectl, and nothing else; what cannot be asked is exit code 2 and words', {
  skip: posix,
}, () => {
  for (const args of [
    ['check', '--cluster'],
    ['trace', 'http://httpbin.org/', '--from', 'default', '--cluster'],
    ['access', '--cluster'],
    ['drift'],
  ]) {
    const { code, out, err } = run(...args);
    assert.deepEqual([code, out], [2, ''], args.join(' '));
    assert.match(err, /^istio-egress: kubectl failed \(exit code 1\)\./);
  }
  const missing = runCli(['check', '--cluster'], { cwd: folder, env: { ...process.env, PATH: join(dir, 'nothing') } });
  assert.equal(missing.code, 2);
  assert.match(missing.err, /kubectl cannot be run: kubectl is not in any of the 1 folders of PATH\.\nInstall kubectl/);
});

test('names that are none reach no program', { skip: posix }, () => {
  rmSync(mark, { force: true });
  for (const [option, value] of [
    ['--namespace', '--all;x'],
    ['--namespace', '$(reboot)'],
    ['--namespace', 'A B'],
    ['--context', 'a\nb'],
  ] as const) {
    const { code, err } = run(
      'check',
      '--cluster',
      `${option}=${value}`,
      ...(option === '--namespace' ? ['--context=c'] : []),
    );
    assert.equal(code, 2, `${option} ${value}`);
    assert.match(err, /is not a valid namespace name|contains a line break/);
    assert.ok(!existsSync(mark), `${option} ${value}`);
  }
});
