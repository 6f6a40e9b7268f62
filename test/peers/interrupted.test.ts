// What goes wrong in the middle, on a real cluster: the API server dies between two objects, a person stops at any step, istioctl hangs,
// a namespace vanishes, the webhook says no. After each the words must say what was done, what was not, and the way on and back.
import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { applyPlanned, type ApplyReport } from '../../server/src/cluster/apply/apply-manifests.ts';
import { planApply, type ApplyPlan } from '../../server/src/cluster/apply/apply-plan.ts';
import { applyProvision } from '../../server/src/cluster/provision/apply-provision.ts';
import type { Run } from '../../server/src/cluster/tools/command.ts';
import { deleteGateway, planDelete } from '../../server/src/cluster/provision/delete-gateway.ts';
import { planProvision, type ProvisionPlan } from '../../server/src/cluster/provision/provision.ts';
import { readSnapshot } from '../../server/src/cluster/snapshot/snapshot.ts';
import { undoApply } from '../../server/src/cluster/apply/undo-apply.ts';
import { undoProvision } from '../../server/src/cluster/provision/undo-provision.ts';
import { verifyProvision } from '../../server/src/cluster/provision/verify-provision.ts';
import { nodeRun } from '../../server/src/host/node/run.ts';
import { peers, startCluster, type Cluster } from '../kit/peers.ts';
import { stopApiServer } from './api-server.ts';
import type { Manifest } from '../../server/src/model/manifest.ts';

const found = peers();

const entry = (name: string, namespace = 'egress', protocol = 'HTTP'): Manifest => ({
  id: name,
  kind: 'ServiceEntry',
  namespace,
  name,
  errors: [],
  text: JSON.stringify({
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name, namespace },
    spec: { hosts: [`${name}.example.com`], resolution: 'DNS', ports: [{ number: 80, name: 'http', protocol }] },
  }),
});
const space = (name: string): Manifest => ({
  id: name,
  kind: 'Namespace',
  namespace: '',
  name,
  errors: [],
  text: JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }),
});

