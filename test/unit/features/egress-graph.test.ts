// The graph's edges are what access and traces say: gateway, TLS, what goes past a waypoint; findings are at the nodes that they are about.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../../server/src/engine/finding.ts';
import { egressGraph } from '../../../server/src/features/egress-graph.ts';
import { meshFromYaml, type MeshOptions } from '../../kit/mesh-from-yaml.ts';

const base = `apiVersion: v1
kind: Namespace
metadata: { name: egress, labels: { istio.io/dataplane-mode: ambient, istio.io/use-waypoint: way } }
---
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient } }
---
apiVersion: v1
kind: Namespace
metadata: { name: plain }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: way, namespace: egress, labels: { istio.io/waypoint-for: service } }
spec:
  gatewayClassName: istio-waypoint
  listeners: [{ name: mesh, port: 15008, protocol: HBONE, allowedRoutes: { namespaces: { from: All } } }]
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: api, namespace: egress }
spec:
  hosts: [api.example.com]
  ports:
  - { number: 80, name: http, protocol: HTTP, targetPort: 443 }
  - { number: 443, name: tls, protocol: TLS }
  resolution: DNS
`;

const rule = (mode: string) => `---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: api, namespace: egress }
spec:
  host: api.example.com
  trafficPolicy:
    portLevelSettings:
    - { port: { number: 80 }, tls: ${mode} }
`;

const withoutWaypoint = base.replace(/apiVersion: gateway[^]*?---\n/, '');

function edgesOf(files: string, options: MeshOptions) {
  const { mesh } = meshFromYaml(files, options);
  return egressGraph(mesh, { place: () => null, findings: [], placeOfFinding: () => null }).edges;
}

const flow = (files: string, client: string, options: MeshOptions = {}) =>
  edgesOf(files, options)
    .filter((edge) => edge.client === client)
    .map(({ gateway, port, access, tls, bypasses }) =>
      [gateway, port, access, tls, ...(bypasses ? ['bypasses'] : [])].join(' '),
    );

test('through a waypoint: plain, originated, mutual, pass-through', () => {
  assert.deepEqual(flow(base, 'client:shop/*'), [
    // Plaintext to port 443 of the host: what is sent is not what the port takes, and a policy does not decide that.
    'gateway:waypoint/egress/way 80 all none',
    'gateway:waypoint/egress/way 443 all pass-through',
  ]);
  const http = base.replace(', targetPort: 443', '');
  assert.equal(flow(http, 'client:shop/*')[0], 'gateway:waypoint/egress/way 80 all plain');
  assert.equal(
    flow(base + rule('{ mode: SIMPLE }'), 'client:shop/*')[0],
    'gateway:waypoint/egress/way 80 all originated',
  );
  const mutual = '{ mode: MUTUAL, clientCertificate: /etc/c, privateKey: /etc/k, caCertificates: /etc/ca }';
  assert.match(flow(base + rule(mutual), 'client:shop/*')[0]!, / (mutual|none)$/);
});

test('clients that no proxy captures go past the waypoint', () => {
  const [all] = flow(base, 'client:plain/*');
  assert.match(all!, /^gateway:none \d+ all \S+ bypasses$/);
});

test('without a waypoint nothing is bypassed', () => {
  const free = withoutWaypoint.replace(', istio.io/use-waypoint: way', '').replace(', targetPort: 443', '');
  assert.deepEqual(flow(free, 'client:shop/*'), ['gateway:none 80 all plain', 'gateway:none 443 all pass-through']);
});

test('a waypoint that no file shows has its name and an undetermined answer', () => {
  assert.deepEqual(
    flow(withoutWaypoint, 'client:shop/*', { completeKinds: [] })[1],
    'gateway:waypoint/egress/way 443 undetermined unknown',
  );
});

test('of many places that decide a connection the first are listed, and how many more there are', () => {
  const policy = (i: number) => `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: deny-${i}, namespace: egress }
spec:
  targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: api }]
  action: DENY
  rules: [{ to: [{ operation: { paths: [/never-${i}] } }] }]
`;
  const edges = edgesOf(
    base.replace('protocol: TLS', 'protocol: HTTP') + Array.from({ length: 50 }, (_, i) => policy(i)).join(''),
    {},
  );
  const edge = edges.find(({ client, port }) => client === 'client:shop/*' && port === 443);
  assert.deepEqual([edge?.because.length, edge?.becauseMore], [20, 30]);
});

test('findings are at the nodes that their resource is about', () => {
  const policy = `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: only-pay, namespace: egress }
spec:
  targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: api }]
  rules: [{ from: [{ source: { namespaces: [pay] } }] }]
`;
  const { mesh, find } = meshFromYaml(base + rule('{ mode: SIMPLE }') + policy);
  const finding = (resource: { readonly id: number }): Finding =>
    ({ rule: 'r', severity: 'warning', message: 'm', resource }) as unknown as Finding;
  const nodesOf = (resource: { readonly id: number }) =>
    egressGraph(mesh, { place: () => null, findings: [finding(resource)], placeOfFinding: () => null }).findings[0]!
      .nodes;
  assert.deepEqual(nodesOf(find('ServiceEntry', 'api')), ['host:api.example.com']);
  assert.deepEqual(nodesOf(find('DestinationRule', 'api')), ['host:api.example.com']);
  assert.deepEqual(nodesOf(find('Gateway', 'way')), ['gateway:waypoint/egress/way']);
  assert.deepEqual(nodesOf(find('Namespace', 'shop')), ['client:shop/*']);
  assert.deepEqual(nodesOf(find('AuthorizationPolicy', 'only-pay')), [
    'gateway:waypoint/egress/way',
    'host:api.example.com',
  ]);
});

test('a large table says of all hosts at once that a client goes past their waypoints', () => {
  const { mesh } = meshFromYaml(base);
  const { short, edges } = egressGraph(mesh, { place: () => null, findings: [], placeOfFinding: () => null, most: 1 });
  assert.equal(short, true);
  assert.deepEqual(
    edges.filter(({ client }) => client === 'client:plain/*').map(({ host, bypasses }) => [host, bypasses]),
    [['host:*', true]],
  );
});
