// What the API server refuses decides no row.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessRows } from '../../../server/src/eval/access/access.ts';
import type { AccessRow } from '../../../server/src/eval/access/row.ts';
import { rowsOfCaller } from '../../../server/src/eval/access/rows-of-caller.ts';
import { accessRowJson } from '../../../server/src/eval/access/to-json.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';
import { waypointManifests } from '../../kit/waypoint-manifests.ts';

const files = (metadata = '') => `${waypointManifests}---
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

function anyone(text: string): AccessRow | undefined {
  const { mesh } = meshFromYaml(text);
  const row = accessRows(mesh).find(({ from }) => from === '*');
  assert.deepEqual([...rowsOfCaller(mesh, '*')].flat()[0], row, 'asked for alone, the caller has the same row');
  return row;
}

test('a refused policy restricts nobody, and the row names it', () => {
  const row = anyone(files());
  assert.equal(row?.access, 'all');
  assert.ok(row?.because.some(({ resource }) => resource.name === 'readers' && resource.refused));
});

test('programs get the reason of the refusal, and what is assumed', () => {
  const data = accessRowJson(anyone(files())!, () => null);
  assert.match(
    data.refused?.[0] ?? '',
    /^AuthorizationPolicy egress\/readers is refused \(`?spec\.action.*\), so it does not count$/,
  );
  assert.deepEqual(data.assumed, ['Waypoint egress/gate is assumed to run; the connection goes through it.']);
});

test('where an earlier version is likely, access is undetermined', () => {
  assert.equal(anyone(files(', uid: 1-2'))?.access, 'undetermined');
});

test('a host that only a refused entry has is undetermined, and the row names the entry', () => {
  const row = anyone(`${waypointManifests}---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: bank, namespace: egress }
spec: { hosts: [bank.example.com], resolution: LOOKUP, ports: [{ number: 80, name: http, protocol: HTTP }] }
`);
  assert.deepEqual([row?.host, row?.via, row?.access], ['bank.example.com', 'direct', 'undetermined']);
  assert.deepEqual(
    row?.because.map(({ resource }) => resource.name),
    ['bank'],
  );
});
