// Of thousands of routes for one host, what is found out about all of them comes in steps, between which an editor takes the next letter.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MeshIndex } from '../../../server/src/mesh/index/index-builder.ts';
import { httpUnitsInSteps } from '../../../server/src/mesh/routes/route-units.ts';
import { choicesAtSidecar } from '../../../server/src/mesh/routes/routes-at-sidecar.ts';
import { defaultMeshSettings } from '../../../server/src/mesh/settings.ts';
import { entry, entryRoute, httpRoute, tlsEntry, tlsRoute, waypoint } from '../../bench/shapes/manifests.ts';
import { resourcesFromYaml } from '../../kit/mesh-from-yaml.ts';

const host = 'api.example.com';
const count = 1000;

function meshOf(first: readonly string[], route: (i: number) => string): MeshIndex {
  const index = new MeshIndex({ mesh: defaultMeshSettings });
  const routes = Array.from({ length: count }, (_, i) => route(i));
  for (const resource of resourcesFromYaml([...first, ...routes].join('---\n'))) index.add(resource);
  return index;
}

const ways = {
  HTTPRoutes: (i: number) => entryRoute('team', `api-${i}`, host, 'api'),
  VirtualServices: (i: number) => httpRoute('team', `api-${i}`, host),
};

for (const [kind, route] of Object.entries(ways))
  test(`the routes at a waypoint that ${kind} come to are found in steps`, () => {
    const mesh = meshOf([waypoint(), entry('team', 'api', [host])], route).view();
    const [own] = mesh.named('ServiceEntry', 'team', 'api');
    const [gateway] = mesh.named('Gateway', 'egress', 'wp');
    const work = httpUnitsInSteps(mesh, { entry: own!, waypoint: gateway!, host, port: 80, chain: 'http' });
    let steps = 1;
    let next = work.next();
    for (; !next.done; next = work.next()) steps++;
    assert.equal(next.value.flatMap(({ entries = [] }) => entries).length, count);
    assert.ok(steps >= count / 250, `${steps} steps for ${count} routes`);
  });

test('which routes a sidecar imports is asked once for all of them', () => {
  const index = meshOf([tlsEntry('team', 'api', host)], (i) => tlsRoute('team', `api-${i}`, host));
  let asked = 0;
  const mesh = index.view(({ key }) => {
    if (key === 'knows=Sidecar@team') asked++;
  });
  const client = { namespace: 'team', labels: new Map<string, string>(), hasAllLabels: true };
  const request = { path: '/', method: 'GET', authority: host, headers: new Map<string, string>() };
  choicesAtSidecar(mesh, { client, name: host, port: 443, bytes: 'tls', request });
  assert.ok(asked > 0 && asked < 10, `asked ${asked} times`);
});
