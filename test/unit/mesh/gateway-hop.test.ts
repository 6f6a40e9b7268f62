// What a sidecar sends to an egress gateway, against what the server expects: each pair with its fault.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gatewayHops, sentOnHop } from '../../../server/src/mesh/clients/gateway-hop.ts';
import { hopFault } from '../../../server/src/rules/tls/faults/gateway-hop.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

const service = 'istio-egressgateway.istio-system.svc.cluster.local';
const entry = `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: api, namespace: shop }
spec: { hosts: [api.example.org], ports: [{ number: 80, name: http, protocol: HTTP }, { number: 443, name: tls, protocol: TLS }], resolution: DNS }`;

const matches: Readonly<Record<string, string>> = {
  http: '{ gateways: [mesh], port: 80 }',
  tls: '{ gateways: [mesh], port: 443, sniHosts: [api.example.org] }',
  tcp: '{ gateways: [mesh], port: 443 }',
};

function route(seenAs: string, more = ''): string {
  return `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: api, namespace: shop }
spec:
  hosts: [api.example.org]
  gateways: [mesh, edge/egress]
  ${seenAs}: [{ match: [${matches[seenAs]}], route: [{ destination: { host: ${service}, port: { number: 443 }${more} } }] }]`;
}

function gateway(protocol: string, mode?: string, name = 'egress', host = 'api.example.org'): string {
  const tls = mode === undefined ? '' : `, tls: { mode: ${mode} }`;
  return `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: ${name}, namespace: edge }
spec:
  selector: { istio: egressgateway }
  servers: [{ port: { number: 443, name: p, protocol: ${protocol} }, hosts: [${host}]${tls} }]`;
}

function rule(mode: string, more = '', namespace = 'shop'): string {
  return `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: gw, namespace: ${namespace} }
spec: { host: ${service}, trafficPolicy: { tls: { mode: ${mode}${more} } } }`;
}

function faultsOf(...files: readonly string[]): readonly string[] {
  const { mesh, find } = meshFromYaml([entry, ...files].join('\n---\n'));
  return gatewayHops(mesh, find('VirtualService', 'api')).map((hop) => {
    const sent = sentOnHop(mesh, hop, 'shop');
    const fault = hopFault(mesh, hop, sent);
    return fault ? fault.kind : `${sent.mode} fits`;
  });
}

const mutual = rule('ISTIO_MUTUAL', ', sni: api.example.org');
const cases: readonly (readonly [title: string, expected: string, ...files: string[]])[] = [
  ['§G.4 plain HTTP to HTTP', 'none fits', route('http'), gateway('HTTP')],
  ['§G.4 plain HTTP to TCP', 'none fits', route('http'), gateway('TCP')],
  ['§F.13 plain HTTP to ISTIO_MUTUAL', 'plaintext-to-tls', route('http'), gateway('HTTPS', 'ISTIO_MUTUAL')],
  ['plain HTTP to PASSTHROUGH', 'plaintext-to-tls', route('http'), gateway('TLS', 'PASSTHROUGH')],
  ['DISABLE is plain', 'plaintext-to-tls', route('http'), gateway('HTTPS', 'ISTIO_MUTUAL'), rule('DISABLE')],
  ["§G.4 the client's TLS to PASSTHROUGH", 'none fits', route('tls'), gateway('TLS', 'PASSTHROUGH')],
  ["the client's TLS to HTTP", 'tls-to-plaintext', route('tls'), gateway('HTTP')],
  ["the client's TLS to ISTIO_MUTUAL", 'no-client-certificate', route('tls'), gateway('TLS', 'ISTIO_MUTUAL')],
  ['bytes of a client to HTTP', 'none fits', route('tcp'), gateway('HTTP')],
  ['bytes of a client to ISTIO_MUTUAL', 'plaintext-to-tls', route('tcp'), gateway('TLS', 'ISTIO_MUTUAL')],
  ['§F.13 mTLS to HTTP', 'tls-to-plaintext', route('http'), gateway('HTTP'), mutual],
  ['mTLS to TCP', 'tls-to-plaintext', route('tcp'), gateway('TCP'), mutual],
  ['mTLS to PASSTHROUGH', 'tls-to-passthrough', route('tls'), gateway('TLS', 'PASSTHROUGH'), mutual],
  ['§G.4 mTLS to ISTIO_MUTUAL', 'ISTIO_MUTUAL fits', route('http'), gateway('HTTPS', 'ISTIO_MUTUAL'), mutual],
  ['§G.5 mTLS without sni', 'other-name', route('http'), gateway('HTTPS', 'ISTIO_MUTUAL'), rule('ISTIO_MUTUAL')],
  [
    '§G.5 a server for every host takes any sni',
    'ISTIO_MUTUAL fits',
    route('http'),
    gateway('HTTPS', 'ISTIO_MUTUAL', 'egress', '"*"'),
    rule('ISTIO_MUTUAL'),
  ],
  ['SIMPLE to ISTIO_MUTUAL', 'no-client-certificate', route('http'), gateway('HTTPS', 'ISTIO_MUTUAL'), rule('SIMPLE')],
  ['SIMPLE to HTTP', 'tls-to-plaintext', route('http'), gateway('HTTP'), rule('SIMPLE')],
  ['SIMPLE through PASSTHROUGH', 'SIMPLE fits', route('http'), gateway('TLS', 'PASSTHROUGH'), rule('SIMPLE')],
  [
    'mTLS to a server with its own certificate',
    'ISTIO_MUTUAL fits',
    route('http'),
    gateway('HTTPS', 'MUTUAL, credentialName: own'),
    mutual,
  ],
  [
    'another Gateway on the pods ends the mTLS',
    'ISTIO_MUTUAL fits',
    route('http'),
    gateway('HTTP'),
    gateway('HTTPS', 'ISTIO_MUTUAL', 'second'),
    mutual,
  ],
  [
    "§E.32 a rule in the gateway's namespace",
    'tls-to-plaintext',
    route('http'),
    gateway('HTTP'),
    rule('ISTIO_MUTUAL', '', 'istio-system'),
  ],
  [
    '§E.32 a rule in a third namespace does not apply',
    'none fits',
    route('http'),
    gateway('HTTP'),
    rule('ISTIO_MUTUAL', '', 'other'),
  ],
  [
    'a subset that no rule has is another fault',
    'unknown fits',
    route('http', ', subset: v1'),
    gateway('HTTP'),
    rule('SIMPLE'),
  ],
];

for (const [title, expected, ...files] of cases) {
  test(title, () => {
    assert.deepEqual(faultsOf(...files), [expected]);
  });
}

test('a Service with other pods is not the gateway', () => {
  const other = `apiVersion: v1
kind: Service
metadata: { name: istio-egressgateway, namespace: istio-system }
spec: { selector: { istio: other }, ports: [{ port: 443, name: tls }] }`;
  assert.deepEqual(faultsOf(route('http'), gateway('HTTP'), mutual, other), []);
});

test('a route that the gateway takes too is not a hop', () => {
  const both = route('http').replace('gateways: [mesh], port', 'port');
  assert.deepEqual(faultsOf(both, gateway('HTTP'), mutual), []);
});
