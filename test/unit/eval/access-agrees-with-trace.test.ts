// What `access` says of a host, `trace` says of a request to it: one evaluation, two ways to ask.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessRows } from '../../../server/src/eval/access/access.ts';
import { parseRequest } from '../../../server/src/eval/trace/parse-request.ts';
import { trace } from '../../../server/src/eval/trace/trace.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

const namespace = `
apiVersion: v1
kind: Namespace
metadata: { name: cache, labels: { istio.io/dataplane-mode: ambient } }`;

const entry = (spec: string) => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: store, namespace: cache }
spec: { hosts: [store.example.com], ports: [{ number: 6379, name: tcp, protocol: TCP }], ${spec} }`;

interface Case {
  readonly name: string;
  readonly entry: string;
  readonly istioVersion: string;
  readonly verdict: string;
  readonly access: string;
}

const cases: readonly Case[] = [
  {
    name: 'resolution NONE with an address before 1.28',
    entry: entry('addresses: [203.0.113.20], resolution: NONE'),
    istioVersion: '1.27',
    verdict: 'fails',
    access: 'none',
  },
  {
    name: 'resolution NONE with an address since 1.28',
    entry: entry('addresses: [203.0.113.20], resolution: NONE'),
    istioVersion: '1.28',
    verdict: 'allowed',
    access: 'all',
  },
  {
    name: 'resolution absent, which means NONE, before 1.28',
    entry: entry('addresses: [203.0.113.20]'),
    istioVersion: '1.25',
    verdict: 'fails',
    access: 'none',
  },
  {
    name: 'STATIC without endpoints',
    entry: entry('addresses: [203.0.113.20], resolution: STATIC'),
    istioVersion: '1.30',
    verdict: 'fails',
    access: 'none',
  },
  {
    name: 'STATIC with an endpoint',
    entry: entry('addresses: [203.0.113.20], resolution: STATIC, endpoints: [{ address: 203.0.113.21 }]'),
    istioVersion: '1.30',
    verdict: 'allowed',
    access: 'all',
  },
];

for (const { name, entry: manifest, istioVersion, verdict, access } of cases)
  test(name, () => {
    const { mesh } = meshFromYaml([namespace, manifest].join('\n---\n'), { settings: { istioVersion } });
    const request = parseRequest({ from: 'cache/default', url: 'tcp://store.example.com:6379' });
    assert.ok(!('problem' in request));
    assert.equal(trace(mesh, request).verdict, verdict);
    const row = accessRows(mesh).find(({ from }) => from !== '*' && from.namespace === 'cache');
    assert.equal(row?.access, access);
  });

const dynamic = `
apiVersion: v1
kind: Namespace
metadata: { name: wild, labels: { istio.io/dataplane-mode: ambient, istio.io/use-waypoint: wp } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: wp, namespace: wild }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: any, namespace: wild }
spec: { hosts: ["*.example.com"], ports: [{ number: 443, name: tls, protocol: TLS }], resolution: DYNAMIC_DNS }`;

test('TLS to dynamic hosts is as the flag of istiod says, and open where nothing says it', () => {
  const accessWith = (wildcardTls: boolean | undefined, istioVersion = '1.31') =>
    accessRows(meshFromYaml(dynamic, { settings: { wildcardTls, istioVersion } }).mesh)[0]?.access;
  assert.deepEqual(
    [accessWith(undefined), accessWith(true), accessWith(false), accessWith(true, '1.28')],
    ['undetermined', 'all', 'none', 'none'],
  );
});

const injected = `
apiVersion: v1
kind: Namespace
metadata: { name: legacy, labels: { istio-injection: enabled } }`;

const http = (host: string) => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: ${host.split('.')[0]!}, namespace: legacy }
spec: { hosts: [${host}], ports: [{ number: 80, name: http, protocol: HTTP }], resolution: DNS }`;

const routed = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: store, namespace: legacy }
spec: { hosts: [store.example.com], http: [{ route: [{ destination: { host: store.example.com } }] }] }`;

const onlyOwn = `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: legacy }
spec: { egress: [{ hosts: [istio-system/*] }], outboundTrafficPolicy: { mode: REGISTRY_ONLY } }`;

const rowOf = (text: string) =>
  accessRows(meshFromYaml(text).mesh).find(({ from }) => from !== '*' && from.namespace === 'legacy');

test('a sidecar: open, behind a route to the host itself, and closed by REGISTRY_ONLY', () => {
  const open = [injected, http('store.example.com')];
  assert.equal(rowOf(open.join('\n---\n'))?.access, 'all');
  assert.equal(rowOf([...open, routed].join('\n---\n'))?.access, 'all');
  const closed = rowOf([...open, onlyOwn].join('\n---\n'));
  assert.equal(closed?.access, 'none');
  assert.deepEqual(
    closed?.because.map(({ resource }) => resource.kind),
    ['Sidecar'],
  );
});
