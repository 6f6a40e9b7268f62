// `require` of the settings file: what `check` and `diff` report, exceptions with their dates, and what is wrong in the file itself.
import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCli, writeFiles } from '../kit/cli.ts';
import { copyStory, temporaryFolder } from '../kit/story-folder.ts';

interface Json {
  readonly findings: readonly {
    readonly rule: string;
    readonly message: string;
    readonly range: { start: { line: number } };
  }[];
}

const all = `require:
  throughGateway: true
  encrypted: true
  notOpenToAll: true
  logged: true
`;

function storyWith(files: Readonly<Record<string, string>>): string {
  const folder = copyStory(temporaryFolder('require'));
  writeFiles(folder, files);
  return folder;
}

function rulesOf(folder: string): readonly string[] {
  const { out, err } = runCli(['check', '--format', 'json'], { cwd: folder });
  assert.notEqual(out, '', err);
  return (JSON.parse(out) as Json).findings.map(({ rule }) => rule).filter((rule) => rule.startsWith('require-'));
}

test('the story meets every statement; without one of its files it does not meet one', () => {
  assert.deepEqual(rulesOf(storyWith({ '.istio-egress.yaml': all })), []);
  const without = (file: string) => {
    const folder = storyWith({ '.istio-egress.yaml': all });
    rmSync(join(folder, file));
    return rulesOf(folder);
  };
  assert.deepEqual(without('authorization-policy.yaml'), ['require-not-open-to-all']);
  assert.deepEqual(without('telemetry.yaml'), ['require-logged']);
  assert.deepEqual(without('destination-rule.yaml'), ['require-encrypted']);
  const folder = storyWith({ '.istio-egress.yaml': all });
  const namespace = readFileSync(join(folder, 'namespace.yaml'), 'utf8');
  writeFiles(folder, { 'namespace.yaml': namespace.replace(/^ *istio\.io\/use-waypoint: .*\n/m, '') });
  assert.ok(rulesOf(folder).includes('require-through-gateway'));
});

test('a certificate that is not verified is not encrypted enough', () => {
  const folder = storyWith({ '.istio-egress.yaml': all });
  const rule = readFileSync(join(folder, 'destination-rule.yaml'), 'utf8');
  writeFiles(folder, {
    'destination-rule.yaml': rule.replace('mode: SIMPLE', 'mode: SIMPLE\n      insecureSkipVerify: true'),
  });
  assert.deepEqual(rulesOf(folder), ['require-encrypted']);
});

const lists = (until: string) => `require:
  hosts: [api.example.com]
  callers:
  - host: "*.org"
    namespaces: [shop]
  exceptions:
  - { host: httpbin.org, statement: hosts, reason: moves to the list, until: ${until} }
`;

test('hosts and callers, and an exception until its day', () => {
  const folder = storyWith({ '.istio-egress.yaml': lists('2999-12-31') });
  assert.deepEqual(rulesOf(folder), ['require-callers']);
  writeFiles(folder, { '.istio-egress.yaml': lists('2020-02-29') });
  const { code, out } = runCli(['check'], { cwd: folder });
  assert.equal(code, 1);
  assert.match(
    out,
    /^service-entry\.yaml:9:5: error: httpbin\.org is not in the list of hosts\. The exception ended on 2020-02-29 \(moves to the list\)\. \[require-hosts\]$/m,
  );
  assert.match(out, /httpbin\.org:80 may be called only from shop, and is open to default\/curl\. \[require-callers\]/);
  const sarif = JSON.parse(runCli(['check', '--format', 'sarif'], { cwd: folder }).out) as {
    runs: [{ tool: { driver: { rules: { id: string }[] } }; results: { ruleId: string; ruleIndex: number }[] }];
  };
  const [{ tool, results }] = sarif.runs;
  for (const { ruleId, ruleIndex } of results) assert.equal(tool.driver.rules[ruleIndex]?.id, ruleId);
});

