// Files of expectations: how they are read, that the schema says the same, and what running them says.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { runEgressTests } from '../../../server/src/eval/run-egress-tests.ts';
import { isEgressTestName, readEgressTests } from '../../../server/src/sources/egress-test.ts';
import { drained } from '../../../server/src/base/steps.ts';
import { scanWorkspace } from '../../../server/src/sources/workspace-files.ts';
import { nodeFiles } from '../../../server/src/host/node/files.ts';
import { toPlain } from '../../../server/src/yaml/read.ts';
import { parseDocument } from '../../../server/src/yaml/parse.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';
import { newWorkspace } from '../../kit/workspace.ts';

const root = resolve(import.meta.dirname, '../../..');
const example = readFileSync(resolve(root, 'examples/story.egress-test.yaml'), 'utf8');
const story = Object.fromEntries(
  readdirSync(resolve(root, 'examples'))
    .filter((name) => name.endsWith('.yaml') && !isEgressTestName(name))
    .map((name) => [name, readFileSync(resolve(root, 'examples', name), 'utf8')]),
);

test('of a file that is full of errors the first are told, and how many more there are', () => {
  const { errors } = readEgressTests(
    '- { from: a, request: "http://a.test", expect: allowed, colour: red }\n'.repeat(3000),
  );
  assert.equal(errors.length, 1000);
  assert.match(errors[998]!.message, /`colour`/);
  assert.deepEqual(errors[999], { ...errors[999]!, message: '2001 more errors of this file are not listed.' });
});

