// What the API server refuses decides no row.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessRows } from '../../../server/src/eval/access/access.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

const files = (metadata = '') => `apiVersion: v1
kind: Namespace
metadata: { name: egress, labels: { istio.io/use-waypoint: gate } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: gate, namespace: egress }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: bank, namespace: egress }
spec: { hosts: [bank.example.com], resolution: DNS, ports: [{ number: 80, name: http, protocol: HTTP }] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: readers, namespace: egress${metadata} }
spec:
  action: PERMIT
  targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: bank }]
  rules: [{ to: [{ operation: { methods: [GET] } }] }]
`;

const anyone = (text: string) => accessRows(meshFromYaml(text).mesh).find(({ from }) => from === '*');

test('a refused policy restricts nobody, and the row names it', () => {
  const row = anyone(files());
  assert.equal(row?.access, 'all');
  assert.ok(row?.because.some(({ resource }) => resource.name === 'readers' && resource.refused));
});

test('where an earlier version is likely, access is undetermined', () => {
  assert.equal(anyone(files(', uid: 1-2'))?.access, 'undetermined');
});
