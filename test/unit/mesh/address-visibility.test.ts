import assert from 'node:assert/strict';
import { test } from 'node:test';
import { virtualAddress } from '../../../server/src/mesh/hosts/virtual-address.ts';
import { isExportedTo } from '../../../server/src/mesh/hosts/visibility.ts';
import { meshFromYaml, type MeshOptions } from '../../kit/mesh-from-yaml.ts';

function address(
  spec: string,
  { host = 'httpbin.org', labels = '', ...options }: MeshOptions & { host?: string; labels?: string } = {},
): string {
  const { mesh, find } = meshFromYaml(
    `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: a, labels: { ${labels} } }\nspec: { hosts: ["${host}"]${spec} }`,
    options,
  );
  const found = virtualAddress(mesh, find('ServiceEntry', 'a'), host);
  if (found.state === 'listed') return found.addresses.join(' ');
  return found.state === 'none' ? found.reason : found.state;
}

test('§2.3 §2.10-2.14 §2.25 whether a host has an address to dial', () => {
  const optOut = 'networking.istio.io/enable-autoallocate-ip';
  for (const [found, expected] of [
    [address(', resolution: DNS'), 'allocated'],
    [address(', resolution: STATIC'), 'allocated'],
    [address(''), 'resolution-absent'],
    [address(', resolution: NONE'), 'resolution-none'],
    [address(', resolution: NONE, addresses: [198.51.100.7]'), '198.51.100.7'],
    [address(', addresses: [198.51.100.7, 198.51.100.0/24, "2001:db8::1"]'), '198.51.100.7 2001:db8::1'],
    [address(', addresses: [198.51.100.7/32]'), '198.51.100.7/32'],
    [address(', addresses: ["2001:db8::1/128"]'), '2001:db8::1/128'],
    [address(', resolution: STATIC, addresses: [198.51.100.0/24]'), 'cidr-only'],
    [address(', resolution: STATIC', { host: '*.example.com' }), 'wildcard'],
    [address(', resolution: DYNAMIC_DNS', { host: '*.example.com' }), 'allocated'],
    [address(', resolution: STATIC, addresses: [198.51.100.7]', { host: '*.example.com' }), '198.51.100.7'],
    [address(', resolution: DNS', { labels: `${optOut}: "False"` }), 'opted-out'],
    [address(', resolution: DNS', { labels: `${optOut}: "no"` }), 'allocated'],
    [address(', resolution: DNS', { settings: { istioVersion: '1.24' } }), 'version'],
    [address(', resolution: DNS', { settings: { autoAllocateAddresses: false } }), 'version'],
  ])
    assert.equal(found, expected);
});

test('§2.40 §3.8 who sees a resource', () => {
  const sees = (
    kind: 'ServiceEntry' | 'DestinationRule' | 'VirtualService',
    spec: string,
    namespace: string,
    options: MeshOptions = {},
  ) => {
    const { mesh, find } = meshFromYaml(
      `apiVersion: networking.istio.io/v1\nkind: ${kind}\nmetadata: { name: a, namespace: own }\nspec: { ${spec} }`,
      options,
    );
    return isExportedTo(mesh, find<'ServiceEntry'>(kind as 'ServiceEntry', 'a'), namespace);
  };
  for (const kind of ['ServiceEntry', 'DestinationRule', 'VirtualService'] as const) {
    assert.equal(sees(kind, '', 'other'), true, kind);
    assert.equal(sees(kind, 'exportTo: []', 'other'), true, kind);
    assert.equal(sees(kind, 'exportTo: ["*"]', 'other'), true, kind);
    assert.equal(sees(kind, 'exportTo: ["."]', 'other'), false, kind);
    assert.equal(sees(kind, 'exportTo: ["."]', 'own'), true, kind);
    assert.equal(sees(kind, 'exportTo: [own]', 'own'), true, kind);
    assert.equal(sees(kind, 'exportTo: [other]', 'other'), true, kind);
    assert.equal(sees(kind, 'exportTo: [other]', 'own'), false, kind);
    assert.equal(sees(kind, 'exportTo: [other, "."]', 'own'), true, kind);
  }
  assert.equal(sees('ServiceEntry', 'exportTo: ["~"]', 'own'), false);
  assert.equal(sees('ServiceEntry', '', 'other', { settings: { defaultServiceExportTo: ['.'] } }), false);
  assert.equal(sees('ServiceEntry', '', 'own', { settings: { defaultServiceExportTo: ['.'] } }), true);
  assert.equal(sees('DestinationRule', '', 'other', { settings: { defaultDestinationRuleExportTo: ['.'] } }), false);
  assert.equal(sees('DestinationRule', '', 'own', { settings: { defaultDestinationRuleExportTo: ['.'] } }), true);
  assert.equal(sees('VirtualService', '', 'other', { settings: { defaultVirtualServiceExportTo: ['.'] } }), false);
  assert.equal(sees('DestinationRule', 'exportTo: ["*"], workloadSelector: { matchLabels: { a: b } }', 'other'), false);
});

test('§2.41 serviceEntryVisibility is a ceiling where sidecars are to follow it', () => {
  const sees = (namespace: string, applyToSidecars: boolean, defaultVisibility: 'NAMESPACE' | 'NONE') => {
    const settings = { serviceEntryVisibility: { defaultVisibility, policies: [], applyToSidecars } };
    const { mesh, find } = meshFromYaml(
      'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: a, namespace: own }\nspec: { hosts: [a.org] }',
      { settings },
    );
    return isExportedTo(mesh, find('ServiceEntry', 'a'), namespace);
  };
  assert.equal(sees('other', false, 'NAMESPACE'), true);
  assert.equal(sees('other', true, 'NAMESPACE'), false);
  assert.equal(sees('own', true, 'NAMESPACE'), true);
  assert.equal(sees('own', true, 'NONE'), false);
});
