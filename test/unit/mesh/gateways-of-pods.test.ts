// The egress gateways to which routes lead for the hosts of a Gateway, where few or many teams configure one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { egressGatewaysOf } from '../../../server/src/mesh/clients/gateways-of-pods.ts';
import type { Mesh } from '../../../server/src/mesh/mesh.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

const pods = (name: string) => `apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: out }
spec: { selector: { istio: ${name} }, ports: [{ name: http, port: 80 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: out }
spec: { selector: { matchLabels: { istio: ${name} } }, template: { metadata: { labels: { istio: ${name} } }, spec: { containers: [{ name: istio-proxy, image: proxy }] } } }
`;
const gateway = (name: string, of: string) => `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: ${name}, namespace: team }
spec: { selector: { istio: ${of} }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: [${name}.example.com, all.example.com] }] }
`;
const routes = (name: string, to: readonly string[]) => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ${name}, namespace: team }
spec:
  hosts: [${name}.example.com, all.example.com]
  http:
${to.map((one) => `  - route: [{ destination: { host: ${one}.out.svc.cluster.local } }]\n`).join('')}`;

/** So many Gateways for one egress gateway, and one for another. */
const start = (count: number) => {
  const names = Array.from({ length: count }, (_, i) => `host-${i}`);
  return meshFromYaml(
    [
      pods('shared'),
      pods('own'),
      gateway('alone', 'own'),
      ...names.map((name) => gateway(name, 'shared')),
      ...names.map((name) => routes(name, ['own', 'shared'])),
    ].join('---\n'),
  );
};

for (const count of [2, 8, 9, 40])
  test(`a Gateway among ${count} of one egress gateway`, () => {
    const { mesh, find } = start(count);
    const namesFor = (name: string) => egressGatewaysOf(mesh, find('IstioGateway', name)).map((one) => one.name);
    assert.deepEqual(namesFor('host-1'), ['shared']);
    assert.deepEqual(namesFor('alone'), ['own']);
  });

test('what is noted for a host does not grow with the Gateways that configure where its routes lead', () => {
  const noted = (count: number) => {
    const { mesh, find } = start(count);
    let size = 0;
    const counting: Mesh = Object.create(mesh, {
      derived: {
        value: (key: string, compute: (view: Mesh) => unknown) => {
          const found = compute(mesh);
          if (key.startsWith('egress gateways of')) size += sizeOf(found);
          return found;
        },
      },
    }) as Mesh;
    egressGatewaysOf(counting, find('IstioGateway', 'host-1'));
    return size;
  };
  assert.ok(noted(40) > 0);
  assert.equal(noted(160), noted(40));
});

function sizeOf(value: unknown): number {
  if (value instanceof Map || Array.isArray(value)) return [...value.values()].length;
  return Object.values(value as object).reduce((sum: number, one) => sum + sizeOf(one), 0);
}
