// Access through an egress gateway: its policies decide by the identity that arrives there.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessRows } from '../../../server/src/eval/access/access.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

const service = 'istio-egressgateway.istio-system.svc.cluster.local';

function mesh(server: string, tls: string, ...more: readonly string[]): string {
  return [
    `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }`,
    `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: news, namespace: shop }
spec: { hosts: [news.example.com], ports: [{ number: 80, name: http, protocol: HTTP }], resolution: DNS }`,
    `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: egress, namespace: shop }
spec: { selector: { istio: egressgateway }, servers: [{ port: { number: 443, name: p, protocol: ${server} }, hosts: [news.example.com] }] }`,
    `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: news, namespace: shop }
spec:
  hosts: [news.example.com]
  gateways: [egress, mesh]
  http:
  - match: [{ gateways: [mesh], port: 80 }]
    route: [{ destination: { host: ${service}, port: { number: 443 } } }]
  - match: [{ gateways: [egress] }]
    route: [{ destination: { host: news.example.com, port: { number: 80 } } }]`,
    `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: gateway, namespace: shop }
spec: { host: ${service}, trafficPolicy: { tls: { mode: ${tls}, sni: news.example.com } } }`,
    ...more,
  ].join('\n---\n');
}

const policy = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: readers, namespace: istio-system }
spec:
  selector: { matchLabels: { istio: egressgateway } }
  rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/reader] } }], to: [{ operation: { methods: [GET] } }] }]`;

function rowsOf(text: string): readonly string[] {
  return accessRows(meshFromYaml(text).mesh)
    .filter(({ from }) => from !== '*' && from.namespace === 'shop')
    .map(({ from, via, access }) => `${from === '*' ? '*' : (from.serviceAccount ?? 'others')} ${via} ${access}`);
}

const mutual = 'HTTPS }, tls: { mode: ISTIO_MUTUAL';

test('with mTLS to the gateway, its policies name the clients', () => {
  assert.deepEqual(rowsOf(mesh(mutual, 'ISTIO_MUTUAL', policy)), ['reader gateway some', 'others gateway none']);
});

test('without mTLS no client is known, so an ALLOW policy by principals denies everyone', () => {
  assert.deepEqual(rowsOf(mesh('HTTP', 'DISABLE', policy)), ['reader gateway none', 'others gateway none']);
});

test('without a policy everyone is allowed, and what the gateway does not take reaches nothing', () => {
  assert.deepEqual(rowsOf(mesh('HTTP', 'DISABLE')), ['others gateway all']);
  assert.deepEqual(rowsOf(mesh(mutual, 'DISABLE')), ['others gateway none']);
});

test('pods whose sidecars leave the port out go direct, past the policies of the gateway', () => {
  const pod = (annotation: string) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: writer, namespace: shop }
spec: { template: { metadata: { annotations: { traffic.sidecar.istio.io/${annotation} } }, spec: { serviceAccountName: writer } } }`;
  const rows = (annotation: string) => rowsOf(mesh(mutual, 'ISTIO_MUTUAL', policy, pod(annotation)));
  assert.ok(rows('excludeOutboundPorts: "80"').includes('writer direct all'));
  assert.ok(rows('excludeOutboundIPRanges: 0.0.0.0/0').includes('writer direct all'));
  assert.ok(!rows('excludeOutboundPorts: "443"').some((row) => row.startsWith('writer direct')));
  assert.ok(rows('excludeOutboundIPRanges: 203.0.113.0/24').includes('writer gateway undetermined'));
});

const withUdp = (text: string) =>
  text.replace(
    'protocol: HTTP }], resolution',
    'protocol: HTTP }, { number: 443, name: quic, protocol: UDP }], resolution',
  );

function skipsOf(text: string): readonly string[] {
  return accessRows(meshFromYaml(text).mesh)
    .filter(({ from }) => from !== '*' && from.namespace === 'shop')
    .map(({ from, skips = [] }) => `${from === '*' ? '*' : (from.serviceAccount ?? 'others')}: ${skips.join(' ')}`);
}

test('UDP to the host is named where a gateway decides, and nowhere else', () => {
  const udp = 'UDP to port 443, such as QUIC (HTTP/3), goes direct: the mesh carries no UDP.';
  assert.deepEqual(skipsOf(withUdp(mesh(mutual, 'ISTIO_MUTUAL', policy))), [`reader: ${udp}`, `others: ${udp}`]);
  const direct = mesh(mutual, 'ISTIO_MUTUAL', policy).replace('gateways: [egress, mesh]', 'gateways: [egress]');
  assert.deepEqual(skipsOf(withUdp(direct)), ['reader: ', 'others: ']);
});

test('init containers that make their connections before the sidecar are named', () => {
  const pod = (annotation: string) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: reader, namespace: shop }
spec:
  template:
    metadata: { annotations: { sidecar.istio.io/nativeSidecar: "${annotation}" } }
    spec: { serviceAccountName: reader, initContainers: [{ name: migrate }], containers: [{ name: app }] }`;
  const rows = (annotation: string) => skipsOf(mesh(mutual, 'ISTIO_MUTUAL', policy, pod(annotation)));
  assert.deepEqual(rows('false'), [
    'reader: Connections of init container migrate come before the sidecar: they go direct, past every egress gateway, or fail where istio-cni is installed.',
    'others: ',
  ]);
  assert.deepEqual(rows('true'), ['reader: ', 'others: ']);
});

test('pods of a gateway are no clients', () => {
  const gateway = (template: string, account = 'istio-egressgateway') => `apiVersion: v1
kind: ServiceAccount
metadata: { name: ${account}, namespace: istio-system }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${account}, namespace: istio-system }
spec: { template: { metadata: { ${template} }, spec: { serviceAccountName: ${account} } } }`;
  const accounts = (...more: readonly string[]) =>
    accessRows(meshFromYaml(mesh(mutual, 'ISTIO_MUTUAL', ...more)).mesh).flatMap(({ from }) =>
      from !== '*' && from.namespace === 'istio-system' ? [from.serviceAccount ?? 'others'] : [],
    );
  assert.deepEqual(accounts(gateway('labels: { istio: egressgateway }')), []);
  assert.deepEqual(accounts(gateway('annotations: { inject.istio.io/templates: gateway }')), []);
  assert.deepEqual(accounts(gateway('labels: { app: job }')), ['istio-egressgateway', 'others']);
  assert.deepEqual(accounts(gateway('annotations: { inject.istio.io/templates: grpc-agent }')).length, 2);
  const shared = gateway('labels: { app: job }').replaceAll('name: istio-egressgateway,', 'name: job,');
  const sharing = shared.replace(
    'kind: ServiceAccount\nmetadata: { name: job,',
    'kind: ServiceAccount\nmetadata: { name: other,',
  );
  assert.ok(accounts(gateway('labels: { istio: egressgateway }'), sharing).includes('istio-egressgateway'));
});
