// EnvoyFilters and the like are read from a cluster too, so that nothing is claimed of what goes through a proxy that they change.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scope } from '../../../server/src/cluster/objects/scope.ts';
import { readSnapshot, type Snapshot } from '../../../server/src/cluster/snapshot/snapshot.ts';
import { clusterUri } from '../../../server/src/sources/cluster-files.ts';
import { list, recorded, tools } from './cluster-kit.ts';

const every = [...new Set(scope.map(({ resource }) => resource))];
const extension = (apiVersion: string, kind: string) => ({
  apiVersion,
  kind,
  metadata: { name: 'limit', namespace: 'egress' },
});

async function snapshotOf(served: readonly string[]): Promise<Snapshot> {
  const run = recorded([
    [/api-resources/, { stdout: `${served.join('\n')}\n` }],
    [/selector=app=istiod/, list()],
    [/get configmaps/, { stdout: '' }],
    [/get namespaces/, list({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'egress' } })],
    [
      /get services.*json/,
      list(
        extension('networking.istio.io/v1alpha3', 'EnvoyFilter'),
        extension('extensions.istio.io/v1alpha1', 'WasmPlugin'),
        extension('networking.istio.io/v1', 'Gateway'),
      ),
    ],
    [/get secrets/, { stdout: '' }],
    [/get pods/, { stdout: '' }],
    [/get deployments/, { stdout: '' }],
  ]);
  const read = await readSnapshot(run, { context: 'prod', tools });
  assert.ok(read.ok, read.ok ? '' : read.problem.message);
  return read.value;
}

test('two extensions of one name are two objects with places of their own', async () => {
  const { objects } = await snapshotOf(every);
  assert.deepEqual(
    objects.filter(({ kind }) => kind !== 'Namespace').map((one) => [one.kind, clusterUri('prod', one)]),
    [
      ['ProxyExtension', 'istio-egress-cluster:/prod/egress/EnvoyFilter/limit.yaml'],
      ['ProxyExtension', 'istio-egress-cluster:/prod/egress/WasmPlugin/limit.yaml'],
      ['IstioGateway', 'istio-egress-cluster:/prod/egress/IstioGateway/limit.yaml'],
    ],
  );
});

test('a cluster of a release without TrafficExtension lacks nothing', async () => {
  const { unread } = await snapshotOf(every.filter((resource) => !resource.startsWith('trafficextensions')));
  assert.deepEqual(unread, []);
});
