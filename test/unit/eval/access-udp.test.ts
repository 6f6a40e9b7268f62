// A host with only UDP ports is called by everybody: the mesh carries no UDP.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessRows } from '../../../server/src/eval/access/access.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

const entry = (name: string, ports: string) => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: ${name}, namespace: egress, labels: { istio.io/use-waypoint: wp } }
spec: { hosts: [time.example.com], ports: [${ports}], resolution: DNS }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: wp, namespace: egress }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: nobody, namespace: egress }
spec: { targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: ${name} }] }
`;

const rowsFor = (text: string) =>
  accessRows(meshFromYaml(text).mesh).map(({ host, port, via, access, skips }) => ({
    row: `${host}:${port} ${via} ${access}`,
    skips,
  }));

test('a host with UDP ports alone has rows, direct and for all', () => {
  const rows = rowsFor(entry('time', '{ number: 123, name: udp-ntp, protocol: UDP }'));
  assert.ok(rows.length > 0);
  for (const { row, skips } of rows) {
    assert.equal(row, 'time.example.com:123 direct all');
    assert.deepEqual(skips, ['UDP to port 123, such as QUIC (HTTP/3), goes direct: the mesh carries no UDP.']);
  }
});

test('beside other ports the rows of these say what goes past them', () => {
  const ports = '{ number: 443, name: tls, protocol: TLS }, { number: 123, name: ntp, protocol: UDP }';
  for (const { row, skips } of rowsFor(entry('time', ports))) {
    assert.equal(row, 'time.example.com:443 waypoint none');
    assert.equal(skips?.length, 1);
  }
});
