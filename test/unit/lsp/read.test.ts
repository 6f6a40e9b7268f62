// What requests are given: each malformed shape is refused with its place, and nothing else throws.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notifications, requests } from '../../../server/src/lsp/protocol.ts';
import { MalformedInput, readIfValid, type Reader } from '../../../server/src/lsp/protocol/read.ts';

const good: Readonly<Record<string, unknown>> = {
  'istioEgress/rulePage': { rule: 'double-tls' },
  'istioEgress/checkWorkspace': undefined,
  'istioEgress/namespaceAt': { uri: 'file:///a.yaml', position: { line: 0, character: 3 } },
  'istioEgress/templates': { uri: null },
  'istioEgress/newManifest': { uri: null, id: 'tls-pass-through', answers: { host: 'api.example.com' } },
  'istioEgress/accessText': { uri: null, format: 'csv', hosts: ['httpbin.org'], clients: ['default/curl'] },
  'istioEgress/requestChoices': { uri: 'file:///a.yaml' },
  'istioEgress/requestAt': { uri: 'file:///a.yaml', position: { line: 0, character: 3 } },
  'istioEgress/runTests': { uri: 'file:///a.egress-test.yaml' },
  'istioEgress/trace': { uri: null, url: 'http://a.test/', from: 'shop', headers: { a: 'b' }, labels: {} },
  'istioEgress/proposePolicy': { uri: null, url: 'http://a.test/', from: 'shop', method: 'POST' },
  'istioEgress/access': { uri: null, hosts: ['a.test'] },
  'istioEgress/explainLog': { uri: null, text: 'line' },
  'istioEgress/waypointImpact': {
    uri: null,
    change: 'delete',
    namespace: 'shop',
    name: 'exit',
    enroll: true,
    now: { hasGateway: true, useWaypoint: null },
  },
  'istioEgress/compareAccess': { uri: null, base: 'revision', revision: 'main' },
  'istioEgress/revisions': { uri: null },
  'istioEgress/editEffect': { uri: 'file:///a.yaml' },
  'istioEgress/applyEffect': { context: 'dev', texts: ['kind: Service'] },
  'istioEgress/learn': { uri: null, text: 'line', from: 'shop/client' },
  'istioEgress/newRoute': { uri: null, answers: { host: 'api.example.com' } },
  'istioEgress/agentTool': { uri: null, tool: 'check', input: {} },
  'istioEgress/map': undefined,
  'istioEgress/graph': undefined,
  'istioEgress/clusterText': { uri: 'istio-egress-cluster:/a' },
  'istioEgress/places': { objects: [{ kind: 'Service', namespace: 'shop', name: 'a' }] },
  'istioEgress/fileObjects': undefined,
  'istioEgress/manifests': { uris: ['file:///a.yaml'] },
  'istioEgress/trust': undefined,
  'istioEgress/handedFiles': { files: [{ uri: 'file:///a.yaml', text: null }] },
  'istioEgress/cluster': {
    cluster: {
      context: 'dev',
      namespaces: ['shop'],
      objects: [{ kind: 'Service', namespace: 'shop', name: 'a', object: { kind: 'Service' } }],
      complete: ['Service'],
      controlPlane: { namespace: 'istio-system', version: '1.30.0' },
    },
  },
  'istioEgress/changed': undefined,
};
const table: Readonly<Record<string, { readonly read: Reader<unknown> }>> = { ...requests, ...notifications };

test('what a client sends is read as it is', () => {
  assert.deepEqual(Object.keys(table).sort(), Object.keys(good).sort());
  for (const [method, { read }] of Object.entries(table))
    assert.deepEqual(read(good[method], ''), good[method], method);
});

test('unknown fields are ignored, and null means absent', () => {
  const { read } = requests['istioEgress/trace'];
  assert.deepEqual(read({ url: 'http://a.test/', from: 'shop', method: null, newer: true }, ''), {
    uri: null,
    url: 'http://a.test/',
    from: 'shop',
  });
  assert.deepEqual(notifications['istioEgress/cluster'].read({ cluster: null }, ''), { cluster: null });
});

const malformed: readonly (readonly [keyof typeof requests | keyof typeof notifications, unknown, RegExp])[] = [
  ['istioEgress/trace', undefined, /^The parameters must be an object \{ uri, url, .*\}, not absent\.$/],
  ['istioEgress/trace', ['http://a.test/'], /not a list\.$/],
  ['istioEgress/trace', { uri: null, from: 'shop' }, /^`url` must be a string, not absent\.$/],
  [
    'istioEgress/trace',
    { url: 'http://a.test/', from: 'shop', headers: { a: 1 } },
    /^`headers\.a` must be a string, not `1`\.$/,
  ],
  [
    'istioEgress/namespaceAt',
    { uri: 'file:///a', position: { line: -1, character: 0 } },
    /^`position\.line` must be a whole number/,
  ],
  [
    'istioEgress/namespaceAt',
    { uri: 'file:///a', position: { line: 0, character: 0.5 } },
    /^`position\.character` must be/,
  ],
  ['istioEgress/access', { uri: 7 }, /^`uri` must be a string, not `7`\.$/],
  ['istioEgress/access', { hosts: 'a.test' }, /^`hosts` must be a list, not `"a\.test"`\.$/],
  ['istioEgress/waypointImpact', { change: 'move' }, /^`change` must be one of `provision`, `delete`, not `"move"`\.$/],
  [
    'istioEgress/waypointImpact',
    { change: 'delete', namespace: 'a', name: 'b', enroll: 1 },
    /^`enroll` must be `true` or `false`/,
  ],
  ['istioEgress/manifests', { uris: ['a', {}] }, /^`uris\[1\]` must be a string, not an object\.$/],
  [
    'istioEgress/places',
    { objects: [null] },
    /^`objects\[0\]` must be an object \{ kind, namespace, name \}, not `null`\.$/,
  ],
  ['istioEgress/cluster', { cluster: { context: 'dev' } }, /^`cluster\.objects` must be a list, not absent\.$/],
];

for (const [method, params, message] of malformed)
  test(`${method} refuses ${JSON.stringify(params)}`, () =>
    assert.throws(
      () => table[method]!.read(params, ''),
      (error) => error instanceof MalformedInput && message.test(error.message),
    ));

/** Each value of a good message in turn replaced by something else. */
function* spoiled(value: unknown): Generator {
  for (const other of [undefined, null, 0, NaN, '', 'x', [], {}, [[]], true]) yield other;
  if (Array.isArray(value))
    for (const [i, one] of value.entries()) for (const other of spoiled(one)) yield value.with(i, other);
  else if (typeof value === 'object' && value !== null)
    for (const [name, one] of Object.entries(value))
      for (const other of spoiled(one)) yield { ...value, [name]: other };
}

test('whatever is sent is read or refused, and never crashes', () => {
  for (const [method, { read }] of Object.entries(table))
    for (const params of spoiled(good[method])) assert.doesNotThrow(() => readIfValid(read, params), method);
});
