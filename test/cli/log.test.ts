// The built command line: lines from a file and from standard input, with and without manifests.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { test } from 'node:test';

const root = resolve(import.meta.dirname, '../..');
const run = (args: readonly string[], input = '') => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'dist/cli.js'), 'log', ...args], {
    cwd: root,
    input,
    encoding: 'utf8',
  });
  return { code: status, out: stdout, err: stderr };
};
const denied =
  '[2025-06-30T02:48:21.634Z] "POST /post HTTP/1.1" 403 - rbac_access_denied_matched_policy[none] - "-" 0 19 0 - "-" "curl/8.14.1" "c29d" "httpbin.org" "-" inbound-vip|80|http|httpbin.org - 240.240.0.3:80 10.42.0.9:35662 - default';

test('lines of standard input are explained, others counted', () => {
  const { code, out, err } = run([], `hello\n${denied}\n`);
  assert.deepEqual([code, err], [0, '']);
  assert.match(
    out,
    /^line 2: 02:48:21\.634 10\.42\.0\.9 POST \/post at httpbin\.org:80: 403, denied by authorization: /,
  );
  assert.match(out, /1 line explained, 1 skipped/);
  assert.doesNotMatch(out, /examples\//);
});

test('with manifests, places and a proposal', () => {
  const { code, out } = run(['-', '--manifests', 'examples'], denied);
  assert.equal(code, 0);
  assert.match(out, /examples\/authorization-policy\.yaml:6:9: /);
  assert.match(out, /A rule to add to AuthorizationPolicy common-infrastructure\/httpbin:\n    - from:/);
  const json = JSON.parse(run(['--manifests', 'examples', '--format', 'json'], `x\n${denied}`).out) as {
    version: number;
    passedOver: number;
    lines: {
      line: number;
      outcome: string;
      fields: object[];
      resources: { file: string }[];
      proposal: { addTo: { file: string } };
    }[];
  };
  assert.deepEqual(
    [json.version, json.passedOver, json.lines[0]!.line, json.lines[0]!.outcome, json.lines[0]!.fields.length],
    [1, 1, 2, 'denied', 24],
  );
  assert.equal(json.lines[0]!.proposal.addTo.file, 'examples/authorization-policy.yaml');
});

test('a file that cannot be read, and formats that are none of this command', () => {
  assert.deepEqual(
    [run(['nowhere.log']).code, run(['--format', 'sarif']).code, run(['--manifests', 'nowhere', '-']).code],
    [2, 2, 2],
  );
  assert.match(run(['--format', 'sarif']).err, /--format sarif is not valid: use text, json/);
});

const program = [join(root, 'dist/cli.js'), 'log'];

test('a line is explained at once, not when the log ends', async () => {
  const child = spawn(process.execPath, program, { cwd: root });
  const first = new Promise<string>((resolve) =>
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString())),
  );
  child.stdin.write(`${denied}\n`);
  const shown = await first;
  child.stdin.end();
  assert.match(shown, /^line 1: 02:48:21\.634 10\.42\.0\.9 POST \/post/);
  assert.equal(await new Promise((resolve) => child.on('close', resolve)), 0);
});

test('a log that is larger than the memory is read to its end, and one line that is', async () => {
  const child = spawn(process.execPath, ['--max-old-space-size=48', '--max-semi-space-size=4', ...program], {
    cwd: root,
  });
  const out: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk.toString()));
  const block = `${'x'.repeat(199)}\n`.repeat(5000);
  for (let i = 0; i < 120; i++)
    if (!child.stdin.write(i < 60 ? block : 'y'.repeat(1_000_000)))
      await new Promise((resolve) => child.stdin.once('drain', resolve));
  child.stdin.end(`\n${denied}`);
  assert.equal(await new Promise((resolve) => child.on('close', resolve)), 0);
  assert.match(
    out.join(''),
    /^line 300002: 02:48:21\.634 10\.42\.0\.9 POST [^]*\n1 line explained, 300001 skipped \(not access-log lines\)\.\n$/,
  );
});

test('a reader that has had enough ends it without a word', async () => {
  const child = spawn(process.execPath, program, { cwd: root });
  let err = '';
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  child.stdout.destroy();
  child.stdin.on('error', () => undefined);
  child.stdin.end(`${denied}\n`.repeat(2000));
  await new Promise((resolve) => child.on('close', resolve));
  assert.equal(err, '');
});

test('JSON is whole when nothing is explained', () => {
  assert.deepEqual(JSON.parse(run(['--format', 'json'], 'x\n').out), { version: 1, lines: [], passedOver: 1 });
});

test('many lines are told briefly, one with its fields, and all with --verbose', () => {
  const brief = run([], `${denied}\n${denied}\n`);
  assert.match(brief.out, /^line 1: [^\n]+\nline 2: [^\n]+\n2 lines explained, 0 skipped [^\n]+\nWith --verbose/);
  assert.match(run([], denied).out, /^line 1: [^\n]+\n {2}start_time +/);
  assert.equal(run(['--verbose'], `${denied}\n${denied}\n`).out.match(/^ {2}upstream_cluster/gm)?.length, 2);
  assert.match(run(['--verbose', '--format', 'json'], denied).out, /"client": "10\.42\.0\.9"/);
});
