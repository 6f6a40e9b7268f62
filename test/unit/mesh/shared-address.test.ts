// Which entries an address stands for. What traces make of it is in `server/src/eval/trace/*.md` and compared with Istio's generator.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownersAtAddressOf } from '../../../server/src/mesh/hosts/shared-address.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

const waypoint = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: egress, namespace: edge }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }`;

function entry(name: string, hosts: string): string {
  return `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: ${name}, namespace: edge, labels: { istio.io/use-waypoint: egress } }
spec: { hosts: [${hosts}], addresses: [10.0.0.1], ports: [{ number: 80, name: http, protocol: HTTP }], resolution: DNS }`;
}

function owners(...files: readonly string[]): readonly string[] | undefined {
  const { mesh, find } = meshFromYaml([waypoint, ...files].join('\n---\n'), { written: true });
  const asked = find('ServiceEntry', 'a');
  return ownersAtAddressOf(mesh, asked, 'a.example.com', { client: 'edge', port: 80 }).owners?.map(({ host }) => host);
}

test('entries of other hosts at the address are told', () => {
  assert.deepEqual(owners(entry('a', 'a.example.com'), entry('b', 'b.example.com'))?.toSorted(), [
    'a.example.com',
    'b.example.com',
  ]);
});

test('an entry whose hosts are still to be typed is no service', () => {
  assert.deepEqual(owners(entry('a', 'a.example.com'), entry('b', '')), ['a.example.com']);
  assert.deepEqual(owners(entry('b', ''), entry('a', 'a.example.com'), entry('c', 'c.example.com'))?.toSorted(), [
    'a.example.com',
    'c.example.com',
  ]);
});
