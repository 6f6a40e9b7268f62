// `check --baseline`: recorded findings are ignored, new ones count, outdated entries are listed.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { runCli, writeFiles } from '../kit/cli.ts';

const dir = mkdtempSync(join(tmpdir(), 'istio-egress-baseline-'));
after(() => rmSync(dir, { recursive: true, force: true }));

const entry = (name: string, resolution: string) => `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: ${name}
spec:
  hosts: [${name}.example.com]
  location: MESH_EXTERNAL
  ports:
    - number: 443
      name: tls
      protocol: TLS
  resolution: ${resolution}
`;

interface Entry {
  readonly rule: string;
  readonly file: string;
  readonly resource: string;
  readonly field: string;
}
const entriesOf = (file: string) => (JSON.parse(readFileSync(file, 'utf8')) as { findings: Entry[] }).findings;

/** A folder with one known finding and its baseline beside the manifests. */
function known(name: string): {
  folder: string;
  file: string;
  check: (...args: string[]) => ReturnType<typeof runCli>;
} {
  const folder = join(dir, name);
  writeFiles(folder, { 'apps/a.yaml': entry('a', 'DNSS') });
  const noted = runCli(['check', '--write-baseline', 'baseline.json', 'apps'], { cwd: folder });
  assert.deepEqual([noted.code, noted.out, noted.err], [0, '', '1 finding recorded in baseline.json.\n']);
  return {
    folder,
    file: join(folder, 'baseline.json'),
    check: (...args) => runCli(['check', '--baseline', 'baseline.json', ...args], { cwd: folder }),
  };
}

test('an entry names rule, file, resource and field, and no line', () => {
  assert.deepEqual(entriesOf(known('entry').file), [
    { rule: 'invalid-value', file: 'apps/a.yaml', resource: 'ServiceEntry default/a', field: 'spec.resolution' },
  ]);
});

test('recorded findings are not printed and do not count, in every format; their number is printed', () => {
  const { check } = known('quiet');
  for (const format of ['text', 'json', 'sarif', 'github', 'junit']) {
    const { code, out, err } = check('--format', format, 'apps');
    assert.equal(code, 0, format);
    assert.doesNotMatch(out, /invalid-value/, format);
    assert.match(format === 'text' ? out : err, /^1 finding recorded in baseline\.json ignored\.$/m, format);
  }
  assert.deepEqual((JSON.parse(check('--format', 'json', 'apps').out) as { baseline: unknown }).baseline, {
    file: 'baseline.json',
    known: 1,
    stale: [],
  });
});

test('lines, order, indentation and files may change; a second finding of the same kind is new', () => {
  const { folder, check } = known('moved');
  const other = entry('b', 'DNS');
  writeFiles(folder, {
    'apps/a.yaml': `# one\n# two\n${other}---\n${entry('a', 'DNSS').replace('  location: MESH_EXTERNAL\n', '').replace('spec:\n', 'spec:\n  location: MESH_EXTERNAL\n')}`,
  });
  assert.equal(check('apps').code, 0);
  renameSync(join(folder, 'apps/a.yaml'), join(folder, 'apps/renamed.yaml'));
  assert.match(check('apps').out, /^1 finding recorded in baseline\.json ignored\.\n(?!1 entry)/m);
  writeFiles(folder, { 'apps/b.yaml': entry('b', 'DNSS') });
  const { code, out } = check('apps/b.yaml', 'apps/renamed.yaml');
  assert.equal(code, 1);
  assert.match(out, /^apps\/b\.yaml:12:15: error: .*\[invalid-value\]$/m);
});

test('one entry stands for one finding, that of its own file before that of another', () => {
  const { folder, check } = known('twice');
  writeFiles(folder, { 'apps/0.yaml': entry('a', 'DNSSS') });
  const { code, out } = check('apps');
  assert.equal(code, 1);
  assert.match(out, /^apps\/0\.yaml:12:15: error: .*\[invalid-value\]$/m);
  assert.doesNotMatch(out, /^apps\/a\.yaml:12:15: /m);
});