test('a settings file further down adds requirements for its own folder', () => {
  const folder = storyWith({
    '.istio-egress.yaml': all,
    'team/.istio-egress.yaml': 'require:\n  hosts: [b.example.com]\n',
  });
  assert.deepEqual(rulesOf(folder), []);
  const entry = readFileSync(join(folder, 'service-entry.yaml'), 'utf8');
  writeFiles(folder, {
    'team/entry.yaml': entry.replace('name: httpbin', 'name: other').replace('- httpbin.org', '- a.example.com'),
  });
  const { out } = runCli(['check'], { cwd: folder });
  assert.match(out, /^team\/entry\.yaml:9:5: error: a\.example\.com is not in the list of hosts\. \[require-hosts\]$/m);
  assert.match(out, /^ {4}team\/\.istio-egress\.yaml:2:3: Required here\.$/m);
  assert.match(out, /^team\/entry\.yaml:9:5: error: a\.example\.com:80 is open to all clients\./m);
});

test('of single files only the hosts are judged: the rest is in other files', () => {
  const folder = storyWith({ '.istio-egress.yaml': `${all}  hosts: [api.example.com]\n` });
  const { out } = runCli(['check', 'service-entry.yaml', '--format', 'json'], { cwd: folder });
  assert.deepEqual(
    (JSON.parse(out) as Json).findings.map(({ rule }) => rule).filter((rule) => rule.startsWith('require-')),
    ['require-hosts'],
  );
});

test('each statement has a page, and can be checked alone', () => {
  const folder = storyWith({ '.istio-egress.yaml': lists('2020-02-29') });
  const list = runCli(['explain']).out;
  for (const rule of ['through-gateway', 'encrypted', 'not-open-to-all', 'hosts', 'callers', 'logged']) {
    assert.match(runCli(['explain', `require-${rule}`]).out, new RegExp(`^# require-${rule}\\n`));
    assert.match(list, new RegExp(`^require-${rule} +error +[A-Z]`, 'm'));
  }
  assert.match(runCli(['explain', 'require-host']).err, /did you mean require-hosts\?/);
  const { code, out } = runCli(['check', '--rule', 'require-hosts', '--format', 'json'], { cwd: folder });
  assert.equal(code, 1);
  const { findings } = JSON.parse(out) as { findings: { rule: string; related: { message: string }[] }[] };
  assert.deepEqual(
    findings.map(({ rule, related }) => [rule, related.map(({ message }) => message)]),
    [['require-hosts', ['Required here.', 'This exception ended on 2020-02-29.']]],
  );
});

test('diff lists what a change no longer meets', () => {
  const [before, after] = [storyWith({ '.istio-egress.yaml': all }), storyWith({ '.istio-egress.yaml': all })];
  rmSync(join(after, 'authorization-policy.yaml'));
  const { code, out } = runCli(['diff', '.', after, '--fail-on', 'new-findings'], { cwd: before });
  assert.equal(code, 1);
  assert.match(
    out,
    /New findings\n(.*\n)* {2}service-entry\.yaml:9:5: error: httpbin\.org:80 is open to all clients\./,
  );
});

test('what is wrong in the file is told at its place', () => {
  for (const [text, message] of [
    ['require: yes please', /1:10: Expected requirements as keys and values/],
    ['require:\n  encryptd: true', /2:3: `encryptd` is not known here\. Did you mean `encrypted`\?/],
    ['require:\n  logged: 1', /2:11: Expected `true` or `false`/],
    ['require:\n  hosts: [a b]', /2:11: `a b` is not a valid host/],
    [
      'require:\n  exceptions:\n  - host: a.example.com',
      /3:5: An exception needs `host`, `statement`, `reason` and `until`/,
    ],
    ['require:\n  exceptions:\n  - {host: a.b, statement: hosts, reason: x, until: 2026-02-30}', /Expected a date/],
    ['require:\n  callers:\n  - host: a.example.com', /A caller rule needs `host` and `namespaces`/],
  ] as const) {
    const { code, err } = runCli(['check'], { cwd: storyWith({ '.istio-egress.yaml': text }) });
    assert.equal(code, 2, text);
    assert.match(err, message);
  }
});
