// Counts of what leaves the mesh, on a small mesh that has each case, and that they add up on random ones.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drained } from '../../../server/src/base/steps.ts';
import { egressStatsInSteps } from '../../../server/src/features/stats.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';
import { classicWorkspaces, randomWorkspaces } from '../../kit/random-workspace.ts';
import { waypointManifests } from '../../kit/waypoint-manifests.ts';

const entry = (host: string, namespace: string, ports: string) => `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: ${host.split('.')[0]}, namespace: ${namespace} }
spec:
  hosts: ["${host}"]
  resolution: DNS
  ports: ${ports}
`;
const originating = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: bank, namespace: egress }
spec:
  host: bank.example.com
  trafficPolicy: { tls: { mode: SIMPLE, sni: bank.example.com, subjectAltNames: [bank.example.com] } }
`;
const policy = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: bank, namespace: egress }
spec:
  targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: bank }]
  rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/cart] } }] }]
`;
const closing = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: shut, namespace: egress }
spec:
  targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: shut }]
`;
const logging = `apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: log, namespace: egress }
spec:
  accessLogging: [{ providers: [{ name: envoy }] }]
`;
const ambient = (name: string) =>
  `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name}, labels: { istio.io/dataplane-mode: ambient } }\n`;
const http = '[{ number: 80, name: http, protocol: HTTP, targetPort: 443 }]';
const tls = '[{ number: 443, name: tls, protocol: TLS }]';

const files = {
  'waypoint.yaml': waypointManifests.replace('labels: {', 'labels: { istio.io/dataplane-mode: ambient,'),
  'bank.yaml': [entry('bank.example.com', 'egress', http), originating, policy, logging].join('---\n'),
  'shut.yaml': [entry('shut.example.com', 'egress', tls), closing].join('---\n'),
  'open.yaml': [
    ambient('open'),
    entry('*.cdn.example', 'open', tls).replace('name: *', 'name: cdn').replace('DNS', 'NONE'),
    entry('plain.example.com', 'open', '[{ number: 80, name: http, protocol: HTTP }]'),
  ].join('---\n'),
};

test('each host and port is counted once in each question', () => {
  assert.deepEqual(drained(egressStatsInSteps(meshFromYaml(files).mesh)), {
    hosts: 4,
    wildcardHosts: 1,
    destinations: 4,
    closed: 1,
    through: { waypoint: 1, gateway: 0, mixed: 0, direct: 2 },
    callers: { restricted: 1, all: 2, unknown: 0 },
    tls: { originated: 1, passThrough: 1, plain: 1, none: 0, unknown: 0 },
    unverified: 0,
    accessLog: { logged: 1, notLogged: 0, noProxy: 2, unknown: 0 },
    shares: { throughGateway: 0.3333, restricted: 0.3333, encrypted: 0.6667, logged: 0.3333 },
    gateways: [{ kind: 'waypoint', namespace: 'egress', name: 'gate', destinations: 1 }],
  });
});

test('a mesh without external hosts has no shares', () => {
  const { shares, destinations } = drained(egressStatsInSteps(meshFromYaml(waypointManifests).mesh));
  assert.equal(destinations, 0);
  assert.deepEqual(Object.values(shares), [null, null, null, null]);
});

test('the counts add up on random meshes', () => {
  let seen = 0;
  for (const { workspace } of [...randomWorkspaces(20261129, 30), ...classicWorkspaces(20261129, 10)]) {
    const {
      destinations,
      closed,
      through,
      callers,
      tls: ways,
      accessLog,
      unverified,
    } = drained(egressStatsInSteps(workspace.mesh));
    const sum = (counts: object) => Object.values(counts).reduce((all: number, one: number) => all + one, 0);
    for (const counts of [through, callers, ways, accessLog]) assert.equal(sum(counts), destinations - closed);
    assert.ok(unverified <= destinations - closed);
    seen += destinations;
  }
  assert.ok(seen > 30);
});
