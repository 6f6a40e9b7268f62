// `istio-egress trace` as a process: formats, exit codes, and wrong usage.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { test } from 'node:test';

const root = resolve(import.meta.dirname, '../../..');
const run = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'server/src/main-cli.ts'), 'trace', ...args],
    { cwd: root, encoding: 'utf8' },
  );
  return { status, stdout, stderr };
};

test('allowed: exit 0, each step with its place', () => {
  const { status, stdout, stderr } = run('http://httpbin.org/get', '--from', 'default/curl', 'examples');
  assert.deepEqual([status, stderr], [0, '']);
  assert.match(stdout, /^\+ authorization .*examples\/authorization-policy.yaml:16:5$/m);
  assert.match(stdout, /^allowed: .*common-infrastructure\/egress-gateway with TLS \(SIMPLE\) on httpbin.org:443\.$/m);
  assert.match(stdout, /cluster inbound-vip\|80\|http\|httpbin.org, status 200$/m);
});

test('denied: exit 1, as JSON by the contract', () => {
  const { status, stdout } = run(
    'http://httpbin.org/post',
    '--method',
    'POST',
    '--from',
    'default/curl',
    '--format',
    'json',
    'examples',
  );
  const found = JSON.parse(stdout) as Record<string, unknown> & { steps: { evidence: unknown[] }[] };
  assert.equal(status, 1);
  assert.deepEqual(Object.keys(found), [
    'version',
    'verdict',
    'summary',
    'steps',
    'waypoint',
    'upstream',
    'log',
    'candidates',
  ]);
  assert.deepEqual(
    [found['version'], found['verdict'], found['upstream'], found['log']],
    [1, 'denied', null, { upstreamCluster: 'inbound-vip|80|http|httpbin.org', status: 403 }],
  );
  assert.deepEqual(found.steps.at(-1)!.evidence, [
    {
      file: 'examples/authorization-policy.yaml',
      range: { start: { line: 5, character: 8 }, end: { line: 5, character: 15 } },
      resource: { kind: 'AuthorizationPolicy', namespace: 'common-infrastructure', name: 'httpbin' },
    },
  ]);
});

test('headers and labels may be given more than once', () => {
  const args = ['http://httpbin.org/get', '--from', 'default/curl', '--header', 'x: 1', '--header', 'Host: other.org'];
  const { status, stdout } = run(
    ...args,
    '--label',
    'a=b',
    '--label',
    'istio.io/dataplane-mode=none',
    '--format',
    'json',
    'examples',
  );
  assert.equal(status, 1);
  assert.equal((JSON.parse(stdout) as { verdict: string }).verdict, 'bypasses');
  const host = run(...args, '--format', 'json', 'examples');
  assert.equal((JSON.parse(host.stdout) as { upstream: { tls: { sni: string } } }).upstream.tls.sni, 'other.org');
});

test('wrong usage: exit 2, the fault named, nothing on stdout', () => {
  for (const [args, fault] of [
    [['--from', 'a'], /needs a URL/],
    [['http://a.org'], /needs --from/],
    [['a.org', '--from', 'a'], /is not a valid URL, such as/],
    [['ftp://a.org', '--from', 'a'], /scheme must be/],
    [['udp://a.org:443', '--from', 'a'], /the mesh carries no UDP/],
    [['tcp://a.org', '--from', 'a'], /tcp needs a port/],
    [['http://a.org:70000', '--from', 'a'], /port 70000 is not a valid port/],
    [['http://a.org', '--from', 'a/b/c'], /NAMESPACE/],
    [['http://a.org', '--from', 'a', '--header', 'x'], /NAME:VALUE/],
    [['http://a.org', '--from', 'a', '--format', 'sarif'], /use text, json/],
  ] as const) {
    const { status, stdout, stderr } = run(...args);
    assert.deepEqual([status, stdout], [2, ''], stderr);
    assert.match(stderr, fault);
  }
});
