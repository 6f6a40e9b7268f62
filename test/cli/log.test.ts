// The built command line: lines from a file and from standard input, with and without manifests.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { test } from 'node:test';

const root = resolve(import.meta.dirname, '../..');
const run = (args: readonly string[], input = '') => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'dist/cli.js'), 'log', ...args], { cwd: root, input, encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
};
const denied = '[2025-06-30T02:48:21.634Z] "POST /post HTTP/1.1" 403 - rbac_access_denied_matched_policy[none] - "-" 0 19 0 - "-" "curl/8.14.1" "c29d" "httpbin.org" "-" inbound-vip|80|http|httpbin.org - 240.240.0.3:80 10.42.0.9:35662 - default';

test('lines of standard input are explained, others counted', () => {
  const { code, out, err } = run([], `hello\n${denied}\n`);
  assert.deepEqual([code, err], [0, '']);
  assert.match(out, /^line 2: POST \/post at httpbin\.org:80: 403, denied by authorization: /);
  assert.match(out, /1 line explained, 1 passed over/);
  assert.doesNotMatch(out, /examples\//);
});

test('with manifests, places and a proposal', () => {
  const { code, out } = run(['-', '--manifests', 'examples'], denied);
  assert.equal(code, 0);
  assert.match(out, /examples\/authorization-policy\.yaml:6:9: /);
  assert.match(out, /A rule to add to AuthorizationPolicy common-infrastructure\/httpbin:\n    - from:/);
  const json = JSON.parse(run(['--manifests', 'examples', '--format', 'json'], `x\n${denied}`).out) as { version: number; passedOver: number; lines: { line: number; outcome: string; fields: object[]; resources: { file: string }[]; proposal: { addTo: { file: string } } }[] };
  assert.deepEqual([json.version, json.passedOver, json.lines[0]!.line, json.lines[0]!.outcome, json.lines[0]!.fields.length], [1, 1, 2, 'denied', 24]);
  assert.equal(json.lines[0]!.proposal.addTo.file, 'examples/authorization-policy.yaml');
});

test('a file that cannot be read, and formats that are none of this command', () => {
  assert.deepEqual([run(['nowhere.log']).code, run(['--format', 'sarif']).code, run(['--manifests', 'nowhere', '-']).code], [2, 2, 2]);
  assert.match(run(['--format', 'sarif']).err, /--format sarif: it can be text, json/);
});
