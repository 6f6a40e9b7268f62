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
