import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describe } from '../../../server/src/model/resource.ts';
import { read } from './model-kit.ts';

const entry = (name: string, more = '') =>
  `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: ${name}\n${more}spec:\n  hosts: [${name}.org]\n`;

test('names, namespaces and places', () => {
  const text = entry('httpbin', '  namespace: egress\n  labels: { a: b, number: 7 }\n  annotations:\n    c: d\n');
  const [resource] = read(text).resources;
  assert.ok(resource);
  const at = (span: { start: number; end: number } | undefined) => span && text.slice(span.start, span.end);
  assert.deepEqual(
    [resource.namespace, resource.name, resource.id, resource.document, resource.listIndex],
    ['egress', 'httpbin', 1, 1, undefined],
  );
  assert.deepEqual(resource.written, { kind: 'ServiceEntry', apiVersion: 'networking.istio.io/v1' });
  const { whole, kind, apiVersion, name, namespace, metadata, spec } = resource.at;
  assert.deepEqual(
    [at(whole)?.slice(0, 10), ...[kind, apiVersion, name, namespace, metadata, spec].map(at)],
    ['apiVersion', 'ServiceEntry', 'networking.istio.io/v1', 'httpbin', 'egress', 'metadata', 'spec'],
  );
  assert.deepEqual(
    [...resource.labels].map(([key, field]) => [key, field.value, at(field.key), at(field.span)]),
    [['a', 'b', 'a', 'b']],
  );
  assert.equal(resource.annotations.get('c')?.value, 'd');
  assert.equal(describe(resource), 'ServiceEntry egress/httpbin');
});

const namespaces = [
  { what: 'none written: the default', text: entry('a'), context: { defaultNamespace: 'team' }, namespace: 'team' },
  { what: 'an empty one is none', text: entry('a', '  namespace: ""\n'), context: {}, namespace: 'default' },
  {
    what: 'given to all by a kustomization',
    text: entry('a', '  namespace: own\n'),
    context: { overrideNamespace: 'prod' },
    namespace: 'prod',
  },
  {
    what: 'cluster-scoped kinds have none',
    text: 'apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata: { name: a, namespace: b }\n',
    context: { overrideNamespace: 'prod' },
    namespace: '',
  },
];
for (const { what, text, context, namespace } of namespaces) {
  test(`namespace: ${what}`, () => assert.equal(read(text, context).resources[0]?.namespace, namespace));
}

test("a kustomization's namespace renames a Namespace", () => {
  const [resource] = read('apiVersion: v1\nkind: Namespace\nmetadata: { name: a }\n', {
    overrideNamespace: 'prod',
  }).resources;
  assert.deepEqual([resource?.namespace, resource?.name], ['', 'prod']);
});

test('a List is its items, each with its index', () => {
  const { resources, roots, recognition } = read(`apiVersion: v1
kind: List
items:
- { apiVersion: v1, kind: Namespace, metadata: { name: a } }
- { apiVersion: v1, kind: PersistentVolume, metadata: { name: b } }
- just text
- { apiVersion: networking.istio.io/v1, kind: Gateway, metadata: { name: c } }
`);
  assert.equal(recognition.state, 'manifest');
  assert.deepEqual(
    resources.map(({ kind, name, listIndex }) => [kind, name, listIndex]),
    [
      ['Namespace', 'a', 0],
      ['IstioGateway', 'c', 3],
    ],
  );
  assert.deepEqual(
    roots.map(({ listIndex, resource }) => [listIndex, resource?.name]),
    [
      [0, 'a'],
      [1, undefined],
      [3, 'c'],
    ],
  );
});

test('items of a typed list may leave out what the list says', () => {
  const { resources } = read(
    'apiVersion: networking.istio.io/v1\nkind: ServiceEntryList\nitems:\n- metadata: { name: a }\n',
  );
  assert.deepEqual(
    resources.map(({ kind, name, written }) => [kind, name, written.kind]),
    [['ServiceEntry', 'a', 'ServiceEntry']],
  );
});

test('JSON manifests are read', () => {
  const { resources } = read(
    '{"apiVersion":"networking.istio.io/v1","kind":"ServiceEntry","metadata":{"name":"a"},"spec":{"hosts":["x.org"]}}',
  );
  assert.equal(resources[0]?.kind === 'ServiceEntry' && resources[0].spec.hosts[0]?.value, 'x.org');
});

