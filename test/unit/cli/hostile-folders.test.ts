// Each command ends over each folder that is made to exhaust it, with the status that says what is in it, and no internal error.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { writeFiles } from '../../kit/cli.ts';
import { hostileFolders } from '../../kit/hostile-folders.ts';
import { runInProcess } from '../../kit/run-in-process.ts';

const dir = mkdtempSync(join(tmpdir(), 'istio-egress-hostile-'));
after(() => rmSync(dir, { recursive: true, force: true }));
const empty = join(dir, 'empty');
writeFiles(empty, { 'readme.md': 'nothing\n' });

/** These say with 0 that they have answered. */
const answering: readonly ((folder: string) => readonly string[])[] = [
  (folder) => ['access', folder],
  (folder) => ['access', '--format', 'csv', folder],
  (folder) => ['graph', folder],
  (folder) => ['graph', '--format', 'mermaid', folder],
  (folder) => ['graph', '--format', 'dot', folder],
  (folder) => ['graph', '--format', 'json', folder],
  (folder) => ['stats', '--format', 'json', folder],
  (folder) => ['migrate', '--dry-run', folder],
  (folder) => ['diff', empty, folder],
  (folder) => ['diff', folder, empty],
];

/** Exit statuses of `check`, `fix --dry-run`, `fix --unsafe --dry-run` and `test`, and how many findings there are. */
type Expected = readonly [check: number, fix: number, unsafe: number, test: number, findings: number];

const expected: Readonly<Record<keyof typeof hostileFolders, Expected>> = {
  'numbers in a list of texts': [1, 1, 1, 2, 301],
  'documents without a kind': [1, 1, 0, 2, 100],
  'unknown fields': [1, 1, 1, 2, 1001],
  '4,000 suppressions without a finding': [0, 0, 0, 2, 1000],
  'suppressions of each line': [1, 1, 0, 2, 1],
  'a host of a million letters': [1, 1, 1, 2, 1],
  'a label of a million letters': [1, 1, 1, 2, 1],
  'brackets within each other': [1, 1, 1, 2, 1],
  'dashes within each other': [1, 1, 1, 2, 1],
  'more items than are read': [0, 0, 0, 2, 0],
  'empty documents': [0, 0, 0, 2, 0],
  'each alias ten of the one before': [1, 1, 1, 2, 50],
  'each anchor an alias of the one before': [1, 1, 1, 2, 1002],
  'one object by many aliases': [1, 1, 1, 2, 3],
  'a quote opened on each of 5,000 lines': [1, 1, 1, 2, 22],
  'copies of one object': [0, 0, 0, 2, 59],
  'a List': [1, 0, 0, 2, 60],
  'a List with a syntax error': [1, 1, 1, 2, 61],
  'a List with an alias': [1, 1, 1, 2, 61],
  'patterns of many stars': [0, 0, 0, 2, 0],
  'expressions of which each is tried in all ways': [0, 0, 0, 1, 0],
  '10,000 severities of unknown rules': [2, 2, 2, 2, 0],
  'expectations with mistakes': [0, 0, 0, 2, 0],
  'kustomizations in a circle': [0, 0, 0, 2, 0],
  'hosts and ports': [0, 0, 0, 2, 0],
};

for (const [name, files] of Object.entries(hostileFolders))
  test(`each command ends: ${name}`, async () => {
    const folder = join(dir, name.replaceAll(/\W+/g, '-'));
    writeFiles(folder, files);
    const statusOf = async (...args: readonly string[]) => {
      const { code, err } = await runInProcess(args);
      assert.doesNotMatch(err, /internal error|TypeError|RangeError/, args.join(' '));
      return code;
    };
    const { code, out } = await runInProcess(['check', '--format', 'json', folder]);
    const findings = out === '' ? 0 : (JSON.parse(out) as { readonly findings: readonly unknown[] }).findings.length;
    const fixed = [await statusOf('fix', '--dry-run', folder), await statusOf('fix', '--unsafe', '--dry-run', folder)];
    assert.deepEqual([code, ...fixed, await statusOf('test', folder), findings], expected[name]);
    for (const argsOf of answering) assert.equal(await statusOf(...argsOf(folder)), code === 2 ? 2 : 0);
  });
