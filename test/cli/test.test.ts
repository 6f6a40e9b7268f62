// The built command line: expectations that hold, that fail, and files with mistakes.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCli } from '../kit/cli.ts';
import { storyWith, temporaryFolder } from '../kit/story-folder.ts';

const dir = temporaryFolder('test');
const run = (args: readonly string[], cwd?: string) => runCli(['test', ...args], cwd === undefined ? {} : { cwd });

test('the story holds, by folder and by file', () => {
  for (const path of ['examples', 'examples/story.egress-test.yaml']) {
    const { code, out, err } = run([path]);
    assert.deepEqual([path, code, err], [path, 0, '']);
    assert.match(out, /^examples\/story\.egress-test\.yaml\n  ok    curl may read\n/);
    assert.match(out, /\n4 passed, 0 failed\.\n$/);
  }
});

test('a failure shows the trace, in every format', () => {
  const broken = storyWith(join(dir, 'broken'), 'destination-rule.yaml', (text) =>
    text.replace('mode: SIMPLE', 'mode: DISABLE'),
  );
  const { code, out } = run(['.'], broken);
  assert.equal(code, 1);
  assert.match(
    out,
    /  FAIL  curl may read \(line 2\): Expected that it is allowed, but it fails: .*\n +\+ capture .*\n(.*\n)+? +x tls .*destination-rule\.yaml:12:\d+/,
  );
  const junit = run(['.', '--format', 'junit'], broken);
  assert.equal(junit.code, 1);
  assert.match(junit.out, /<testsuites name="istio-egress" tests="4" failures="1" errors="0">/);
  assert.match(
    junit.out,
    /<testcase classname="story\.egress-test\.yaml" name="curl may read"><failure type="fails" message="Expected that it is allowed/,
  );
  const json = JSON.parse(run(['--format', 'json'], broken).out) as {
    version: number;
    files: { tests: { outcome: string; trace: { verdict: string } }[] }[];
  };
  assert.deepEqual(
    [json.version, json.files[0]!.tests.map(({ outcome }) => outcome), json.files[0]!.tests[0]!.trace.verdict],
    [1, ['failed', 'passed', 'passed', 'passed'], 'fails'],
  );
});

test('a mistake in a file: exit 2, its place on stderr, the other cases still run', () => {
  const wrong = storyWith(join(dir, 'wrong'), 'story.egress-test.yaml', (text) =>
    text.replace('expect: fails', 'expect: fials'),
  );
  const { code, out, err } = run(['.'], wrong);
  assert.equal(code, 2);
  assert.equal(err, 'story.egress-test.yaml:26:11: Expected allowed, denied, fails, bypasses. Did you mean `fails`?\n');
  assert.match(out, /3 passed, 0 failed, 1 mistake in the files\./);
  assert.match(run(['.', '--format', 'junit'], wrong).out, /errors="1"/);
});

test('no expectations at all is wrong usage', () => {
  const { code, err } = run(['schemas']);
  assert.equal(code, 2);
  assert.match(err, /no \*\.egress-test\.yaml/);
});
