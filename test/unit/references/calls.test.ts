// The call hierarchy: who may call a host, and what a caller may call, as the access table says it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drained } from '../../../server/src/base/steps.ts';
import { callItemAt, type CallItem } from '../../../server/src/features/navigation/call-items.ts';
import {
  incomingCalls as callsInSteps,
  mostCalls,
  outgoingCalls,
  type Call,
} from '../../../server/src/features/navigation/calls.ts';
import { newWorkspace } from '../../kit/workspace.ts';

const text = `apiVersion: v1
kind: Namespace
metadata: { name: egress, labels: { istio.io/use-waypoint: out } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: out, namespace: egress }
spec:
  gatewayClassName: istio-waypoint
  listeners: [{ name: mesh, port: 15008, protocol: HBONE, allowedRoutes: { namespaces: { from: All } } }]
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: bank, namespace: egress }
spec:
  hosts: [api.bank.example]
  resolution: DNS
  ports: [{ number: 80, name: http, protocol: HTTP }, { number: 5432, name: db, protocol: TCP }]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: readers, namespace: egress }
spec:
  targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: bank }]
  rules:
  - from: [{ source: { principals: [cluster.local/ns/shop/sa/reader] } }]
    to: [{ operation: { methods: [GET], paths: [/rates], ports: ["80"] } }]
  - from: [{ source: { namespaces: [jobs], notPrincipals: [cluster.local/ns/jobs/sa/guest] } }]
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: guest, namespace: jobs }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: cashier, namespace: shop }
spec:
  selector: { matchLabels: { app: cashier } }
  template:
    metadata: { labels: { app: cashier, istio.io/dataplane-mode: ambient } }
    spec: { serviceAccountName: reader, containers: [{ name: a, image: b }] }
`;
const uri = 'file:///m/all.yaml';
const workspace = newWorkspace();
workspace.setFile(uri, text);
workspace.refresh();
const navigated = { workspace, uri, host: { textOf: () => text } };

function itemAt(before: string): CallItem | undefined {
  const at = text.indexOf(before);
  assert.ok(at >= 0, before);
  return callItemAt(navigated, at + before.length);
}

const incomingCalls = (...asked: Parameters<typeof callsInSteps>) => drained(callsInSteps(...asked));
const told = ({ item }: Call): string => `${item.name}: ${item.detail}`;

const prepared: readonly (readonly [before: string, name: string | undefined, detail?: string])[] = [
  ['hosts: [api.ba', 'api.bank.example', 'ServiceEntry egress/bank'],
  ['number: 54', 'api.bank.example', 'ServiceEntry egress/bank'],
  ['metadata: { name: ban', 'ServiceEntry egress/bank', 'api.bank.example'],
  ['kind: ServiceEntry, name: ba', 'ServiceEntry egress/bank', 'api.bank.example'],
  ['resolution: D', 'ServiceEntry egress/bank', 'api.bank.example'],
  ['use-waypoint: o', 'Gateway egress/out', 'api.bank.example'],
  ['/ns/shop/sa/rea', 'shop/reader', 'Deployment shop/cashier'],
  ['/ns/sho', 'other accounts in shop', ''],
  ['namespaces: [jo', 'other accounts in jobs', ''],
  ['metadata: { name: gue', 'jobs/guest', 'ServiceAccount jobs/guest'],
  ['metadata: { name: cash', 'Deployment shop/cashier', 'service account reader'],
  ['metadata: { name: read', undefined],
];
for (const [before, name, detail] of prepared)
  test(`at \`${before}\`: ${name ?? 'nothing that calls or is called'}`, () => {
    const item = itemAt(before);
    assert.equal(item?.name, name);
    assert.equal(item?.detail, detail);
  });

test('incoming: who may call, and who of those is left out', () => {
  const host = itemAt('hosts: [api.ba')!;
  assert.deepEqual(incomingCalls(workspace.mesh, host.end).map(told), [
    'other accounts in egress: port 80: all requests, direct; port 5432: all requests, direct',
    'jobs/guest: port 80: denied; port 5432: denied',
    'other accounts in jobs: port 80: all requests; port 5432: all requests',
    'shop/reader: port 80: GET /rates; port 5432: denied',
  ]);
});

test('a denied caller that no wider one surrounds is not listed', () => {
  const host = itemAt('hosts: [api.ba')!;
  const names = incomingCalls(workspace.mesh, host.end).map(({ item }) => item.name);
  assert.ok(!names.includes('other accounts in shop') && !names.includes('all other clients'));
});

test('outgoing of an account, a workload, and the other accounts of a namespace', () => {
  const from = (before: string) =>
    [...outgoingCalls(workspace.mesh, itemAt(before)!.end)].flatMap((call) => (call ? [told(call)] : []));
  const rates = ['api.bank.example: port 80: GET /rates; port 5432: denied'];
  assert.deepEqual(from('/ns/shop/sa/rea'), rates);
  assert.deepEqual(from('metadata: { name: cash'), rates);
  assert.deepEqual(from('metadata: { name: gue'), []);
  assert.deepEqual(from('namespaces: [jo'), ['api.bank.example: port 80: all requests; port 5432: all requests']);
});

test('hosts call nobody, and nobody calls accounts', () => {
  assert.deepEqual([...outgoingCalls(workspace.mesh, itemAt('hosts: [api.ba')!.end)], []);
  assert.deepEqual(incomingCalls(workspace.mesh, itemAt('/ns/shop/sa/rea')!.end), []);
});

test('of very many hosts the first are followed, and the others counted', () => {
  const entries = Array.from(
    { length: mostCalls + 40 },
    (_, i) => `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: h${i}, namespace: many }
spec: { hosts: [h${String(i).padStart(4, '0')}.example], resolution: DNS, ports: [{ number: 80, name: http, protocol: HTTP }] }
`,
  );
  const large = newWorkspace();
  large.setFile(uri, entries.join('---\n'));
  const calls = [...outgoingCalls(large.mesh, { type: 'caller', subject: '*' })].filter((call) => call !== undefined);
  assert.equal(calls.length, mostCalls + 1);
  assert.equal(calls.at(-1)!.item.name, `40 more hosts, from h0${mostCalls}.example on`);
  assert.deepEqual(incomingCalls(large.mesh, calls.at(-1)!.item.end), []);
});

test('of very many callers the first are listed, and the others counted; a second question finds no callers again', () => {
  const accounts = Array.from(
    { length: mostCalls + 40 },
    (_, i) => `apiVersion: v1
kind: ServiceAccount
metadata: { name: a${i}, namespace: egress }
`,
  );
  const large = newWorkspace();
  large.setFile(uri, [text, ...accounts].join('---\n'));
  const end = { type: 'hosts', hosts: ['api.bank.example'] } as const;
  const calls = incomingCalls(large.mesh, end);
  assert.equal(calls.length, mostCalls + 1);
  const [last] = calls.slice(-1);
  assert.match(last!.item.name, /^\d+ more callers$/);
  assert.deepEqual(incomingCalls(large.mesh, last!.item.end), []);
  large.takeChanged();
  const first = large.work.meshRead;
  incomingCalls(large.mesh, end);
  large.takeChanged();
  assert.ok(large.work.meshRead < first / 2, `${first}, then ${large.work.meshRead}`);
});
