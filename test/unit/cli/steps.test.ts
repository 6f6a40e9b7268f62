// Each answer is worked out in steps that a run is told of, so that it can say while it works that it takes long, not only at its end.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { writeFiles } from '../../kit/cli.ts';
import { runInProcess } from '../../kit/run-in-process.ts';

const dir = mkdtempSync(join(tmpdir(), 'istio-egress-steps-'));
after(() => rmSync(dir, { recursive: true, force: true }));

const times = (count: number, text: (at: number) => string) => Array.from({ length: count }, (_, at) => text(at));

function folderOf(count: number): string {
  const entry = (at: number) =>
    `apiVersion: v1\nkind: Namespace\nmetadata: { name: team-${at} }\n---\napiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: a, namespace: team-${at} }\nspec:\n  hosts: [h${at}.example.com]\n  ports: [{ number: 80, name: http, protocol: HTTP }]\n  resolution: DNS\n`;
  const expectation = (at: number) =>
    `- name: t${at}\n  from: team-${at}\n  request: http://h${at}.example.com/\n  expect: allowed\n`;
  writeFiles(join(dir, String(count)), {
    'entries.yaml': times(count, entry).join('---\n'),
    'a.egress-test.yaml': times(count, expectation).join(''),
    '.istio-egress.yaml': 'require: { throughGateway: true, encrypted: true, logged: true }\n',
  });
  return join(dir, String(count));
}

const empty = join(dir, 'empty');
writeFiles(empty, { 'readme.md': 'nothing\n' });

const commands: Readonly<Record<string, (folder: string) => readonly string[]>> = {
  check: (folder) => ['check', folder],
  stats: (folder) => ['stats', folder],
  access: (folder) => ['access', folder],
  graph: (folder) => ['graph', folder],
  test: (folder) => ['test', folder],
  'diff, what is new': (folder) => ['diff', empty, folder],
  'diff, what is gone': (folder) => ['diff', folder, empty],
};

for (const [name, argsOf] of Object.entries(commands))
  test(`the steps of an answer grow with the mesh: ${name}`, async () => {
    const stepsOf = async (count: number) => {
      let steps = 0;
      const { err } = await runInProcess(argsOf(folderOf(count)), {
        noteProgress: (doing) => void (doing === 'working out the answer' && steps++),
      });
      assert.doesNotMatch(err, /internal error/);
      return steps;
    };
    const [few, many] = [await stepsOf(10), await stepsOf(40)];
    assert.ok(many - few >= 30, `${few} steps for 10 hosts, ${many} for 40`);
  });
