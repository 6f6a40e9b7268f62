// Which VirtualServices a namespace sees, and which go first for it: looked up, and as each by itself says it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeOfVirtualService } from '../../../server/src/mesh/routes/route-units.ts';
import { servicesByPlace, servicesInSight } from '../../../server/src/mesh/routes/services-in-sight.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

const route = (home: string, name: string, exportTo: string) => `kind: VirtualService
metadata: { name: ${name}, namespace: ${home} }
spec: { hosts: [api.example.com], exportTo: [${exportTo}] }
`;

const { mesh } = meshFromYaml(
  [
    route('a', 'own', '.'),
    route('a', 'all', '"*"'),
    route('b', 'to-a', 'a'),
    route('b', 'none', '"~"'),
    route('c', 'all', '"*"'),
    route('a', 'both', 'a, c'),
  ].join('---\n'),
);
const all = mesh.all('VirtualService');

for (const namespace of ['a', 'b', 'c', 'elsewhere'])
  test(`namespace ${namespace}`, () => {
    const placed = all.map((one) => ({ one, place: placeOfVirtualService(mesh, one, namespace) }));
    const seen = placed.filter(({ place }) => place !== undefined).map(({ one }) => one);
    assert.deepEqual(servicesInSight(mesh, all, namespace), seen);
    const byPlace = servicesByPlace(mesh, seen, namespace);
    for (const place of [0, 1, 2, 3] as const)
      assert.deepEqual(
        byPlace.get(place) ?? [],
        placed.filter((one) => one.place === place).map(({ one }) => one),
        `place ${place}`,
      );
  });

test('namespaces without one of their own share a list', () => {
  assert.equal(servicesInSight(mesh, all, 'x'), servicesInSight(mesh, all, 'y'));
});
