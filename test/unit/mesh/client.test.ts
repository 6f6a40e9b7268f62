// Which service a name leads a client to, and by which chain a port is handled.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chainsOf, portOf } from '../../../server/src/mesh/routes/chain-of-port.ts';
import { serviceForClient } from '../../../server/src/mesh/hosts/service-for-client.ts';
import { meshFromYaml, type MeshOptions } from '../../kit/mesh-from-yaml.ts';

const entry = (name: string, ns: string, host: string, extra = 'resolution: DNS') => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: ${name}, namespace: ${ns} }
spec: { hosts: ["${host}"], ports: [{ number: 80, name: http, protocol: HTTP }], ${extra} }
---`;
const service = `
apiVersion: v1
kind: Service
metadata: { name: db, namespace: data }
spec: { ports: [{ port: 80 }] }
---`;
const listed = 'resolution: NONE, addresses: [10.0.0.1]';

for (const [title, files, host, expected, options] of [
  ['the only one', entry('a', 'x', 'h.org'), 'h.org', ['x/a']],
  ["the client's own", entry('a', 'x', 'h.org') + entry('b', 'app', 'h.org'), 'h.org', ['app/b']],
  [
    'its own without an address is none',
    entry('a', 'x', 'h.org') + entry('b', 'app', 'h.org', 'resolution: NONE'),
    'h.org',
    ['x/a'],
  ],
  ['others by age', entry('a', 'x', 'h.org') + entry('b', 'y', 'h.org'), 'h.org', ['x/a', 'y/b']],
  ['one namespace by age', entry('a', 'x', 'h.org') + entry('b', 'x', 'h.org'), 'h.org', ['x/a', 'x/b']],
  [
    'one of them without an address',
    entry('a', 'x', 'h.org') + entry('b', 'x', 'h.org', 'resolution: NONE'),
    'h.org',
    ['x/a', 'outside'],
  ],
  ['a wildcard', entry('a', 'x', '*.h.org', listed), 'www.h.org', ['x/a']],
  ['the longer wildcard', entry('a', 'x', '*.org', listed) + entry('b', 'x', '*.h.org', listed), 'www.h.org', ['x/b']],
  ['a wildcard does not have its own domain', entry('a', 'x', '*.h.org', listed), 'h.org', ['outside']],
  [
    'an exact host without an address gives way to a wildcard',
    entry('a', 'x', 'www.h.org', 'resolution: NONE') + entry('b', 'x', '*.h.org', listed),
    'www.h.org',
    ['x/b'],
  ],
  [
    'a Service before an entry',
    service + entry('a', 'x', 'db.data.svc.cluster.local'),
    'db.data.svc.cluster.local',
    ['data/db'],
  ],
  ['a short name', service, 'db.data', ['data/db']],
  ['nobody', entry('a', 'x', 'h.org'), 'other.org', ['outside']],
  ['case of the question', entry('a', 'x', 'h.org'), 'h.ORG', ['x/a']],
  ['case of the entry', entry('a', 'x', 'H.org'), 'h.org', ['outside']],
  ['dot at the end of the entry', entry('a', 'x', 'h.org.'), 'h.org', ['outside']],
  [
    'hidden from all',
    entry('a', 'x', 'h.org'),
    'h.org',
    ['outside'],
    { settings: { serviceEntryVisibility: { defaultVisibility: 'NONE', policies: [], applyToSidecars: false } } },
  ],
  [
    'hidden from others',
    entry('a', 'x', 'h.org') + entry('b', 'app', 'i.org'),
    'h.org',
    ['outside'],
    { settings: { serviceEntryVisibility: { defaultVisibility: 'NAMESPACE', policies: [], applyToSidecars: false } } },
  ],
] as readonly [string, string, string, readonly string[], MeshOptions?][])
  test(`service for a client: ${title}`, () => {
    const { outcomes } = serviceForClient(meshFromYaml(files, options).mesh, host, 'app');
    assert.deepEqual(
      outcomes.map((one) => (one ? `${one.resource.namespace}/${one.resource.name}` : 'outside')),
      expected,
    );
  });

test('each protocol has its chain, and UDP none', () => {
  const written = ['HTTP', 'grpc', 'HTTPS', 'TLS', 'TCP', 'Mongo', 'UDP', '', 'odd'];
  const { find } = meshFromYaml(`
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: a }
spec: { hosts: [h.org], ports: [${written.map((protocol, i) => `{ number: ${i + 1}, name: p${i}, protocol: "${protocol}" }`).join(', ')}] }`);
  const subject = find('ServiceEntry', 'a');
  assert.deepEqual(
    subject.spec.ports.map((port) => chainsOf(port).join('+')),
    ['http', 'http', 'tcp', 'tcp', 'tcp', 'tcp', '', 'http+tcp', 'http+tcp'],
  );
  assert.equal(portOf(subject, 1)?.name?.value, 'p0');
  assert.equal(portOf(subject, 7), undefined);
  assert.equal(portOf(subject, 99), undefined);
});
