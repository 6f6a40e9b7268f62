// Of many rivals those that are alike are compared once; found are the same as by comparing each.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstBefore, rivalsInOrder, type Rival } from '../../../server/src/rules/route/earlier-rivals.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

const count = 60;
const { mesh } = meshFromYaml(
  Array.from(
    { length: count },
    (_, i) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: s-${String(i % 50).padStart(2, '0')}, namespace: shop }
spec: { hosts: [api.example.com], http: [{ route: [{ destination: { host: api.example.com } }] }] }
`,
  ).join('---'),
);
const services = mesh.all('VirtualService');
assert.equal(services.length, count);

interface Numbered extends Rival {
  readonly number: number;
}

const clash = (a: Numbered, b: Numbered) => a.number !== b.number;

for (const kinds of [1, 2, 7, count])
  for (const most of [1, 5, count])
    test(`the first ${most} of ${count} rivals of ${kinds} kinds`, () => {
      const list = services.map((service, i): Numbered => {
        const number = Math.floor((i * kinds) / count) ^ (i % 3 === 0 ? 1 : 0);
        return { service, number, kind: String(number) };
      });
      const rivals = rivalsInOrder(list);
      let compared = 0;
      for (const own of list) {
        const end = list.findIndex(({ service }) => service.name === own.service.name);
        const expected = list.slice(0, end).filter((one) => clash(one, own));
        const found = firstBefore(own.service, rivals, {
          most,
          clash: (a, b) => {
            compared++;
            return clash(a, b);
          },
        });
        assert.deepEqual(
          found.map(({ id }) => id),
          expected.slice(0, most).map(({ service }) => service.id),
        );
      }
      assert.ok(compared <= count * Math.min(rivals.alike.length, most + 2));
    });
