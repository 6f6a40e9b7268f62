// Provisioning where the ground is missing: a cluster without the Gateway API, then one with it but without Istio.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { applyProvision } from '../../server/src/cluster/provision/apply-provision.ts';
import { planProvision, type ProvisionPlan } from '../../server/src/cluster/provision/provision.ts';
import { verifyProvision } from '../../server/src/cluster/provision/verify-provision.ts';
import { nodeRun } from '../../server/src/host/node/run.ts';
import { peers, startCluster, type Cluster } from '../kit/peers.ts';
import { cacheFolder } from './programs.ts';

const found = peers();

describe('provisioning on a cluster without a mesh', {
  skip: found.available ? false : found.why,
  timeout: 120_000,
}, () => {
  let cluster: Cluster;
  before(async () => {
    cluster = await startCluster({ mesh: false });
  });
  after(() => cluster?.stop());

  const plan = async (): Promise<ProvisionPlan> => {
    const request = {
      context: 'local',
      namespace: 'default',
      name: 'egress-gateway',
      enroll: true,
      tools: cluster.tools,
    };
    const planned = await planProvision(nodeRun({ env: cluster.env }), request);
    assert.ok(planned.ok, planned.ok ? '' : planned.problem.message);
    return planned.value;
  };

  test('no Gateway API: the plan says so once, and so does the command', async () => {
    const planned = await plan();
    assert.deepEqual(
      planned.blockers.map(({ code }) => code),
      ['gateway-api-missing'],
    );
    assert.deepEqual(
      planned.warnings.map(({ code }) => code),
      ['namespace-not-ambient'],
    );
    assert.deepEqual(planned.facts.unread, []);
    const run = nodeRun({ env: cluster.env });
    const applied = await applyProvision(run, planned);
    assert.equal(applied.outcome === 'failed' && applied.problem.kind, 'missing-crd');
    const verified = await verifyProvision(run, planned.request);
    assert.equal(verified.outcome === 'failed' && verified.problem.kind, 'missing-crd');
  });

  test('no Istio: applied, but nobody takes the Gateway', async () => {
    await cluster.kubectl([
      'apply',
      '--server-side',
      '-f',
      path.join(cacheFolder(), 'share/gateway-api/standard/gateway.networking.k8s.io_gateways.yaml'),
      '-f',
      path.join(cacheFolder(), 'share/gateway-api/standard/gateway.networking.k8s.io_gatewayclasses.yaml'),
    ]);
    await cluster.kubectl(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=20s']);
    const planned = await plan();
    assert.deepEqual(planned.blockers, []);
    assert.deepEqual(
      planned.warnings.map(({ code }) => code),
      ['namespace-not-ambient', 'no-gateway-class'],
    );
    const run = nodeRun({ env: cluster.env });
    const applied = await applyProvision(run, planned);
    assert.ok(applied.outcome === 'applied');
    assert.match(applied.warnings[0] ?? '', /namespace is not enrolled in ambient/);
    const verified = await verifyProvision(run, planned.request, { timeoutMs: 500, pollMs: 200 });
    assert.ok(verified.outcome === 'not-programmed');
    assert.deepEqual(
      [verified.missing.type, verified.missing.status, verified.missing.message],
      ['Accepted', 'Unknown', 'Waiting for controller'],
    );
    assert.match(verified.advice, /istiod/);
  });

  test('a server that goes away while it is asked', async () => {
    const planned = await plan();
    cluster.stop();
    const verified = await verifyProvision(nodeRun({ env: cluster.env }), planned.request, {
      timeoutMs: 500,
      pollMs: 100,
    });
    assert.equal(verified.outcome, 'failed');
  });
});