describe('interrupted on a real cluster', { skip: found.available ? false : found.why, timeout: 500_000 }, () => {
  let cluster: Cluster;
  let run: Run;
  before(async () => {
    cluster = await startCluster();
    run = nodeRun({ env: cluster.env });
    for (const name of ['egress', 'hanging', 'stopped', 'leaving'])
      await cluster.kubectl(['create', 'namespace', name]);
  });
  after(() => cluster?.stop());

  const names = async (): Promise<string> =>
    (await cluster.kubectl(['get', 'serviceentries', '-A', '-o', 'jsonpath={.items[*].metadata.name}']))
      .split(' ')
      .filter((name) => name !== '')
      .sort()
      .join(' ');
  const plan = async (...items: readonly Manifest[]): Promise<ApplyPlan> => {
    const planned = await planApply(run, { context: 'local', tools: cluster.tools, items });
    return planned.ok ? planned.value : assert.fail(planned.problem.message);
  };
  const provision = async (namespace: string, tools = cluster.tools): Promise<ProvisionPlan> => {
    const planned = await planProvision(run, { context: 'local', tools, namespace, name: 'gate', enroll: true });
    return planned.ok ? planned.value : assert.fail(planned.problem.message);
  };
  /** Runs `before` ahead of the command of that number (from 1) that writes something. */
  const beforeWrite = (number: number, before: () => Promise<void> | void): Run => {
    let writes = 0;
    return async (command, options) => {
      if (isWrite(command.args) && ++writes === number) await before();
      return run(command, options);
    };
  };

  test('a person stops at any step of applying: what the report says is what the cluster holds', async (t) => {
    const items = [entry('first'), entry('second')];
    const steps = await countCommands((counting) => carry(counting, items));
    t.diagnostic(`${steps} commands`);
    for (let at = 1; at <= steps; at++) {
      const stop = new AbortController();
      const report = await carry(stopping(run, at, stop), items, stop.signal);
      const applied =
        report === undefined
          ? ''
          : report.items
              .filter(({ outcome }) => outcome === 'applied')
              .map(({ planned }) => planned.item.name)
              .join(' ');
      assert.equal(await names(), applied, `stopped before command ${at}: ${report?.message}`);
      if (report === undefined) continue;
      assert.match(
        report.message,
        report.outcome === 'refused'
          ? /stopped\. (Nothing was changed|No more commands are run)/
          : /To finish, .* To go back, undo/,
        report.message,
      );
      if (applied !== '') assert.equal((await undoApply(run, report.plan, report)).outcome, 'applied');
      assert.equal(await names(), '');
    }
  });

  /** Plans and applies; undefined where planning was stopped. */
  async function carry(
    through: Run,
    items: readonly Manifest[],
    signal?: AbortSignal,
  ): Promise<(ApplyReport & { readonly plan: ApplyPlan }) | undefined> {
    const planned = await planApply(through, { context: 'local', tools: cluster.tools, items }, { signal });
    if (!planned.ok) {
      assert.equal(planned.problem.kind, 'cancelled');
      return undefined;
    }
    return { ...(await applyPlanned(through, planned.value, { signal })), plan: planned.value };
  }

  async function countCommands(
    task: (through: Run) => Promise<(ApplyReport & { readonly plan: ApplyPlan }) | undefined>,
  ): Promise<number> {
    let count = 0;
    const report = await task((command, options) => {
      count++;
      return run(command, options);
    });
    assert.equal(report?.outcome, 'applied');
    assert.equal((await undoApply(run, report.plan, report)).outcome, 'applied');
    return count;
  }

  test('a person stops in the middle of undoing, and undoes again', async () => {
    const planned = await plan(entry('first'), entry('second'));
    const report = await applyPlanned(run, planned);
    const stop = new AbortController();
    const half = await undoApply(
      beforeWrite(2, () => stop.abort()),
      planned,
      report,
      { signal: stop.signal },
    );
    assert.match(half.message, /Restored: ServiceEntry egress\/second\. .*ServiceEntry egress\/first\./);
    assert.equal(await names(), 'first');
    assert.equal(
      (await undoApply(run, planned, report)).message,
      'Restored: ServiceEntry egress/second, ServiceEntry egress/first.',
    );
    assert.equal(await names(), '');
  });

  test('the webhook says no to the second: told, and undone', async () => {
    const planned = await plan(space('fresh'), entry('bad', 'fresh', 'NOPE'), entry('third'));
    assert.deepEqual(
      planned.items.map(({ change }) => change),
      ['create', 'after-namespace', 'create'],
    );
    const report = await applyPlanned(run, planned);
    assert.match(
      report.message,
      /^The cluster's admission check "rev\.validation\.istio\.io" refused the change\. .* Applied: Namespace fresh\. Not applied: ServiceEntry fresh\/bad\. Not started: ServiceEntry egress\/third\. To finish, .* To go back, undo/,
    );
    assert.match(report.problem?.details ?? '', /unsupported protocol: NOPE/);
    assert.equal((await undoApply(run, planned, report)).message, 'Restored: Namespace fresh.');
  });

  test('a namespace vanishes between plan and application', async () => {
    const planned = await plan(entry('late', 'leaving'));
    const gate = await provision('leaving');
    // Without the controller of namespaces one that is deleted never goes by itself.
    await cluster.kubectl(['delete', 'namespace', 'leaving', '--wait=false']);
    await cluster.kubectl(
      ['replace', '--raw', '/api/v1/namespaces/leaving/finalize', '-f', '-'],
      JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'leaving' }, spec: { finalizers: [] } }),
    );
    const report = await applyPlanned(run, planned);
    assert.match(
      report.message,
      /^The cluster has no namespace "leaving"\. .*Not applied: ServiceEntry leaving\/late\./,
    );
    const applied = await applyProvision(run, gate);
    assert.equal(applied.message, 'The cluster has no namespace "leaving". No change was reported.');
    const verified = await verifyProvision(run, gate.request, { timeoutMs: 200, pollMs: 100 });
    assert.deepEqual(
      verified.notices.map(({ message }) => message),
      ['Namespace leaving no longer exists.'],
    );
    assert.equal((await undoProvision(run, gate)).message, 'Nothing to undo.');
    const seen = await readSnapshot(run, { context: 'local', tools: cluster.tools, namespaces: ['leaving'] });
    assert.equal(!seen.ok && seen.problem.message, 'The cluster of context "local" has no namespace "leaving".');
  });

  test('istioctl hangs: while planning, and after it applied the Gateway', async () => {
    const script = (name: string, body: string): string => {
      const file = path.join(cluster.folder, name);
      writeFileSync(file, `#!/bin/sh\n${body}\n`);
      chmodSync(file, 0o755);
      return file;
    };
    const deaf = script('istioctl-deaf', 'sleep 600');
    const began = Date.now();
    const planned = await planProvision(
      run,
      {
        context: 'local',
        tools: { ...cluster.tools, istioctl: deaf },
        namespace: 'hanging',
        name: 'gate',
        enroll: true,
      },
      { timeoutMs: 3000 },
    );
    assert.equal(!planned.ok && planned.problem.message, 'istioctl did not finish in time.');
    assert.ok(Date.now() - began < 20_000);
    const half = script(
      'istioctl-half',
      `case "$*" in *"waypoint apply"*) ${cluster.tools.istioctl} waypoint apply --name=gate --context=local --namespace=hanging; sleep 600 ;; *) exec ${cluster.tools.istioctl} "$@" ;; esac`,
    );
    const gate = await provision('hanging', { ...cluster.tools, istioctl: half });
    const applied = await applyProvision(run, gate, { timeoutMs: 8000 });
    assert.equal(
      applied.message,
      'istioctl did not finish in time. Gateway hanging/gate was applied before the failure; istioctl did not report that the namespace was enrolled.',
    );
    const undone = await undoProvision(run, gate);
    assert.equal(undone.message, 'Gateway hanging/gate was deleted.');
    const silent = await applyProvision(
      run,
      { ...gate, command: { file: deaf, args: gate.command.args } },
      { timeoutMs: 1000 },
    );
    assert.equal(
      silent.message,
      'istioctl did not finish in time. It is unknown whether Gateway hanging/gate was applied; check the cluster.',
    );
  });

  test('a person stops before a label is put back, and while a Gateway is deleted', async () => {
    const gate = await provision('stopped');
    assert.equal((await applyProvision(run, gate)).outcome, 'applied');
    const stop = new AbortController();
    const undone = await undoProvision(
      beforeWrite(2, () => stop.abort()),
      gate,
      { signal: stop.signal },
    );
    assert.equal(undone.outcome, 'partly');
    assert.match(
      undone.message,
      /The label istio\.io\/use-waypoint was removed from namespace stopped\..*Gateway stopped\/gate.* To finish, fix the problem and undo again/,
    );
    const planned = await planDelete(run, {
      context: 'local',
      tools: cluster.tools,
      namespace: 'stopped',
      name: 'gate',
    });
    assert.ok(planned.ok);
    const early = await deleteGateway(run, planned.value, { signal: AbortSignal.abort() });
    assert.deepEqual([early.outcome, early.problem?.kind], ['refused', 'cancelled']);
    assert.equal((await undoProvision(run, gate)).message, 'Gateway stopped/gate was deleted.');
  });

  // The last one: istiod and the webhook need a while after it.
  test('the API server dies between two objects, and comes back', async () => {
    const planned = await plan(entry('first'), entry('second'), entry('third'));
    let restart = async (): Promise<void> => assert.fail('it was not stopped');
    const report = await applyPlanned(
      beforeWrite(2, async () => {
        restart = await stopApiServer(cluster);
      }),
      planned,
    );
    assert.deepEqual(
      report.items.map(({ outcome }) => outcome),
      ['applied', 'unknown', 'not-tried'],
    );
    assert.match(
      report.message,
      /^The cluster of context "local" cannot be reached\. Check that the cluster runs .* Applied: ServiceEntry egress\/first\. Unknown, check the cluster: ServiceEntry egress\/second\. Not started: ServiceEntry egress\/third\. To finish, fix the problem and apply again; .* To go back, undo\.$/,
    );
    const dead = await undoApply(run, planned, report);
    assert.match(
      dead.message,
      /cannot be reached\..* Not restored: ServiceEntry egress\/second, ServiceEntry egress\/first\.$/,
    );
    await restart();
    assert.equal(await names(), 'first');
    assert.equal(
      (await undoApply(run, planned, report)).message,
      'Restored: ServiceEntry egress/second, ServiceEntry egress/first.',
    );
    assert.equal(await names(), '');
  });
});

function isWrite(args: readonly string[]): boolean {
  return (
    ['apply', 'replace', 'delete', 'label'].some((verb) => args.includes(verb)) &&
    !args.some((word) => word.startsWith('--dry-run'))
  );
}

/** Fires the signal before the command of that number (from 1) runs. */
function stopping(run: Run, at: number, stop: AbortController): Run {
  let count = 0;
  return (command, options) => {
    if (++count === at) stop.abort();
    return run(command, options);
  };
}
