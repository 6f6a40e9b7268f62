// Provisioning against the real thing: istioctl, kubectl, API server and istiod. One cluster for the file; it first has no
// pods, so that a waypoint cannot become Programmed, and gets them later.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { applyProvision, type Applied } from '../../server/src/cluster/provision/apply-provision.ts';
import type { Command, Run } from '../../server/src/cluster/tools/command.ts';
import { listNamespaces, readContexts } from '../../server/src/cluster/tools/contexts.ts';
import { readGateway } from '../../server/src/cluster/objects/live-gateway.ts';
import { planProvision, type ProvisionPlan } from '../../server/src/cluster/provision/provision.ts';
import type { ProvisionRequest } from '../../server/src/cluster/provision/provision-request.ts';
import { verifyProvision } from '../../server/src/cluster/provision/verify-provision.ts';
import { findExecutable } from '../../server/src/host/node/find-executable.ts';
import { nodeRun } from '../../server/src/host/node/run.ts';
import { peers, startCluster, type Cluster } from '../kit/peers.ts';

const found = peers();

describe('provisioning on a real control plane', {
  skip: found.available ? false : found.why,
  timeout: 400_000,
}, () => {
  let cluster: Cluster;
  let run: Run;
  before(async () => {
    cluster = await startCluster();
    run = nodeRun({ env: cluster.env });
  });
  after(() => cluster?.stop());

  const request = (namespace: string, more: Partial<ProvisionRequest> = {}): ProvisionRequest => ({
    context: 'local',
    namespace,
    name: 'egress-gateway',
    enroll: true,
    tools: cluster.tools,
    ...more,
  });
  const plan = async (wanted: ProvisionRequest): Promise<ProvisionPlan> => {
    const planned = await planProvision(run, wanted);
    assert.ok(planned.ok, planned.ok ? '' : `${planned.problem.message} ${planned.problem.details}`);
    return planned.value;
  };
  const problem = async (wanted: ProvisionRequest, runner: Run = run) => {
    const planned = await planProvision(runner, wanted);
    assert.ok(!planned.ok, 'expected a problem');
    return planned.problem;
  };
  const namespace = (name: string, labels: Readonly<Record<string, string>> = {}): Promise<string> =>
    cluster.kubectl(
      ['apply', '-f', '-'],
      JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }),
    );
  const label = (name: string): Promise<string> =>
    cluster.kubectl(['get', 'namespace', name, '-o', 'jsonpath={.metadata.labels.istio\\.io/use-waypoint}']);

  test('contexts and namespaces are read', async () => {
    const contexts = await readContexts(run, cluster.tools);
    assert.deepEqual(contexts, {
      ok: true,
      value: {
        current: 'local',
        all: [
          { name: 'local', cluster: 'local', user: 'admin', namespace: 'default' },
          { name: 'local-guest', cluster: 'local', user: 'guest', namespace: 'default' },
        ],
      },
    });
    const namespaces = await listNamespaces(run, 'local', cluster.tools);
    assert.ok(namespaces.ok && namespaces.value.includes('istio-system'));
    const asGuest = await listNamespaces(run, 'local-guest', cluster.tools);
    assert.equal(!asGuest.ok && asGuest.problem.kind, 'forbidden');
  });

  test('a missing namespace, then one outside the ambient mesh: said, with the command that puts it right', async () => {
    const planned = await plan(request('not-there'));
    const { blockers, facts } = planned;
    assert.equal(facts.namespace, 'missing');
    assert.deepEqual(
      blockers.map(({ code }) => code),
      ['namespace-missing'],
    );
    assert.deepEqual(blockers[0]?.command?.args, ['--context=local', 'create', 'namespace', 'not-there']);
    const applied = await applyProvision(run, planned);
    assert.equal(applied.outcome === 'failed' && applied.problem.kind, 'not-found');
    assert.match(applied.outcome === 'failed' ? applied.message : '', /no namespace "not-there"/);
    await runFix(blockers[0]?.command);
    const after = await plan(request('not-there'));
    assert.deepEqual([after.blockers, after.warnings.map(({ code }) => code)], [[], ['namespace-not-ambient']]);
    await runFix(after.warnings[0]?.command);
    assert.deepEqual((await plan(request('not-there'))).warnings, []);
  });

  test('the plan shows the Gateway that istioctl makes and changes nothing', async () => {
    await namespace('looking', { 'istio.io/dataplane-mode': 'ambient' });
    const { gatewayText, facts, command, blockers, warnings } = await plan(request('looking', { trafficFor: 'all' }));
    assert.match(gatewayText, /istio\.io\/waypoint-for: all/);
    assert.deepEqual(command.args, [
      'waypoint',
      'apply',
      '--name=egress-gateway',
      '--for=all',
      '--enroll-namespace',
      '--context=local',
      '--namespace=looking',
    ]);
    assert.deepEqual([blockers, warnings], [[], []]);
    assert.deepEqual(facts, {
      namespace: { ambient: true, useWaypoint: undefined, useWaypointNamespace: undefined },
      gateway: 'none',
      service: 'none',
      deployment: 'none',
      gatewayClass: 'present',
      gatewayApi: 'present',
      effect: 'creates',
      mayLabel: 'yes',
      versions: { istioctl: '1.31-dev', controlPlane: '1.0.0' },
      refusal: undefined,
      unread: [],
    });
    assert.deepEqual(await readGateway(run, request('looking'), 'egress-gateway'), { ok: true, value: undefined });
    assert.equal(await label('looking'), '');
  });

  test('applied without pods: the Gateway and the label are there, and the condition that is missing is named', async () => {
    await namespace('common-infrastructure', { 'istio.io/dataplane-mode': 'ambient' });
    const planned = await plan(request('common-infrastructure'));
    let streamed = '';
    const applied = await applyProvision(run, planned, {
      onOutput: ({ text }) => {
        streamed += text;
      },
    });
    assert.deepEqual(applied, {
      outcome: 'applied',
      labelled: true,
      warnings: [],
      message: 'Gateway common-infrastructure/egress-gateway was applied and namespace common-infrastructure enrolled.',
    });
    assert.match(streamed, /waypoint common-infrastructure\/egress-gateway applied/);
    assert.equal(await label('common-infrastructure'), 'egress-gateway');
    const verified = await verifyProvision(run, planned.request, { timeoutMs: 2500, pollMs: 300 });
    assert.ok(verified.outcome === 'not-programmed', verified.message);
    assert.deepEqual(
      [verified.missing.type, verified.missing.status, verified.missing.reason],
      ['Programmed', 'False', 'AddressNotAssigned'],
    );
    assert.match(verified.message, /condition Programmed is False \(AddressNotAssigned\): .*no instances found/);
    assert.match(verified.advice, /get pods --selector=gateway\.networking\.k8s\.io\/gateway-name=egress-gateway/);
    assert.deepEqual(verified.notices, []);
  });

  test('a second time: the plan says why nothing would happen, and so does what istioctl then does', async () => {
    const again = await plan(request('common-infrastructure'));
    assert.deepEqual(
      again.blockers.map(({ code }) => code),
      ['already-enrolled'],
    );
    assert.deepEqual(
      again.warnings.map(({ code }) => code),
      ['gateway-exists'],
    );
    assert.equal(again.facts.effect, 'unchanged');
    assert.equal(again.facts.namespace !== 'missing' && again.facts.namespace.useWaypoint, 'egress-gateway');
    const other = await plan(request('common-infrastructure', { name: 'second' }));
    const applied = await applyProvision(run, other);
    assert.equal(applied.outcome, 'nothing-applied');
    assert.match(applied.message, /Nothing was applied: .* already uses the waypoint egress-gateway/);
    const verified = await verifyProvision(run, other.request, { timeoutMs: 300, pollMs: 100 });
    assert.equal(verified.outcome, 'gateway-missing');
    assert.deepEqual(
      verified.notices.map(({ code, message }) => [code, message]),
      [['not-enrolled', 'Namespace common-infrastructure uses the waypoint egress-gateway, not second.']],
    );
  });

  test('overwriting replaces the waypoint, which the plan says beforehand', async () => {
    await namespace('moving', { 'istio.io/dataplane-mode': 'ambient', 'istio.io/use-waypoint': 'old' });
    const planned = await plan(request('moving', { overwrite: true }));
    assert.deepEqual([planned.blockers, planned.warnings.map(({ code }) => code)], [[], ['replaces-waypoint']]);
    assert.equal((await applyProvision(run, planned)).outcome, 'applied');
    assert.equal(await label('moving'), 'egress-gateway');
  });

  test('a changed traffic type shows as a change of the Gateway', async () => {
    const planned = await plan(request('common-infrastructure', { overwrite: true, trafficFor: 'workload' }));
    assert.equal(planned.facts.effect, 'changes');
    assert.deepEqual(
      planned.warnings.map(({ code }) => code),
      ['gateway-exists', 'not-for-services'],
    );
  });

  test('a Service of the same name keeps the waypoint from working, which is known before and true after', async () => {
    await namespace('taken', { 'istio.io/dataplane-mode': 'ambient' });
    await cluster.kubectl(['create', 'service', 'clusterip', 'egress-gateway', '--tcp=80', '-n', 'taken']);
    const planned = await plan(request('taken'));
    assert.deepEqual(
      planned.blockers.map(({ code }) => code),
      ['name-taken'],
    );
    assert.equal((await applyProvision(run, planned)).outcome, 'applied');
    assert.equal(
      (await verifyProvision(run, planned.request, { timeoutMs: 1000, pollMs: 300 })).outcome,
      'not-programmed',
    );
    const ports = await cluster.kubectl([
      'get',
      'service',
      'egress-gateway',
      '-n',
      'taken',
      '-o',
      'jsonpath={.spec.ports[*].port}',
    ]);
    assert.equal(ports, '80', 'Istio left the Service alone');
  });

  test('a Gateway of another class that somebody else manages: the dry run finds the conflict', async () => {
    await namespace('mixed', { 'istio.io/dataplane-mode': 'ambient' });
    await cluster.kubectl(
      ['apply', '-n', 'mixed', '-f', '-'],
      JSON.stringify({
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'Gateway',
        metadata: { name: 'egress-gateway' },
        spec: { gatewayClassName: 'istio', listeners: [{ name: 'web', port: 80, protocol: 'HTTP' }] },
      }),
    );
    const planned = await plan(request('mixed'));
    assert.deepEqual(
      planned.blockers.map(({ code }) => code),
      ['dry-run-refused'],
    );
    assert.match(planned.blockers[0]?.advice ?? '', /\.spec\.gatewayClassName/);
    assert.deepEqual(
      planned.warnings.map(({ code }) => code),
      ['gateway-of-other-class'],
    );
    const applied = await applyProvision(run, planned);
    assert.equal(applied.outcome === 'failed' && applied.problem.kind, 'conflict');
  });

  test('somebody who may not is told so', async () => {
    const asGuest = await problem(request('common-infrastructure', { context: 'local-guest' }));
    assert.equal(asGuest.kind, 'forbidden');
    assert.match(asGuest.message, /user "guest"\) have no permission to get namespaces/);
    await cluster.kubectl(['create', 'clusterrole', 'reader', '--verb=get', '--resource=namespaces']);
    await cluster.kubectl(['create', 'clusterrolebinding', 'guest-reads', '--clusterrole=reader', '--user=guest']);
    const planned = await plan(request('looking', { context: 'local-guest' }));
    assert.deepEqual(
      planned.blockers.map(({ code }) => code),
      ['dry-run-refused', 'may-not-label'],
    );
    assert.deepEqual([planned.facts.gateway, planned.facts.service], ['unknown', 'unknown']);
    assert.deepEqual(
      planned.warnings.map(({ code }) => code),
      ['not-checked', 'not-checked', 'not-checked', 'not-checked'],
    );
    const applied = await applyProvision(run, planned);
    assert.equal(applied.outcome === 'failed' && applied.problem.kind, 'forbidden');
  });

  test('a server that cannot be reached, an unknown context, a kubectl and an istioctl that are not there', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'istio-egress-kubeconfig-'));
    const kubeconfig = path.join(folder, 'config');
    const clusters = [{ name: 'gone', cluster: { server: 'https://127.0.0.1:1' } }];
    writeFileSync(
      kubeconfig,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        clusters,
        contexts: [{ name: 'gone', context: { cluster: 'gone', user: '' } }],
      }),
    );
    const unreachable = await problem(
      request('default', { context: 'gone' }),
      nodeRun({ env: { ...cluster.env, KUBECONFIG: kubeconfig } }),
    );
    rmSync(folder, { recursive: true });
    assert.deepEqual(
      [unreachable.kind, unreachable.message],
      ['unreachable', 'The cluster of context "gone" cannot be reached.'],
    );
    assert.equal(
      (await problem(request('default', { context: 'nowhere' }))).message,
      'The kubeconfig has no context "nowhere".',
    );
    for (const tool of ['kubectl', 'istioctl'] as const) {
      const missing = await problem(request('default', { tools: { ...cluster.tools, [tool]: `/nowhere/${tool}` } }));
      assert.equal(missing.kind, 'not-installed');
      assert.match(missing.message, new RegExp(`^${tool} cannot be run: /nowhere/${tool} was not found`));
      assert.match(missing.advice, new RegExp(`^Install ${tool} .*PATH`));
      assert.equal(findExecutable(tool, undefined, { env: { PATH: '/nowhere' } }).found, false);
    }
  });

  test('stopped in the middle: istioctl is gone, and what had been reported by then is told', async () => {
    await namespace('stopped', { 'istio.io/dataplane-mode': 'ambient' });
    const planned = await plan(request('stopped'));
    // istioctl's own wait never ends here without pods, so there is a middle to stop in.
    const waiting = { ...planned, command: { ...planned.command, args: [...planned.command.args, '--wait'] } };
    const stop = new AbortController();
    const began = Date.now();
    const applied: Applied = await applyProvision(run, waiting, {
      signal: stop.signal,
      onOutput: ({ text }) => {
        if (text.includes('applied')) stop.abort();
      },
    });
    assert.ok(Date.now() - began < 10_000);
    assert.ok(applied.outcome === 'cancelled', applied.outcome);
    assert.equal(applied.progress, 'gateway-applied');
    assert.match(
      applied.message,
      /was applied before the failure; istioctl did not report that the namespace was enrolled/,
    );
    assert.equal(await label('stopped'), '');
    const late = await verifyProvision(run, planned.request, { timeoutMs: 100 });
    assert.deepEqual(
      late.notices.map(({ code }) => code),
      ['not-enrolled'],
    );
    const watching = new AbortController();
    const verified = await verifyProvision(run, planned.request, {
      signal: watching.signal,
      onProgress: () => watching.abort(),
    });
    assert.equal(verified.outcome === 'failed' && verified.problem.kind, 'cancelled');
  });

  test('with pods: plan, apply, verify, and kubectl shows the Gateway PROGRAMMED', async () => {
    await cluster.startPods();
    await namespace('story', { 'istio.io/dataplane-mode': 'ambient' });
    const planned = await plan(request('story'));
    assert.deepEqual([planned.blockers, planned.warnings], [[], []]);
    assert.equal((await applyProvision(run, planned)).outcome, 'applied');
    let seen = 0;
    const verified = await verifyProvision(run, planned.request, {
      timeoutMs: 30_000,
      pollMs: 250,
      onProgress: () => {
        seen++;
      },
    });
    assert.ok(verified.outcome === 'programmed', verified.message);
    assert.deepEqual(verified.notices, []);
    assert.ok(seen > 0);
    assert.match(verified.message, /^Gateway story\/egress-gateway is Programmed at 10\.43\./);
    const table = await cluster.kubectl(['get', 'gtw', '-n', 'story', '--no-headers']);
    assert.match(table, /^egress-gateway\s+istio-waypoint\s+10\.43\.\d+\.\d+\s+True\s/);
    assert.equal(await label('story'), 'egress-gateway');
  });

  test('Programmed without a pod that is ready is told', async () => {
    await cluster.kubectl(['scale', 'deployment/egress-gateway', '-n', 'story', '--replicas=0']);
    await cluster.kubectl(['wait', 'deployment/egress-gateway', '-n', 'story', '--for=jsonpath={.spec.replicas}=0']);
    await cluster.kubectl(['wait', 'pod', '-n', 'story', '--all', '--for=delete', '--timeout=20s']);
    const verified = await verifyProvision(run, request('story'), { timeoutMs: 5000 });
    assert.equal(verified.outcome, 'programmed');
    assert.deepEqual(
      verified.notices.map(({ code }) => code),
      ['no-ready-pod'],
    );
  });

  async function runFix(command: Command | undefined): Promise<void> {
    assert.ok(command);
    const result = await run(command, { timeoutMs: 10_000 });
    assert.equal(result.code, 0, result.stderr);
  }
});
