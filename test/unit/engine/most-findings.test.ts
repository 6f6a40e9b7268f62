// Documents with more faults than anybody reads: the first are listed, and the last of them says that there are more.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyzeFiles } from '../../../server/src/engine/analyze.ts';
import { firstOf, firstOfEachRule, mostFindings } from '../../../server/src/engine/most-findings.ts';

const head = 'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: a\nspec:\n';
const lines = (count: number, line: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => `${line(i)}\n`).join('');
const findingsOf = (text: string) => analyzeFiles([{ uri: 'file:///a.yaml', text }]).findings;

test('the first findings of a rule are listed, and the last one counts the rest', () => {
  const types = findingsOf(`${head}  hosts:\n${lines(mostFindings + 5, () => '  - 1')}`).filter(
    ({ rule }) => rule === 'invalid-type',
  );
  assert.equal(types.length, mostFindings);
  assert.match(types.at(-1)!.message, / 5 more findings of invalid-type in this document are not listed\.$/);
  assert.ok(types.slice(0, -1).every(({ message }) => !message.includes('not listed')));
});

test('as many as are listed are listed without a word', () => {
  const all = Array.from({ length: mostFindings }, (_, i) => ({ rule: 'r', message: `${i}` }));
  assert.deepEqual(firstOfEachRule([{ rule: 'q', message: 'q' }, ...all]), [{ rule: 'q', message: 'q' }, ...all]);
  assert.deepEqual([...firstOf('r', all)], all);
});

test('a rule is not asked for more than are listed', () => {
  let asked = 0;
  const endless = function* () {
    for (;;) yield { message: `${++asked}.` };
  };
  const found = [...firstOf('r', endless())];
  assert.equal(found.length, mostFindings);
  assert.equal(asked, mostFindings + 1);
  assert.equal(found.at(-1)!.message, `${mostFindings}. Further findings of r in this manifest are not listed.`);
});

test('faults of other rules are listed beside them', () => {
  const found = findingsOf(`${head}  resolution: NOPE\n  hosts:\n${lines(2 * mostFindings, () => '  - 1')}`);
  assert.ok(found.some(({ rule }) => rule === 'invalid-value'));
});

for (const [what, text] of Object.entries({
  'wrong types in one line': `${head}  hosts: [${'1,'.repeat(40_000)}1]\n`,
  'unknown fields': head + lines(40_000, (i) => `  f${i}: 1`),
  'suppressions of each line': head + lines(20_000, (i) => `  # istio-egress-ignore unknown-field: why\n  f${i}: 1`),
  'suppressions without a finding': lines(40_000, () => '# istio-egress-ignore unknown-field: why') + head,
  'hosts and ports': `${head}  hosts:\n${lines(1500, (i) => `  - h${i}.example.com`)}  ports:\n${lines(1500, (i) => `  - { number: ${i + 1}, name: p${i}, protocol: HTTP }`)}  resolution: DNS\n`,
}))
  test(`a file of tens of thousands of them has few findings: ${what}`, () => {
    const found = findingsOf(text);
    assert.ok(found.length > 0 && found.length <= 3 * mostFindings, `${found.length} findings`);
  });

test('a policy of more rules than are compared with each other says where that ends', () => {
  const rule = (i: number) => `  - to: [{ operation: { paths: [/a${i}], hosts: [a${i}.com] } }]`;
  const policy = `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: { name: a, namespace: shop }\nspec:\n  rules:\n${lines(6000, rule)}`;
  const found = findingsOf(policy).filter(({ rule: id }) => id === 'policy-rule-shadowed');
  assert.equal(found.length, 1);
  assert.match(found[0]!.message, /^From this rule on, rules without effect are not looked for/);
});

test('a message is not as long as the value that it speaks of', () => {
  const [longest] = findingsOf(`${head}  hosts: [${'a.'.repeat(500_000)}com]\n  resolution: DNS\n`)
    .map(({ message }) => message)
    .sort((a, b) => b.length - a.length);
  assert.ok(longest && longest.length < 3000, `${longest?.length} characters`);
  assert.match(longest, /characters left out/);
});
