// What findings claim of routes, hostnames, exportTo and classes is what Istio's own generator makes of the same manifests.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { analyzeFiles } from '../../server/src/engine/analyze.ts';
import { peers } from '../kit/peers.ts';
import type { Report } from '../oracle/report.ts';

const found = peers('oracle');
const skip = found.available ? false : found.why;

function ask(manifests: string): Report {
  if (!found.available) throw new Error(found.why);
  const folder = mkdtempSync(path.join(tmpdir(), 'istio-egress-findings-'));
  try {
    const file = path.join(folder, 'mesh.yaml');
    writeFileSync(file, manifests);
    return JSON.parse(execFileSync(found.bin('oracle'), [file], { encoding: 'utf8' })) as Report;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function rulesFor(manifests: string): readonly string[] {
  const { findings } = analyzeFiles([{ uri: 'file:///mesh.yaml', text: manifests }]);
  return findings.map(({ rule }) => rule);
}

const hostOf = (report: Report) => report.hosts.find(({ host }) => host === 'api.example.com');
const tableOf = (report: Report, chain: string) =>
  report.waypoints.flatMap(({ ports }) => ports).find((port) => port.chain === `inbound-vip|${chain}|api.example.com`);

interface Parts {
  readonly className?: string;
  readonly exportTo?: string;
  readonly route?: string;
}

/** The namespace, a waypoint and an entry that is bound to it. */
function mesh({ className = 'istio-waypoint', exportTo = '', route = '' }: Parts = {}): string {
  return `apiVersion: v1
kind: Namespace
metadata: { name: egress, labels: { istio.io/dataplane-mode: ambient } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: wp, namespace: egress }
spec: { gatewayClassName: ${className}, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: api, namespace: egress, labels: { istio.io/use-waypoint: wp } }
spec: { hosts: [api.example.com], resolution: DNS, ports: [{ number: 80, name: http, protocol: HTTP, targetPort: 443 }]${exportTo} }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: api, namespace: egress }
spec: { host: api.example.com, trafficPolicy: { tls: { mode: SIMPLE } } }
${route}`;
}

const route = (hostnames: string, port: number): string => `---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: api, namespace: egress }
spec:
  parentRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: api }]${hostnames}
  rules:
  - backendRefs: [{ group: networking.istio.io, kind: Hostname, name: api.example.com, port: ${port} }]
`;

test('without a fault nothing is found, and the rule applies', { skip }, () => {
  assert.deepEqual(rulesFor(mesh()), []);
  assert.ok(tableOf(ask(mesh()), '80|http')?.routes?.[0]?.cluster.tls);
});

test('a route to a port that the host does not list leads to a cluster that is not there', { skip }, () => {
  const manifests = mesh({ route: route('', 8081) });
  assert.ok(rulesFor(manifests).includes('unknown-route-port'));
  const [host] = tableOf(ask(manifests), '80|http')?.table?.virtualHosts ?? [];
  const [entry] = host?.routes ?? [];
  assert.deepEqual([entry?.to?.[0]?.is, entry?.notFound], [undefined, 'INTERNAL_SERVER_ERROR']);
});

test('hostnames of a route on a ServiceEntry are ignored', { skip }, () => {
  const manifests = mesh({ route: route('\n  hostnames: [other.example.com]', 80) });
  assert.ok(rulesFor(manifests).includes('route-hostnames-ignored'));
  const hosts = tableOf(ask(manifests), '80|http')?.table?.virtualHosts ?? [];
  assert.deepEqual(
    hosts.map(({ domains }) => domains),
    [['*']],
  );
});

test("exportTo without the waypoint's namespace keeps the DestinationRule away", { skip }, () => {
  const manifests = mesh({ exportTo: ', exportTo: [other]' });
  assert.ok(rulesFor(manifests).length > 0);
  assert.equal(tableOf(ask(manifests), '80|http')?.routes?.[0]?.cluster.tls, undefined);
});

test('a class that is nearly a waypoint is no waypoint: nothing is generated for it', { skip }, () => {
  const manifests = mesh({ className: 'istio-waypont' });
  assert.ok(rulesFor(manifests).includes('unknown-gateway-class'));
  const report = ask(manifests);
  assert.deepEqual([hostOf(report)?.waypoint, report.waypoints], ['egress/wp', []]);
});
