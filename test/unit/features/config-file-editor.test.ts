// What the editor says and offers in `.istio-egress.yaml`. `|` is the cursor.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { ruleIds } from '../../../server/src/engine/rule-ids.ts';
import { configChoices } from '../../../server/src/features/config-file/completion.ts';
import { configHover } from '../../../server/src/features/config-file/hover.ts';
import { keysAt } from '../../../server/src/features/config-file/key-docs.ts';
import { fileProblems } from '../../../server/src/features/file-problems.ts';
import { supportedVersions } from '../../../server/src/model/istio-releases.ts';
import { documentRules, rules } from '../../../server/src/rules/index.gen.ts';
import { statements } from '../../../server/src/model/requirements.ts';
import { isConfigFile, levels, readConfigFile } from '../../../server/src/sources/config-file.ts';

const all = { rules, documentRules };
const ids = ruleIds(all);
const schema = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../../schemas/istio-egress.schema.json'), 'utf8'),
) as object;
const validate = new Ajv({ strict: false }).compile(schema);

function cut(marked: string): { text: string; offset: number } {
  const offset = marked.indexOf('|');
  return { text: marked.slice(0, offset) + marked.slice(offset + 1), offset };
}
const choicesIn = (marked: string) => {
  const { text, offset } = cut(marked);
  return configChoices(text, offset, all, {
    hosts: ['*.example.com', 'api.example.com'],
    namespaces: ['apps', 'batch'],
  });
};
const labels = (marked: string) => choicesIn(marked).map(({ label }) => label);
function take(marked: string, label: string): string {
  const choice = choicesIn(marked).find((one) => one.label === label);
  assert.ok(choice, `${label} is offered in ${marked}`);
  const { text } = cut(marked);
  return text.slice(0, choice.replace.start) + choice.newText + text.slice(choice.replace.end);
}

const top = ['istioVersion', 'severities', 'completeKinds', 'defaultNamespace', 'ignore', 'mesh', 'require'];
const places: [string, readonly string[]][] = [
  ['|', top],
  ['mesh:\n  rootNamespace: a\n|', top.filter((key) => key !== 'mesh')],
  ['i|\nmesh: {}', top.filter((key) => key !== 'mesh')],
  ['istioVersion: |', supportedVersions.toReversed().map((version) => `"${version}"`)],
  ['severities:\n  double-tls: |', [...levels]],
  ['severities: { double-tls: o| }', [...levels]],
  ['mesh:\n  |', keysAt(['mesh']).map(({ key }) => key)],
  ['mesh: { dnsCapture: | }', ['true', 'false']],
  ['mesh:\n  outboundTrafficPolicy: |', ['ALLOW_ANY', 'REGISTRY_ONLY', 'ALLOW_ANY_DYNAMIC_DNS']],
  ['defaultNamespace: |', ['apps', 'batch']],
  ['require:\n  |', ['throughGateway', 'encrypted', 'notOpenToAll', 'hosts', 'callers', 'logged', 'exceptions']],
  ['require:\n  encrypted: |', ['true', 'false']],
  ['require:\n  exceptions:\n  - host: a.example.com\n    |', ['statement', 'reason', 'until']],
  ['require:\n  exceptions:\n  - statement: |', [...statements]],
  ['require:\n  exceptions:\n  - |', ['host', 'statement', 'reason', 'until']],
  ['require:\n  exceptions: |', []],
  ['require:\n  exceptions:\n  - host: a.example.com\n  -   st|', ['host', 'statement', 'reason', 'until']],
  ['require:\n  callers:\n    - |', ['host', 'namespaces']],
  ['require:\n  callers:\n  - host: |', ['"*.example.com"', 'api.example.com']],
  ['require:\n  callers:\n  - namespaces: [|]', ['apps', 'batch']],
  ['require:\n  callers:\n  - namespaces:\n    - |', ['apps', 'batch']],
  ['require:\n  hosts: [|]', ['"*.example.com"', 'api.example.com']],
  ['require:\n  hosts:\n  - api|', ['"*.example.com"', 'api.example.com']],
  ['require: { exceptions: [{ host: | }] }', ['"*.example.com"', 'api.example.com']],
  ['mesh:\n  pilotEnv:\n    |', ['ENABLE_WILDCARD_HOST_SERVICE_ENTRIES_FOR_TLS', 'PILOT_ENABLE_IP_AUTOALLOCATE']],
  ['mesh:\n  discoverySelectors:\n  - |', ['matchLabels', 'matchExpressions']],
  ['ignore: [|]', []],
  ['# |', []],
];
for (const [marked, expected] of places)
  test(`offered in ${JSON.stringify(marked)}`, () => assert.deepEqual(labels(marked), expected));