test('a case is read with its places', () => {
  const text =
    '# comment\n---\n- name: a\n  from: default/curl\n  request: { url: "http://x.test/a", method: POST, headers: { x-n: 1, x-s: s } }\n  expect: denied\n  via: ns/wp\n---\n- { from: b, request: "https://y.test", expect: allowed, via: direct, tls: none, sni: y.test }\n';
  const { cases, errors } = readEgressTests(text);
  assert.deepEqual(errors, []);
  const [first, second] = cases;
  assert.deepEqual(
    [
      first!.name,
      first!.from.value,
      first!.url.value,
      first!.method?.value,
      first!.headers,
      first!.expect.value,
      first!.via?.value,
    ],
    ['a', 'default/curl', 'http://x.test/a', 'POST', { 'x-n': '1', 'x-s': 's' }, 'denied', 'ns/wp'],
  );
  assert.deepEqual(
    [second!.name, second!.url.value, second!.tls?.value, second!.sni?.value],
    [undefined, 'https://y.test', 'none', 'y.test'],
  );
  for (const one of cases)
    for (const field of [one.from, one.expect, one.via!])
      assert.equal(text.slice(field.span.start, field.span.end), field.value);
  assert.match(text.slice(second!.span.start), /^\{ from: b/);
});

/** What is written at the place, and what is said of it. */
const mistakes: [string, [string, RegExp][]][] = [
  ['from: a', [['from: a', /^Expected a list of cases/]]],
  ['- a', [['a', /^Expected a case/]]],
  [
    '- from: a',
    [
      ['from', /^`expect` is missing/],
      ['from', /^`request` is missing/],
    ],
  ],
  ['- { from: a/b/c, request: "http://x", expect: allowed }', [['a/b/c', /NAMESPACE/]]],
  ['- { from: 1, request: "http://x", expect: allowed }', [['1', /NAMESPACE/]]],
  [
    '- { from: a, request: "http://x", expect: alowed }',
    [['alowed', /^Expected allowed, denied, fails, bypasses\. Did you mean `allowed`\?/]],
  ],
  ['- { from: a, request: "http://x", expect: }', [['expect', /^Expected allowed/]]],
  [
    '- { from: a, request: "http://x", expect: allowed, vai: direct }',
    [['vai', /^`vai` is not a known key\. Did you mean `via`\?/]],
  ],
  ['- { from: a, request: "http://x", expect: allowed, via: wp }', [['wp', /`direct`, `sidecar`, the/]]],
  ['- { from: a, request: "http://x", expect: allowed, tls: simple }', [['simple', /Did you mean `SIMPLE`/]]],
  ['- { from: a, request: { method: GET }, expect: allowed }', [['{ method', /^`url` is missing/]]],
  ['- { from: a, request: { url: "http://x", verb: GET }, expect: allowed }', [['verb', /^`verb` is not a known key/]]],
  ['- { from: a, request: { url: "http://x", headers: [a] }, expect: allowed }', [['[a]', /^Expected headers/]]],
  ['- { from: a, labels: [a], request: "http://x", expect: allowed }', [['[a]', /^Expected labels/]]],
  ['- { from: a, request: [], expect: allowed }', [['[]', /^Expected a URL/]]],
];

test('mistakes are reported at their places, and the schema takes none of them', () => {
  const validate = new Ajv({ strict: false }).compile(
    JSON.parse(readFileSync(resolve(root, 'schemas/egress-test.schema.json'), 'utf8')) as object,
  );
  const plain = (text: string) => toPlain(parseDocument(text).root!);
  assert.ok(validate(plain(example)), JSON.stringify(validate.errors));
  for (const [text, expected] of mistakes) {
    const { errors } = readEgressTests(text);
    assert.equal(errors.length, expected.length, text);
    for (const [index, [at, words]] of [...expected].entries()) {
      const error = errors.toSorted((a, b) => (a.message < b.message ? -1 : 1))[index]!;
      assert.ok(
        text.slice(error.span.start).startsWith(at) || text.slice(error.span.start, error.span.end).includes(at),
        `${text}: at ${text.slice(error.span.start)}`,
      );
      assert.match(error.message, words);
    }
    assert.equal(validate(plain(text)), false, text);
  }
});

test('a mistake costs its case only; broken text never throws', () => {
  const { cases, errors } = readEgressTests(
    '- { from: a, request: "http://x", expect: no }\n- { from: a, request: "http://x", expect: allowed }\n',
  );
  assert.deepEqual([cases.length, errors.length], [1, 1]);
  for (let length = 0; length < example.length; length += 3) readEgressTests(example.slice(0, length));
  assert.deepEqual(readEgressTests('# nothing yet\n'), { cases: [], errors: [] });
});

test('the story holds, and each part of it that is taken away makes a case fail', () => {
  const outcomes = (files: Record<string, string>, text = example) =>
    runEgressTests(text, meshFromYaml(files).mesh).results.map(({ outcome, message }) =>
      outcome === 'passed' ? 'ok' : message,
    );
  assert.deepEqual(outcomes(story), ['ok', 'ok', 'ok', 'ok']);
  const without = (name: string) => Object.fromEntries(Object.entries(story).filter(([file]) => file !== name));
  assert.match(outcomes(without('destination-rule.yaml'))[0]!, /^Expected that it is allowed, but it fails: /);
  const open = outcomes(without('authorization-policy.yaml'));
  assert.match(open[1]!, /^Expected that it is denied, but it is allowed/);
  assert.match(open[2]!, /^Expected that it is denied, but it is allowed/);
  assert.match(
    outcomes({ ...story, 'namespace.yaml': story['namespace.yaml']!.replace(/ +istio.io\/use-waypoint.*\n/, '') })[0]!,
    /^Expected that it is allowed, but it bypasses the waypoint/,
  );
});

test('via, tls and sni are held against the way that the request takes', () => {
  const { mesh } = meshFromYaml(story);
  const message = (rest: string) =>
    runEgressTests(`- { from: default/curl, request: "http://httpbin.org/get", expect: allowed, ${rest} }`, mesh)
      .results[0]!.message;
  assert.equal(message('via: common-infrastructure/egress-gateway, tls: SIMPLE, sni: httpbin.org'), '');
  assert.equal(message('via: direct'), 'Expected way direct, but it is common-infrastructure/egress-gateway.');
  assert.equal(
    message('tls: none, sni: x.org'),
    'Expected TLS none, but it is SIMPLE. Expected server name x.org, but it is httpbin.org.',
  );
  const [denied] = runEgressTests(
    '- { from: default/batch, request: "http://httpbin.org/get", expect: denied, tls: SIMPLE }',
    mesh,
  ).results;
  assert.equal(denied!.message, 'Expected TLS SIMPLE, but the request reaches no host.');
  assert.equal(denied!.name, 'GET http://httpbin.org/get from default/batch is denied');
});

test('a URL that is none is a mistake of the file', () => {
  const { results, problems } = runEgressTests(
    '- { from: a, request: "httpbin.org", expect: allowed }',
    meshFromYaml(story).mesh,
  );
  assert.equal(results.length, 0);
  assert.match(problems[0]!.message, /is not a valid URL, such as/);
});

test('no rule looks at such a file', () => {
  const facts = drained(scanWorkspace(nodeFiles(), [resolve(root, 'examples')])).factsOf(
    resolve(root, 'examples/story.egress-test.yaml'),
  );
  assert.equal(facts.leftAlone, 'foreign');
  const workspace = newWorkspace();
  // By its content too, where its place is not known.
  workspace.setFile('file:///x.egress-test.yaml', example);
  workspace.refresh();
  assert.deepEqual(workspace.findings('file:///x.egress-test.yaml'), []);
  assert.equal(isEgressTestName('a/b.egress-test.yml'), true);
  assert.equal(isEgressTestName('egress-test.yaml'), false);
});

test('via names the egress gateway, or the sidecar alone', () => {
  const { mesh } = meshFromYaml(`
kind: Namespace
apiVersion: v1
metadata: { name: shop, labels: { istio-injection: enabled } }
---
kind: ServiceEntry
apiVersion: networking.istio.io/v1
metadata: { name: news, namespace: shop }
spec:
  hosts: [news.example.com, plain.example.com]
  ports: [{ number: 80, name: http, protocol: HTTP }]
  resolution: DNS
---
kind: Gateway
apiVersion: networking.istio.io/v1
metadata: { name: egress, namespace: shop }
spec:
  selector: { istio: egressgateway }
  servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: [news.example.com] }]
---
kind: VirtualService
apiVersion: networking.istio.io/v1
metadata: { name: news, namespace: shop }
spec:
  hosts: [news.example.com]
  gateways: [egress, mesh]
  http:
    - match: [{ gateways: [mesh], port: 80 }]
      route: [{ destination: { host: istio-egressgateway.istio-system.svc.cluster.local, port: { number: 80 } } }]
    - match: [{ gateways: [egress], port: 80 }]
      route: [{ destination: { host: news.example.com, port: { number: 80 } } }]
`);
  const message = (host: string, via: string) =>
    runEgressTests(`- { from: shop/reader, request: "http://${host}.example.com", expect: allowed, via: ${via} }`, mesh)
      .results[0]!.message;
  assert.equal(message('news', 'gateway istio-system/istio-egressgateway'), '');
  assert.equal(message('news', 'direct'), 'Expected way direct, but it is gateway istio-system/istio-egressgateway.');
  assert.equal(message('plain', 'sidecar'), '');
  assert.equal(message('plain', 'direct'), '');
  assert.equal(
    message('plain', 'gateway istio-system/istio-egressgateway'),
    'Expected way gateway istio-system/istio-egressgateway, but it is sidecar.',
  );
});
