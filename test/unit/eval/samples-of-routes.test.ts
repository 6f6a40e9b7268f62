// The requests that stand for all to a host: where one VirtualService tells its hosts apart by Host, each is asked for with its own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { declaredRequests } from '../../../server/src/eval/trace/declared-requests.ts';
import { authorityOf } from '../../../server/src/eval/trace/client-bytes.ts';
import { samplesFor } from '../../../server/src/eval/trace/samples-of-routes.ts';
import { samplesAtSidecars } from '../../../server/src/eval/trace/samples-at-sidecars.ts';
import { entry, namespace, routesOfHosts, waypoint } from '../../bench/shapes/manifests.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';
import { newWorkspace } from '../../kit/workspace.ts';

const hosts = ['one.example.com', 'two.example.com'];

/** Of the second, requests arrive in the clear at port 443. */
const manifests = (route: string) =>
  [
    namespace('egress', 'istio.io/use-waypoint: wp'),
    waypoint(),
    entry('egress', 'one', ['one.example.com'], 80),
    entry('egress', 'two', ['two.example.com'], 443),
    route,
  ].join('---\n');

const asked = (text: string, name: string) => {
  const { mesh, find } = meshFromYaml(text);
  return declaredRequests(mesh, find('ServiceEntry', name), ['egress']).map(
    (request) => `${request.host} ${authorityOf(request)} ${request.path}`,
  );
};

test('a host is asked for with its own Host where the rules of its VirtualService tell several apart', () => {
  const text = manifests(routesOfHosts('egress', 'all', hosts));
  assert.deepEqual(asked(text, 'one'), ['one.example.com one.example.com /']);
  assert.deepEqual(asked(text, 'two'), ['two.example.com two.example.com /']);
  const { mesh } = meshFromYaml(text);
  assert.equal(samplesAtSidecars(mesh, 'one.example.com', 80).length, 1);
});

test('only the host that fails is told to fail', () => {
  const workspace = newWorkspace();
  workspace.setFile('file:///all.yaml', manifests(routesOfHosts('egress', 'all', hosts)));
  workspace.refresh();
  const messages = workspace.findings('file:///all.yaml').map(({ message }) => message);
  assert.ok(messages.some((message) => message.includes('two.example.com')));
  assert.ok(!messages.some((message) => message.includes('http://one.example.com')), messages.join('\n'));
});

test('a Host that no host of the VirtualService has is sent as the rule wants it, and a prefix of the own one is met by that', () => {
  const other = routesOfHosts('egress', 'all', ['one.example.com']).replace('exact: "one', 'exact: "inner');
  assert.deepEqual(asked(manifests(other), 'one'), ['one.example.com inner.example.com /']);
  const prefix = routesOfHosts('egress', 'all', ['one.example.com']).replace(
    'exact: "one.example.com"',
    'prefix: one.',
  );
  assert.deepEqual(asked(manifests(prefix), 'one'), ['one.example.com one.example.com /']);
});

test('what clients can send with the Host of another host of the route is known apart, for access', () => {
  const { mesh, find } = meshFromYaml(manifests(routesOfHosts('egress', 'all', hosts)));
  const one = find('ServiceEntry', 'one');
  const { samples, withOtherHost, isComplete } = samplesFor(mesh, one, 'one.example.com', one.spec.ports[0]!);
  assert.deepEqual(
    [samples, withOtherHost].map((list) => list.map(({ headers }) => headers.get('host'))),
    [[undefined], ['two.example.com']],
  );
  assert.ok(isComplete);
});
