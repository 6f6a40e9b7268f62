// What the editor offers and says in a file of expectations. `|` is the cursor.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { runEgressTests } from '../../../server/src/eval/run-egress-tests.ts';
import { egressTestChoices } from '../../../server/src/features/egress-test/completion.ts';
import { egressTestHover } from '../../../server/src/features/egress-test/hover.ts';
import { caseKeys, docOfValue, methods, requestKeys } from '../../../server/src/features/egress-test/key-docs.ts';
import { fileProblems } from '../../../server/src/features/file-problems.ts';
import { expectations, isEgressTestName, readEgressTests } from '../../../server/src/sources/egress-test.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

const examples = resolve(import.meta.dirname, '../../../examples');
const story = Object.fromEntries(
  readdirSync(examples)
    .filter((name) => name.endsWith('.yaml') && !isEgressTestName(name))
    .map((name) => [name, readFileSync(resolve(examples, name), 'utf8')]),
);
const { mesh } = meshFromYaml({
  ...story,
  'policy.yaml':
    'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: { name: ci, namespace: x }\nspec: { targetRefs: [{ kind: ServiceEntry, group: networking.istio.io, name: none }], rules: [{ from: [{ source: { serviceAccounts: [team/ci] } }] }] }\n',
  'wild.yaml':
    'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: wild, namespace: x }\nspec: { hosts: ["*.wild.test"], ports: [{ number: 8443, name: tls, protocol: TLS }, { number: 9000, name: tcp, protocol: TCP }] }\n',
});

function cut(marked: string): { text: string; offset: number } {
  const offset = marked.indexOf('|');
  return { text: marked.slice(0, offset) + marked.slice(offset + 1), offset };
}

const labels = (marked: string): string[] => {
  const { text, offset } = cut(marked);
  return egressTestChoices(text, offset, mesh).map(({ label }) => label);
};

/** The text after the choice of that name was taken. */
function take(marked: string, label: string): string {
  const { text, offset } = cut(marked);
  const choice = egressTestChoices(text, offset, mesh).find((one) => one.label === label);
  assert.ok(choice, `${label} is offered in ${marked}`);
  return text.slice(0, choice.replace.start) + choice.newText + text.slice(choice.replace.end);
}

