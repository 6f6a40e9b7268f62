// Which kind of route of a VirtualService each port and each server uses.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unusedRoutes } from '../../../server/src/mesh/routes/unused-routes.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

function entry(protocol: string, number = 9000): string {
  return `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: api, namespace: shop }
spec: { hosts: [api.example.org], ports: [{ number: ${number}, name: p, protocol: ${protocol} }], resolution: DNS }`;
}

function route(kind: string, gateways: string, match = 'port: 9000'): string {
  const sni = kind === 'tls' ? ', sniHosts: [api.example.org]' : '';
  return `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: api, namespace: shop }
spec:
  hosts: [api.example.org]
  gateways: [${gateways}]
  ${kind}: [{ match: [{ ${match}${sni} }], route: [{ destination: { host: api.example.org, port: { number: 9000 } } }] }]`;
}

function gateway(protocol: string, mode?: string): string {
  const tls = mode === undefined ? '' : `, tls: { mode: ${mode} }`;
  return `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: egress, namespace: shop }
spec:
  selector: { istio: egressgateway }
  servers: [{ port: { number: 9000, name: p, protocol: ${protocol} }, hosts: [api.example.org]${tls} }]`;
}

function unused(...files: readonly string[]): readonly string[] {
  const { mesh, find } = meshFromYaml(files.join('\n---\n'));
  return unusedRoutes(mesh, find('VirtualService', 'api')).map(
    ({ kind, gateway: at, takers: [taker], isDead, isOnlyOne }) =>
      `${kind} at ${at ? at.name : 'sidecars'}: ${taker.uses}${isDead ? ' dead' : ''}${isOnlyOne ? ' alone' : ''}`,
  );
}

/** What each protocol of a port uses at sidecars. */
const ports = { HTTP: 'http', HTTP2: 'http', GRPC: 'http', HTTPS: 'tls', TLS: 'tls', TCP: 'tcp', MONGO: 'tcp' };
for (const [protocol, uses] of Object.entries(ports)) {
  test(`§D.30 a ${protocol} port uses ${uses} routes`, () => {
    for (const kind of ['http', 'tls', 'tcp'])
      assert.deepEqual(
        unused(entry(protocol), route(kind, 'mesh')),
        kind === uses ? [] : [`${kind} at sidecars: ${uses} dead`],
      );
  });
}

const servers: readonly (readonly [protocol: string, mode: string | undefined, uses: string])[] = [
  ['HTTP', undefined, 'http'],
  ['HTTPS', 'ISTIO_MUTUAL', 'http'],
  ['TLS', 'ISTIO_MUTUAL', 'tcp'],
  ['TLS', 'PASSTHROUGH', 'tls'],
  ['HTTPS', 'PASSTHROUGH', 'tls'],
  ['TCP', undefined, 'tcp'],
];
for (const [protocol, mode, uses] of servers) {
  test(`§F.11 a ${protocol} server${mode ? ` with ${mode}` : ''} uses ${uses} routes`, () => {
    for (const kind of ['http', 'tls', 'tcp'])
      assert.deepEqual(
        unused(entry('TCP'), gateway(protocol, mode), route(kind, 'egress')),
        kind === uses ? [] : [`${kind} at egress: ${uses} dead alone`],
      );
  });
}

test('§D.11 every host has HTTP routes on port 80, but where the port is for something else', () => {
  const routed = route('http', 'mesh', 'port: 80');
  assert.deepEqual(unused(entry('TLS', 443), routed), []);
  for (const [protocol, uses] of [
    ['TCP', 'tcp'],
    ['HTTPS', 'tls'],
    ['TLS', 'tls'],
  ] as const) {
    const other = entry(protocol, 80);
    assert.deepEqual(unused(other, routed), [`http at sidecars: ${uses} dead`]);
    assert.deepEqual(unused(other, routed.replace('example.org]', 'example.org, b.example.org]')), [], 'another host');
    assert.deepEqual(unused(other.replace('shop', 'team'), routed), [], 'a Sidecar may import only the route');
    assert.deepEqual(
      unused(other.replace('spec: {', 'spec: { exportTo: [.],'), routed),
      [],
      'others see only the route',
    );
  }
});

test('what is not known uses every route', () => {
  assert.deepEqual(unused(route('tls', 'mesh')), [], 'no entry');
  assert.deepEqual(unused(entry('TCP'), route('tls', 'other/egress')), [], 'no Gateway');
  assert.deepEqual(unused(entry('""'), route('http', 'mesh')), [], 'a protocol that is left open');
  assert.deepEqual(unused(entry('HTTP'), route('tls', 'mesh', 'port: 1')), [], 'a port that nothing has');
  const ambient =
    'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { istio.io/dataplane-mode: ambient } }';
  assert.deepEqual(unused(entry('HTTP'), route('tls', 'mesh'), ambient), [], 'clients without a sidecar');
});

test('a route that is used at sidecars is reported at a gateway that has no other', () => {
  const both = route('http', 'mesh, egress');
  assert.deepEqual(unused(entry('HTTP'), gateway('TLS', 'PASSTHROUGH'), both), ['http at egress: tls alone']);
  const second = route('tls', 'egress').replace('name: api', 'name: second');
  assert.deepEqual(unused(entry('HTTP'), gateway('TLS', 'PASSTHROUGH'), both, second), []);
});
