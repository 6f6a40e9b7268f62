// A rule that throws: the run is incomplete and must not pass.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { writeFiles } from '../../kit/cli.ts';
import { allRules, runInProcess } from '../../kit/run-in-process.ts';

const dir = mkdtempSync(join(tmpdir(), 'istio-egress-failed-rule-'));
after(() => rmSync(dir, { recursive: true, force: true }));
writeFiles(dir, {
  'entry.yaml':
    'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: a, namespace: b }\nspec:\n  hosts: [a.example.com]\n  ports: [{ number: 80, name: http, protocol: HTTP }]\n  resolution: DNS\n',
});
const [first, ...others] = allRules.rules.filter(({ subjects }) => subjects.includes('ServiceEntry'));
const book = {
  ...allRules,
  rules: [
    {
      ...first!,
      check: () => {
        throw new Error('out of cheese');
      },
    },
    ...others,
  ],
};

for (const args of [
  ['check', dir],
  ['check', dir, '--format', 'json'],
  ['check', dir, '--fail-on', 'error'],
  ['check', dir, '--write-baseline', join(dir, 'known.json')],
  ['fix', dir, '--dry-run'],
])
  test(`${args.slice(0, 1).concat(args.slice(2)).join(' ')} exits with 2 and names the rule`, async () => {
    const { code, err } = await runInProcess(args, { book });
    assert.equal(code, 2);
    assert.match(err, new RegExp(`rule ${first!.id} failed on ServiceEntry b/a: Error: out of cheese`));
  });

test('the other rules report, and the run says that findings may be missing', async () => {
  const { out, err } = await runInProcess(['check', dir, '--format', 'json'], { book });
  const { findings } = JSON.parse(out) as { findings: readonly { rule: string }[] };
  assert.ok(findings.every(({ rule }) => rule !== first!.id));
  assert.match(err, new RegExp(`internal error in ${first!.id}: findings of this rule may be missing`));
});