const places: [string, readonly string[]][] = [
  ['- |', ['name', 'from', 'labels', 'request', 'expect', 'via', 'tls', 'sni']],
  ['- from: a\n  |', ['name', 'labels', 'request', 'expect', 'via', 'tls', 'sni']],
  ['- from: a\n  e|\n  request: http://x', ['name', 'labels', 'expect', 'via', 'tls', 'sni']],
  ['- { from: a, |', ['name', 'labels', 'request', 'expect', 'via', 'tls', 'sni']],
  ['- { from: a, expect: | }', ['allowed', 'denied', 'fails', 'bypasses']],
  ['- from: a\n  expect: |', ['allowed', 'denied', 'fails', 'bypasses']],
  ['- from: a\n  expect: "|"', ['allowed', 'denied', 'fails', 'bypasses']],
  ['- from: a\n  request:\n    |', ['url', 'method', 'headers']],
  ['- from: a\n  request:\n    url: http://x\n    |\n  expect: denied', ['method', 'headers']],
  ['- from: a\n  request: { url: "http://x", | }', ['method', 'headers']],
  ['- from: a\n  request:\n    method: |', ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']],
  ['- from: |', ['default/curl', 'team/ci', 'common-infrastructure', 'default', 'team']],
  ['- via: |', ['common-infrastructure/egress-gateway', 'sidecar', 'direct']],
  ['- tls: |', ['SIMPLE', 'MUTUAL', 'none']],
  ['- sni: h|', ['httpbin.org']],
  ['- request: |', ['http://httpbin.org/', 'https://www.wild.test:8443/', 'tcp://www.wild.test:9000']],
  ['- request: http://ht|', ['http://httpbin.org/', 'https://www.wild.test:8443/', 'tcp://www.wild.test:9000']],
  ['- request: { url: | }', ['http://httpbin.org/', 'https://www.wild.test:8443/', 'tcp://www.wild.test:9000']],
  ['- labels: { app: | }', ['curl']],
  [
    '# from a\n---\n- from: a\n  expect: allowed\n---\n- from: b\n  expect: |',
    ['allowed', 'denied', 'fails', 'bypasses'],
  ],
  ['|', ['case']],
  ['- from: a\n  expect: allowed\n|', ['case']],
  ['- name: |', []],
  ['- from: a\n  request:\n    headers:\n      |', []],
  ['- from: a # |', []],
  ['- from: a\n  expect: allowed |', []],
  ['- nothing: |', []],
];
for (const [marked, expected] of places)
  test(`offers in ${JSON.stringify(marked)}`, () => assert.deepEqual(labels(marked), expected));

test('what is chosen takes the place of the whole word', () => {
  assert.equal(take('- from: default/c|x\n', 'default/curl'), '- from: default/curl\n');
  assert.equal(take('- request: "http://ht|"\n', 'http://httpbin.org/'), '- request: "http://httpbin.org/"\n');
  assert.equal(take('- { from: a, ex|: denied }', 'expect'), '- { from: a, expect: denied }');
  const written = take('cas|', 'case');
  assert.deepEqual(readEgressTests(written).errors, []);
  assert.equal(readEgressTests(written).cases.length, 1);
});

test('typing a case letter by letter never fails', () => {
  const text = readFileSync(resolve(examples, 'story.egress-test.yaml'), 'utf8');
  for (let length = 0; length <= text.length; length += 2) {
    egressTestChoices(text.slice(0, length), length, mesh);
    egressTestChoices(text, length, mesh);
    egressTestHover(text, length, mesh);
  }
});

test('words come from the schema, and cover what the reader reads', () => {
  assert.deepEqual(
    caseKeys.filter(({ required }) => required).map(({ key }) => key),
    ['from', 'request', 'expect'],
  );
  assert.deepEqual(
    [...caseKeys, ...requestKeys].filter(({ doc }) => doc === ''),
    [],
  );
  for (const { key } of caseKeys)
    assert.ok(!readEgressTests(`- { ${key}: x }`).errors.some(({ message }) => message.includes('not known')), key);
  assert.deepEqual(
    expectations.map((one) => docOfValue('expect', one)).filter((doc) => !/^\S.*\.$/.test(doc) || doc.includes(': ')),
    [],
  );
  assert.ok(methods.includes('PATCH'));
});

test('hover says what a key and a value mean, and what the request does now', () => {
  const at = (marked: string) => {
    const { text, offset } = cut(marked);
    return egressTestHover(text, offset, mesh);
  };
  const denied = '- { from: default/batch, request: "http://httpbin.org/get", expect: den|ied }';
  const hover = at(denied);
  assert.match(
    hover!.markdown,
    /^\*\*expect\*\* \(required\)\n\n`denied`: a policy denies it\.\n\n---\n\nWith these manifests the request is denied: /,
  );
  assert.equal(cut(denied).text.slice(hover!.span.start, hover!.span.end), 'denied');
  assert.match(at(denied.replace('|', '').replace('request', 're|quest'))!.markdown, /The request: a URL/);
  assert.match(at('- { from: a, request: { met|hod: GET } }')!.markdown, /^\*\*method\*\*/);
  assert.doesNotMatch(
    at('- { lab|els: { a: b }, from: default/curl, request: "http://httpbin.org", expect: allowed }')!.markdown,
    /By the manifests/,
  );
  assert.equal(at('- { odd|: 1 }'), undefined);
});

test('mistakes have places, also a URL that is none', () => {
  const problems = (name: string, text: string) =>
    fileProblems(name, () => text, { rules: [], documentRules: [] })?.map(({ message, span }) => [
      text.slice(span.start, span.end),
      message,
    ]);
  assert.deepEqual(problems('a.yaml', '- odd: 1'), undefined);
  assert.deepEqual(problems('a.egress-test.yaml', '- from: a\n  request: ftp://x\n  expect: allowed\n'), [
    ['ftp://x', 'ftp://x: the scheme must be http, https or tcp'],
  ]);
  assert.match(
    String(problems('a.egress-test.yaml', '- from: a\n  request: http://x\n  expext: allowed\n')),
    /Did you mean `expect`/,
  );
});

test('labels of the client count', () => {
  const outcome = (labels: string) =>
    runEgressTests(`- { from: default/curl, ${labels}request: "http://httpbin.org/get", expect: allowed }`, mesh)
      .results[0]!;
  assert.equal(outcome('').outcome, 'passed');
  assert.equal(outcome('labels: { app: curl, version: 2 }, ').outcome, 'passed');
  assert.equal(outcome('labels: { istio.io/dataplane-mode: none }, ').outcome, 'failed');
  assert.match(
    String(readEgressTests('- { labels: [a], from: a, request: "http://x", expect: allowed }').errors[0]?.message),
    /^Expected labels/,
  );
});