test('an outdated entry is listed and does not fail; entries of files that were not checked are not listed', () => {
  const { folder, check } = known('stale');
  writeFiles(folder, { 'apps/a.yaml': entry('a', 'DNS'), 'other/b.yaml': entry('b', 'DNS') });
  const { code, out } = check('apps');
  assert.equal(code, 0);
  assert.match(
    out,
    /^1 entry in baseline\.json no longer found \(--write-baseline baseline\.json updates the file\):\n    apps\/a\.yaml: ServiceEntry default\/a spec\.resolution \[invalid-value\]$/m,
  );
  assert.doesNotMatch(check('other').out, /no longer found/);
  assert.doesNotMatch(check('--rule', 'double-tls', 'apps').out, /no longer found/);
  rmSync(join(folder, 'apps/a.yaml'));
  assert.match(check('other').out, /no longer found/, 'its file is gone');
});

test('list items are known by name, so that others may come before them', () => {
  const folder = join(dir, 'items');
  const ports = (before: string) =>
    entry('a', 'DNS').replace('  ports:\n', `  ports:\n${before}`).replace('protocol: TLS', 'protocol: TLSS');
  writeFiles(folder, { 'a.yaml': ports('') });
  runCli(['check', '--write-baseline', 'known.json'], { cwd: folder });
  assert.ok(
    entriesOf(join(folder, 'known.json')).some(({ field }) => field === 'spec.ports[name=tls].protocol'),
    readFileSync(join(folder, 'known.json'), 'utf8'),
  );
  writeFiles(folder, { 'a.yaml': ports('    - number: 80\n      name: http\n      protocol: HTTP\n') });
  const { out } = runCli(['check', '--baseline', 'known.json'], { cwd: folder });
  assert.doesNotMatch(out, /protocol|no longer found/);
});

test('manifests from standard input, and a List', () => {
  const cwd = join(dir, 'stdin');
  writeFiles(cwd, {});
  const input = `apiVersion: v1\nkind: List\nitems:\n${['x', 'a']
    .map(
      (name) =>
        `- ${entry(name, name === 'a' ? 'DNSS' : 'DNS')
          .trim()
          .replaceAll('\n', '\n  ')}\n`,
    )
    .join('')}`;
  writeFiles(cwd, { 'keep.txt': '' });
  assert.equal(runCli(['check', '-', '--write-baseline', 'b.json'], { cwd, input }).code, 0);
  assert.deepEqual(entriesOf(join(cwd, 'b.json')), [
    { rule: 'invalid-value', file: '-', resource: 'ServiceEntry default/a', field: 'spec.resolution' },
  ]);
  assert.equal(runCli(['check', '-', '--baseline', 'b.json'], { cwd, input }).code, 0);
});

test('bad files: exit 2 and where it is wrong', () => {
  const { folder, file, check } = known('bad');
  const good = readFileSync(file, 'utf8');
  const cases: [string, RegExp][] = [
    ['', /baseline\.json:1:1: This is not a baseline file/],
    ['[]', /baseline\.json:1:1: This is not a baseline file/],
    [good.slice(0, -4), /baseline\.json:\d+:\d+: /],
    [good.replace('"version": 1', '"version": 2'), /baseline\.json:2:14: Expected `version: 1`/],
    [
      good.replace('"findings"', '"findngs"'),
      /baseline\.json:3:3: `findngs` is not a known key\. Did you mean `findings`\?/,
    ],
    [good.replace('"rule":"invalid-value"', '"rule":7'), /baseline\.json:4:\d+: Expected a string for `rule`/],
    [good.replace('{"rule"', '{"rules"'), /baseline\.json:4:\d+: `rules` is not a known key\. Did you mean `rule`\?/],
  ];
  for (const [text, words] of cases) {
    writeFileSync(file, text);
    const { code, out, err } = check('apps');
    assert.deepEqual([code, out], [2, ''], text);
    assert.match(err, words);
  }
  for (const [args, words] of [
    [['check', '--baseline', 'none.json'], /--baseline none\.json: cannot be read/],
    [['check', '--write-baseline', 'no/where.json'], /--write-baseline no\/where\.json: cannot be written/],
    [['check', '--baseline', 'a', '--write-baseline', 'b'], /not both/],
    [['fix', '--baseline', 'a'], /--baseline works only with check/],
  ] as const) {
    const { code, out, err } = runCli(args, { cwd: folder });
    assert.deepEqual([code, out], [2, ''], args.join(' '));
    assert.match(err, words);
  }
});
