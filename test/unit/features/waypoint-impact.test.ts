// Plans of waypoints: what their coming and going changes, asked of the story's own manifests.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drained } from '../../../server/src/base/steps.ts';
import type { Workspace } from '../../../server/src/engine/workspace.ts';
import {
  waypointImpactInSteps,
  type WaypointChange,
  type WaypointImpact,
} from '../../../server/src/features/waypoint-impact.ts';
import { storyFiles } from '../../kit/trace.ts';
import { newWorkspace } from '../../kit/workspace.ts';

const manifest =
  'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n  name: egress-gateway\n  namespace: common-infrastructure\nspec:\n  gatewayClassName: istio-waypoint\n  listeners:\n  - name: mesh\n    port: 15008\n    protocol: HBONE\n';
const provision = {
  change: 'provision',
  namespace: 'common-infrastructure',
  name: 'egress-gateway',
  enroll: true,
  manifest,
} as const;

function story(files: Readonly<Record<string, string>> = {}): Workspace {
  const workspace = newWorkspace();
  for (const [name, text] of Object.entries({ ...storyFiles(), ...files }))
    if (text !== '') workspace.setFile(name, text);
  return workspace;
}

function impactOf(workspace: Workspace, change: WaypointChange): unknown {
  return plain(drained(waypointImpactInSteps(workspace, change, ({ namespace, name }) => `${namespace}/${name}`)));
}

function plain({ bindings, calls, isShort }: WaypointImpact<string>): unknown {
  return {
    bindings: bindings.map(({ at, before, after }) => `${at}: ${before} > ${after}`),
    calls: calls.map(
      ({ from, url, before, after }) =>
        `${from} ${url}: ${before.verdict} ${before.via} > ${after.verdict} ${after.via}`,
    ),
    isShort,
  };
}

test('before the waypoint is there, the plan names the host and its callers', () => {
  const workspace = story({ 'waypoint.yaml': '', 'namespace.yaml': '', 'authorization-policy.yaml': '' });
  assert.deepEqual(impactOf(workspace, provision), {
    bindings: ['common-infrastructure/httpbin: unknown > common-infrastructure/egress-gateway'],
    calls: ['default/curl http://httpbin.org/: undetermined direct > allowed common-infrastructure/egress-gateway'],
    isShort: false,
  });
});

test('with the namespace known to have no label, the host goes direct until then', () => {
  const workspace = story({
    'waypoint.yaml': '',
    'namespace.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: common-infrastructure\n',
  });
  const impact = impactOf(workspace, provision) as { readonly bindings: readonly string[] };
  assert.deepEqual(impact.bindings, ['common-infrastructure/httpbin: direct > common-infrastructure/egress-gateway']);
});

test('where all is as it will be, nothing changes; the workspace itself never does', () => {
  const workspace = story();
  assert.deepEqual(impactOf(workspace, provision), { bindings: [], calls: [], isShort: false });
  assert.equal(workspace.mesh.named('Gateway', 'common-infrastructure', 'egress-gateway').length, 1);
});

test('a waypoint that goes: its hosts go direct, and who was denied is not any more', () => {
  for (const enroll of [true, false]) {
    const impact = impactOf(story(), {
      change: 'delete',
      namespace: 'common-infrastructure',
      name: 'egress-gateway',
      enroll,
    }) as { readonly bindings: readonly string[]; readonly calls: readonly string[] };
    assert.deepEqual(impact.bindings, ['common-infrastructure/httpbin: common-infrastructure/egress-gateway > direct']);
    assert.match(
      impact.calls[0] ?? '',
      /^default\/curl http:\/\/httpbin\.org\/: allowed common-infrastructure\/egress-gateway > /,
    );
  }
});

test('files that are ahead of the cluster: the plan compares with what the cluster has', () => {
  const now = { hasGateway: false, useWaypoint: null };
  const impact = impactOf(story(), { ...provision, now }) as {
    readonly bindings: readonly string[];
    readonly calls: readonly string[];
  };
  assert.deepEqual(impact.bindings, ['common-infrastructure/httpbin: direct > common-infrastructure/egress-gateway']);
  assert.match(
    impact.calls[0]!,
    /^default\/curl http:\/\/httpbin\.org\/: \w+ direct > allowed common-infrastructure\/egress-gateway$/,
  );
  assert.deepEqual(
    impactOf(story(), { ...provision, enroll: false, now }),
    { bindings: [], calls: [], isShort: false },
    'without the label nothing names it',
  );
  assert.deepEqual(
    impactOf(story({ 'namespace.yaml': '' }), {
      ...provision,
      now: { hasGateway: true, useWaypoint: 'egress-gateway' },
    }),
    { bindings: [], calls: [], isShort: false },
  );
});