const kinds = [
  ['networking.istio.io/v1', 'Gateway', 'IstioGateway'],
  ['networking.istio.io/v1alpha3', 'ServiceEntry', 'ServiceEntry'],
  ['gateway.networking.k8s.io/v1beta1', 'Gateway', 'Gateway'],
  ['gateway.networking.k8s.io/v1alpha3', 'BackendTLSPolicy', 'BackendTLSPolicy'],
  ['serving.knative.dev/v1', 'Service', undefined],
  ['v2', 'Service', undefined],
  ['apps/v1', 'Service', undefined],
  ['install.istio.io/v1alpha1', 'IstioOperator', undefined],
  ['v1', 'toString', undefined],
  ['constructor/v1', 'Service', undefined],
] as const;
for (const [apiVersion, kind, expected] of kinds) {
  test(`${apiVersion} ${kind} is ${expected ?? 'not read'}`, () => {
    assert.equal(
      read(`apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: a }\n`).resources[0]?.kind,
      expected,
    );
  });
}

test('of a ConfigMap only the mesh settings and the names of the keys are read', () => {
  const map = (data: string) => read(`apiVersion: v1\nkind: ConfigMap\nmetadata: { name: istio }\ndata: ${data}\n`);
  const spec = (data: string) => map(data).resources.map((one) => one.kind === 'ConfigMap' && one.spec)[0];
  const withMesh = spec('{ mesh: "a: b" }');
  assert.equal(withMesh && withMesh.mesh?.value, 'a: b');
  assert.deepEqual(spec('{ ca.crt: x }'), { mesh: undefined, keys: ['ca.crt'] });
});

test('an object without a name is none, but still a root', () => {
  assert.equal(read(entry('""')).resources.length, 0);
  const { resources, roots } = read('apiVersion: v1\nkind: Service\nmetadata: { generateName: a- }\n');
  assert.deepEqual([resources.length, roots.length, roots[0]?.kind?.value], [0, 1, 'Service']);
});

const digests: readonly { readonly what: string; readonly a: string; readonly b: string; readonly same: boolean }[] = [
  {
    what: 'order of keys, quotes, comments',
    a: '{ hosts: [a], ports: [] }',
    b: '{ ports: [], "hosts": ["a"] } # x',
    same: true,
  },
  { what: 'order of items', a: '{ hosts: [a, b] }', b: '{ hosts: [b, a] }', same: false },
  { what: 'a value', a: '{ hosts: [a] }', b: '{ hosts: [b] }', same: false },
  { what: 'a type', a: '{ port: 80 }', b: '{ port: "80" }', same: false },
  { what: 'an empty list and none', a: '{ egress: [] }', b: '{}', same: false },
  { what: 'an item moved into a list', a: '{ a: [[x], y] }', b: '{ a: [x, [y]] }', same: false },
  { what: 'values swapped between keys', a: '{ a: x, b: y }', b: '{ a: y, b: x }', same: false },
];
for (const { what, a, b, same } of digests) {
  test(`digest: ${what} ${same ? 'does not count' : 'counts'}`, () => {
    const digest = (spec: string) =>
      read(`apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: n }\nspec: ${spec}\n`)
        .resources[0]?.digest;
    assert.equal(digest(a) === digest(b), same);
  });
}

test('digest: what a server adds does not count, labels do', () => {
  const digest = (apiVersion: string, metadata: string, more = '') =>
    read(`apiVersion: ${apiVersion}\nkind: ServiceEntry\nmetadata: { name: n${metadata} }\n${more}`).resources[0]
      ?.digest;
  const own = digest('networking.istio.io/v1', '');
  const applied =
    ', namespace: default, uid: x, resourceVersion: "7", generation: 2, creationTimestamp: null, managedFields: [{}], annotations: { kubectl.kubernetes.io/last-applied-configuration: "{}" }';
  assert.equal(digest('networking.istio.io/v1beta1', applied, 'status: { conditions: [] }\n'), own);
  assert.notEqual(digest('networking.istio.io/v1', ', labels: { a: b }'), own);
});
