// Entries of one host are compared once for all of them; each still gets its own endpoints first, and each endpoint once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dialledFor } from '../../../server/src/eval/trace/dialled.ts';
import { parseRequest } from '../../../server/src/eval/trace/parse-request.ts';
import { rivalEntryAtWaypoint } from '../../../server/src/mesh/binding/waypoint-service.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

const waypoint = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: exit, namespace: edge }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE, allowedRoutes: { namespaces: { from: All } } }] }
`;

const entry = (namespace: string, name: string, addresses: readonly string[], port = 'http') => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: ${name}, namespace: ${namespace}, labels: { istio.io/use-waypoint: exit, istio.io/use-waypoint-namespace: edge } }
spec: { hosts: [shop.example.com], resolution: STATIC, ports: [{ number: 80, name: ${port}, protocol: HTTP }], endpoints: [${addresses.map((address) => `{ address: ${address} }`).join(', ')}] }
`;

const request = parseRequest({ from: 'one/client', url: 'http://shop.example.com/' });
assert.ok(!('problem' in request));

const { mesh, find } = meshFromYaml(
  [
    waypoint,
    entry('one', 'a', ['192.0.2.1', '192.0.2.9']),
    entry('one', 'b', ['192.0.2.2', '192.0.2.9']),
    entry('one', 'copy-of-b', ['192.0.2.2', '192.0.2.9']),
    entry('one', 'other-port', ['192.0.2.3'], 'http-other'),
    entry('two', 'c', ['192.0.2.4']),
  ].join('---'),
);

const dialledBy = (name: string): readonly string[] => {
  const resource = find('ServiceEntry', name);
  const port = resource.spec.ports[0];
  return dialledFor(mesh, resource, 'shop.example.com', port, { by: 'envoy', request, namespace: 'edge' }).map(
    ({ address }) => address.replace('192.0.2.', ''),
  );
};

test('a waypoint dials the own endpoints of an entry first, then those of every service that age may choose, each once', () => {
  assert.deepEqual(dialledBy('one/a'), ['1', '9', '2', '3', '4']);
  assert.deepEqual(dialledBy('one/b'), ['2', '9', '1', '3', '4']);
  assert.deepEqual(dialledBy('one/copy-of-b'), ['2', '9', '1', '3', '4']);
  assert.deepEqual(dialledBy('one/other-port'), ['3', '1', '9', '2', '4']);
  assert.deepEqual(dialledBy('two/c'), ['4', '1', '9', '2', '3']);
});

test('without a waypoint only the own endpoints of an entry are dialled', () => {
  const resource = find('ServiceEntry', 'one/a');
  const targets = dialledFor(mesh, resource, 'shop.example.com', resource.spec.ports[0], { by: 'ztunnel', request });
  assert.deepEqual(
    targets.map(({ address }) => address),
    ['192.0.2.1', '192.0.2.9'],
  );
});

test('the rival of an entry at its waypoint is the first one of another namespace', () => {
  const gateway = find('Gateway', 'edge/exit');
  const rivalOf = (name: string) =>
    rivalEntryAtWaypoint(mesh, find('ServiceEntry', name), 'shop.example.com', gateway)?.name;
  assert.equal(rivalOf('one/a'), 'c');
  assert.equal(rivalOf('one/b'), 'c');
  assert.equal(rivalOf('two/c'), 'a');
});

test('entries of one namespace are no rivals at a waypoint', () => {
  const alone = meshFromYaml([waypoint, entry('one', 'a', []), entry('one', 'b', [])].join('---'));
  const gateway = alone.find('Gateway', 'edge/exit');
  const rival = rivalEntryAtWaypoint(alone.mesh, alone.find('ServiceEntry', 'one/a'), 'shop.example.com', gateway);
  assert.equal(rival, undefined);
});

test('without resolution the listed address is dialled, by whichever of its hosts the client calls and whichever the waypoint takes it for', () => {
  const shared = meshFromYaml(`
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: shared, namespace: one }
spec: { hosts: [shop.example.com, left.example.com], addresses: [192.0.2.7], resolution: NONE, ports: [{ number: 80, name: http, protocol: HTTP }] }
`);
  const resource = shared.find('ServiceEntry', 'one/shared');
  const by = { by: 'envoy', request, namespace: 'edge' } as const;
  assert.deepEqual(dialledFor(shared.mesh, resource, 'left.example.com', resource.spec.ports[0], by), [
    { address: '192.0.2.7', port: 80 },
  ]);
});
