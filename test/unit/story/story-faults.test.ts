// `check` on the story with one fault each: one finding, of the rule that names it, on the node to edit.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { run } from '../../../server/src/cli/run.ts';
import { cliHost } from '../../../server/src/host/node/cli-host.ts';
import { storyFaults, writeStoryFault } from '../../kit/story-faults.ts';
import { documentRules, pages, rules as shipped } from '../../../server/src/rules/index.gen.ts';
import { noServers } from '../../kit/no-servers.ts';

const dir = mkdtempSync(join(tmpdir(), 'istio-egress-faults-'));
after(() => rmSync(dir, { recursive: true, force: true }));

interface Found {
  readonly rule: string;
  readonly severity: string;
  readonly file: string;
  readonly range: { readonly start: Place; readonly end: Place };
}
interface Place {
  readonly line: number;
  readonly character: number;
}

for (const [i, fault] of storyFaults.entries()) {
  const { rules, severity = 'warning', nodes } = fault;
  test(`${fault.fault}: ${rules.join(' and ')}`, () => {
    const folder = join(dir, String(i));
    writeStoryFault(folder, fault);
    const { code, out } = command('check', '--format', 'json', folder);
    const { findings } = JSON.parse(out) as { findings: readonly Found[] };
    assert.equal(code, severity === 'information' ? 0 : 1);
    assert.deepEqual(
      findings.map((one) => [one.rule, one.severity, nodeOf(folder, one)]),
      rules.map((rule, n) => [rule, severity, nodes[n]]),
    );
  });
}

test('each of these rules is explained', () => {
  for (const rule of new Set(storyFaults.flatMap(({ rules }) => rules))) {
    const { code, out } = command('explain', rule);
    assert.equal(code, 0, rule);
    assert.match(out, new RegExp(`^# ${rule}\n[^]*## Why\n[^]*## Fails`), rule);
  }
});

function nodeOf(folder: string, { file, range: { start, end } }: Found): string | undefined {
  return readFileSync(resolve(folder, file), 'utf8').split('\n')[start.line]?.slice(start.character, end.character);
}

function command(...args: readonly string[]): { readonly code: unknown; readonly out: string } {
  const out: string[] = [];
  const host = {
    ...cliHost('0', noServers),
    stdout: (text: string) => void out.push(text),
  };
  return {
    code: run(args, host, { rules: shipped, documentRules, pages }),
    out: out.join(''),
  };
}
