import type { Mesh } from '../../../server/src/mesh/mesh.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meshFromYaml, type MeshOptions } from '../../kit/mesh-from-yaml.ts';

const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: a, namespace: shop }';
const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }';
function knows(text: string, options: MeshOptions = {}): Mesh['knows'] {
  const { mesh } = meshFromYaml(text, options);
  return (kind, namespace) => mesh.knows(kind, namespace);
}

test('a folder vouches for the kinds of egress outright', () => {
  for (const kind of [
    'ServiceEntry',
    'DestinationRule',
    'VirtualService',
    'HTTPRoute',
    'GRPCRoute',
    'TLSRoute',
    'TCPRoute',
    'Gateway',
    'AuthorizationPolicy',
    'Telemetry',
    'Sidecar',
  ] as const) {
    assert.equal(knows('')(kind, 'shop'), true, kind);
    assert.equal(knows('')(kind), true, kind);
  }
});

test('it vouches for others in a namespace where it shows one', () => {
  assert.equal(knows('')('Service', 'shop'), false);
  assert.equal(knows(service)('Service', 'shop'), true);
  assert.equal(knows(service)('Service', 'other'), false);
  assert.equal(knows(service)('Service'), false, 'one namespace says nothing about all');
  assert.equal(knows(service)('ServiceAccount', 'shop'), false);
});

test('one Namespace shows that Namespaces are described', () => {
  assert.equal(knows('')('Namespace', 'other'), false);
  assert.equal(knows(namespace)('Namespace', 'other'), true);
  assert.equal(knows(namespace)('Namespace'), true);
});

test('the setting replaces what is complete', () => {
  const only = { completeKinds: ['Service'] } as const;
  assert.equal(knows('', only)('Service', 'anywhere'), true);
  assert.equal(knows('', only)('Gateway', 'anywhere'), false);
});

test('a cluster vouches for what it supplies', () => {
  assert.equal(knows('', { suppliedKinds: ['Secret'] })('Secret', 'shop'), true);
  assert.equal(knows('', { suppliedKinds: ['Secret'] })('Gateway', 'shop'), true);
});

test('a skipped document makes its kind unknown, where it may lie', () => {
  const template =
    'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: { name: "{{ .Values.name }}", namespace: shop }';
  assert.equal(knows(template)('Gateway', 'shop'), false);
  assert.equal(knows(template)('Gateway'), false);
  assert.equal(knows(template)('ServiceEntry', 'shop'), true);
});

test('what cannot be told apart by namespace is unknown in all', () => {
  const { index } = meshFromYaml('');
  assert.deepEqual(index.addUnknown('Gateway', 'shop'), ['knows=Gateway@shop', 'knows=Gateway@*']);
  assert.equal(index.view().knows('Gateway', 'shop'), false);
  assert.equal(index.view().knows('Gateway', 'other'), true);
  assert.equal(index.view().knows('Gateway'), false);
  assert.deepEqual(index.addUnknown('Gateway'), ['knows=Gateway@']);
  assert.equal(index.view().knows('Gateway', 'other'), false);
  index.removeUnknown('Gateway');
  index.removeUnknown('Gateway', 'shop');
  assert.equal(index.view().knows('Gateway', 'shop'), true);
  assert.equal(index.view().knows('Gateway'), true);
});

test('the first and the last of a kind wake those who asked whether it is known, others do not', () => {
  const { index, resources } = meshFromYaml(`${service}\n---\n${service.replace('name: a', 'name: b')}`);
  const [a, b] = resources;
  assert.ok(!index.keysOf(a!).includes('knows=Service@shop'));
  index.remove(a!);
  assert.ok(index.keysOf(b!).includes('knows=Service@shop'));
  index.add(a!);
  assert.ok(!index.keysOf(a!).includes('knows=Service@shop'));
});
