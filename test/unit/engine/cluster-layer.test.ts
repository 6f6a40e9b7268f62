// Files over a cluster: what the cluster holds was not refused, and counts where a file's version of it is refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessRows } from '../../../server/src/eval/access/access.ts';
import { layCluster } from '../../../server/src/engine/cluster-layer.ts';
import { parseRequest } from '../../../server/src/eval/trace/parse-request.ts';
import { trace } from '../../../server/src/eval/trace/trace.ts';
import type { ClusterObject } from '../../../server/src/model/cluster-content.ts';
import type { Kind } from '../../../server/src/model/kinds.ts';
import { newWorkspace } from '../../kit/workspace.ts';

const namespace = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'shop', labels: { 'istio.io/dataplane-mode': 'ambient', 'istio.io/use-waypoint': 'gate' } },
};
const gateway = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'Gateway',
  metadata: { name: 'gate', namespace: 'shop' },
  spec: { gatewayClassName: 'istio-waypoint', listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE' }] },
};
const entry = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'ServiceEntry',
  metadata: { name: 'pay', namespace: 'shop' },
  spec: { hosts: ['pay.example.com'], resolution: 'DNS', ports: [{ number: 80, name: 'http', protocol: 'HTTP' }] },
};
const policy = (action: string, metadata: object = {}) => ({
  apiVersion: 'security.istio.io/v1',
  kind: 'AuthorizationPolicy',
  metadata: { name: 'nobody', namespace: 'shop', ...metadata },
  spec: {
    action,
    targetRefs: [{ group: 'networking.istio.io', kind: 'ServiceEntry', name: 'pay' }],
    rules: [{}],
  },
});

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

function inSnapshot(object: Manifest): ClusterObject {
  const { kind, metadata } = object;
  return { kind: kind as Kind, namespace: metadata.namespace ?? '', name: metadata.name, object };
}

/** The verdict of a trace, and the access of all accounts of the namespace. */
function answers(files: readonly Manifest[], cluster: readonly Manifest[]): readonly (string | undefined)[] {
  const workspace = newWorkspace();
  for (const [i, file] of files.entries()) workspace.setFile(`file:///${i}.yaml`, JSON.stringify(file));
  layCluster(workspace, cluster.map(inSnapshot), 'here');
  workspace.refresh();
  const request = parseRequest({ from: 'shop/default', url: 'http://pay.example.com/' });
  assert.ok(!('problem' in request));
  return [
    trace(workspace.mesh, request).verdict,
    accessRows(workspace.mesh).find(({ from }) => from !== '*' && from.namespace === 'shop')?.access,
  ];
}

const base = [namespace, gateway, entry];
const inCluster = { uid: 'a-b', resourceVersion: '1' };

test("a refused file leaves the cluster's version in force", () => {
  assert.deepEqual(answers([...base, policy('PERMIT')], []), ['allowed', 'all']);
  assert.deepEqual(answers([...base, policy('PERMIT')], [policy('DENY', inCluster)]), ['denied', 'none']);
});

test('what the cluster holds is not refused, whatever our checks say of it', () => {
  assert.deepEqual(answers(base, [policy('PERMIT', inCluster)]), answers(base, [policy('ALLOW', inCluster)]));
  assert.deepEqual(answers([], [...base, policy('DENY', inCluster)]), ['denied', 'none']);
});