test('rules are offered with what they find, kinds in both forms of a list', () => {
  assert.deepEqual(labels('severities:\n  |').toSorted(), ids.toSorted());
  assert.deepEqual(
    labels('severities:\n  double-tls: off\n  d|').toSorted(),
    ids.filter((id) => id !== 'double-tls').toSorted(),
  );
  assert.match(choicesIn('severities:\n  |').find(({ label }) => label === 'double-tls')!.doc, /^\S.* \(warning\)$/);
  for (const marked of ['completeKinds: [Serv|', 'completeKinds:\n  - Serv|', 'completeKinds: [Gateway, |]'])
    assert.ok(labels(marked).includes('ServiceEntry'), marked);
  assert.equal(take('completeKinds:\n  - Serv|', 'ServiceEntry'), 'completeKinds:\n  - ServiceEntry');
  assert.equal(take('sev|', 'severities'), 'severities:');
  assert.equal(take('istioV|', 'istioVersion'), 'istioVersion: ');
  assert.equal(take('severities:\n  dou|: off', 'double-tls'), 'severities:\n  double-tls: off');
});

test('hovers: keys, levels, rules with their page', () => {
  const at = (marked: string) => {
    const { text, offset } = cut(marked);
    return configHover(text, offset, all, (rule) => `pages:/${rule}.md`)?.markdown;
  };
  assert.match(at('istio|Version: "1.30"')!, /^\*\*istioVersion\*\*\n\nThe Istio version/);
  assert.match(at('mesh: { outboundTrafficPolicy: REGISTRY|_ONLY }')!, /`REGISTRY_ONLY`: refuses them\./);
  assert.match(
    at('severities: { double|-tls: off }')!,
    /^\*\*\[double-tls\]\(pages:\/double-tls\.md\)\*\* \(default severity: warning\)/,
  );
  assert.match(at('severities: { double-tls: of|f }')!, /^`off`: do not report\.$/);
  assert.match(
    at('require: { encry|pted: true }')!,
    /^\*\*encrypted\*\*\n\nWhat is sent to external hosts is encrypted/,
  );
  assert.equal(at('odd: |1'), undefined);
});

test('mistakes have places; unknown rules too, with a near one', () => {
  const problems = (text: string) =>
    fileProblems('file:///w/.istio-egress.yaml', () => text, all)?.map(({ message, span }) => [
      text.slice(span.start, span.end),
      message,
    ]);
  assert.deepEqual(problems('severities: { double-tsl: off }'), [
    ['double-tsl', 'There is no rule `double-tsl`. Did you mean `double-tls`?'],
  ]);
  assert.deepEqual(
    problems('defaultNamespace: Up_per')?.map(([at]) => at),
    ['Up_per'],
  );
  assert.deepEqual(problems(''), []);
  assert.equal(
    fileProblems('file:///w/a.yaml', () => 'odd: 1', all),
    undefined,
  );
  assert.equal(isConfigFile('file:///w/my.istio-egress.yaml'), false);
});

const texts: readonly (readonly [string, boolean])[] = [
  [
    'istioVersion: "1.30"\nseverities: { double-tls: off }\ncompleteKinds: [ServiceEntry, Deployment]\ndefaultNamespace: a\nignore: ["x/**"]\nmesh: { rootNamespace: a, dnsCapture: true, discoverySelectors: [{ matchLabels: { a: b } }] }',
    true,
  ],
  ['mesh:\nseverities:\nignore:', true],
  ['istoVersion: "1.30"', false],
  ['istioVersion: "1.99"', false],
  ['severities: { double-tsl: off }', false],
  ['severities: { double-tls: loud }', false],
  ['completeKinds: [Servic]', false],
  ['completeKinds: Service', false],
  ['defaultNamespace: A_', false],
  ['ignore: x', false],
  ['mesh: { dnsCapture: 1 }', false],
  ['mesh: { outboundTrafficPolicy: ALLOW }', false],
  ['mesh: { root: x }', false],
  ['- a', false],
];
for (const [text, isGood] of texts) {
  test(`schema and reader agree that ${JSON.stringify(text)} is ${isGood ? 'right' : 'wrong'}`, () => {
    assert.equal(validate(parse(text)), isGood, JSON.stringify(validate.errors));
    assert.equal(readConfigFile(text, 'u', ids).errors.length === 0, isGood);
  });
}

test('every key of the schema is one of the reader', () => {
  for (const path of [[], ['mesh']]) {
    for (const { key } of keysAt(path)) {
      const { errors } = readConfigFile(path.length > 0 ? `mesh: { ${key}: }` : `${key}:`, 'u');
      assert.deepEqual(
        errors.filter(({ message }) => message.includes('is not a')),
        [],
        key,
      );
    }
  }
});
