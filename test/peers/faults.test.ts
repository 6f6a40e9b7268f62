// What stands in the way from the start, on a real cluster: rights that are missing, an expired login, kubeconfigs of several files,
// a context that leads elsewhere, an old istioctl, definitions that are not installed, and a cluster with 2,000 entries.
import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { applyPlanned } from '../../server/src/cluster/apply/apply-manifests.ts';
import { planApply } from '../../server/src/cluster/apply/apply-plan.ts';
import { applyProvision } from '../../server/src/cluster/provision/apply-provision.ts';
import type { Run } from '../../server/src/cluster/tools/command.ts';
import { readContexts } from '../../server/src/cluster/tools/contexts.ts';
import { deleteGateway, planDelete } from '../../server/src/cluster/provision/delete-gateway.ts';
import { readDrift, type FileObject } from '../../server/src/cluster/snapshot/drift.ts';
import type { Problem } from '../../server/src/cluster/tools/problem.ts';
import { planProvision, type ProvisionPlan } from '../../server/src/cluster/provision/provision.ts';
import { readSnapshot } from '../../server/src/cluster/snapshot/snapshot.ts';
import type { Tools } from '../../server/src/cluster/tools/target.ts';
import { undoApply } from '../../server/src/cluster/apply/undo-apply.ts';
import { undoProvision } from '../../server/src/cluster/provision/undo-provision.ts';
import { nodeRun } from '../../server/src/host/node/run.ts';
import { peers, startCluster, type Cluster } from '../kit/peers.ts';
import type { Manifest } from '../../server/src/model/manifest.ts';

const found = peers();
const verbs = ['get', 'list', 'create', 'update', 'patch', 'delete'] as const;

const object = (name: string, resolution = 'DNS') => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'ServiceEntry',
  metadata: { name, namespace: 'egress' },
  spec: { hosts: [`${name}.example.com`], resolution, ports: [{ number: 80, name: 'http', protocol: 'HTTP' }] },
});
const entry = (name: string, resolution = 'DNS'): Manifest => ({
  id: name,
  kind: 'ServiceEntry',
  namespace: 'egress',
  name,
  errors: [],
  text: JSON.stringify(object(name, resolution)),
});

describe('a real cluster that is in the way', { skip: found.available ? false : found.why, timeout: 500_000 }, () => {
  let cluster: Cluster;
  let run: Run;
  let tools: Tools;
  before(async () => {
    cluster = await startCluster();
    run = nodeRun({ env: cluster.env, maxOutput: 256 * 1024 * 1024 });
    tools = cluster.tools;
    await cluster.kubectl(['create', 'namespace', 'egress']);
    await cluster.kubectl([
      'create',
      'rolebinding',
      'guest',
      '-n',
      'egress',
      '--clusterrole=guest-does',
      '--user=guest',
    ]);
    await cluster.kubectl(['create', 'clusterrole', 'guest-reads', '--verb=get', '--resource=namespaces']);
    await cluster.kubectl(['create', 'clusterrolebinding', 'guest-reads', '--clusterrole=guest-reads', '--user=guest']);
  });
  after(() => cluster?.stop());

  const guest = () => ({ context: 'local-guest', tools });
  /** The guest may do all of these with ServiceEntries and Gateways of namespace egress, and nothing else. */
  const allow = (allowed: readonly string[]) =>
    cluster.kubectl(
      ['apply', '-f', '-'],
      JSON.stringify({
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        metadata: { name: 'guest-does' },
        rules: [
          {
            apiGroups: ['networking.istio.io', 'gateway.networking.k8s.io'],
            resources: ['serviceentries', 'gateways'],
            verbs: allowed,
          },
        ],
      }),
    );
  const problemOf = (outcome: { readonly ok: boolean; readonly problem?: Problem }): string =>
    outcome.ok ? assert.fail('expected a problem') : `${outcome.problem!.message}`;

  test('each verb that is missing is named, and nothing is half done', async () => {
    const said: Record<string, string> = {};
    for (const verb of verbs) {
      await cluster.kubectl(['delete', 'serviceentries', '--all', '-n', 'egress']);
      await cluster.kubectl(['apply', '--server-side', '--field-manager=istio-egress', '-f', '-'], entry('old').text);
      await allow(verbs.filter((one) => one !== verb));
      const planned = await planApply(run, { ...guest(), items: [entry('fresh'), entry('old', 'NONE')] });
      const plan = planned.ok ? planned.value : assert.fail(problemOf(planned));
      const report = await applyPlanned(run, plan);
      const undone = await undoApply(run, plan, report);
      const left = await cluster.kubectl([
        'get',
        'serviceentries',
        '-n',
        'egress',
        '-o',
        'jsonpath={range .items[*]}{.metadata.name} {.spec.resolution},{end}',
      ]);
      said[verb] =
        `${plan.items.map(({ change }) => change).join(' ')} | ${report.message} | ${undone.message} | ${left}`;
    }
    const nothing = (verb: string, name: string) =>
      `ServiceEntry egress/${name}: You (user "guest") have no permission to ${verb} serviceentries in the cluster. Nothing was changed. Ask an administrator of the cluster for this permission, or choose a context that has it. | Nothing to undo. | old DNS,`;
    const all =
      'Applied: ServiceEntry egress/fresh, ServiceEntry egress/old. | Restored: ServiceEntry egress/old, ServiceEntry egress/fresh. | old DNS,';
    assert.deepEqual(said, {
      get: `unknown unknown | ${nothing('get', 'fresh')}`,
      list: `create change | ${all}`,
      create: `refused change | ${nothing('create', 'fresh')}`,
      // Undoing a change is an update; what was made is deleted all the same.
      update:
        'create change | Applied: ServiceEntry egress/fresh, ServiceEntry egress/old. | You (user "guest") have no permission to update serviceentries in the cluster. Ask an administrator of the cluster for this permission, or choose a context that has it. Restored: ServiceEntry egress/fresh. Not restored: ServiceEntry egress/old. | old NONE,',
      patch: `refused refused | ${nothing('patch', 'fresh')}`,
      delete:
        'create change | Applied: ServiceEntry egress/fresh, ServiceEntry egress/old. | You (user "guest") have no permission to delete serviceentries in the cluster. Ask an administrator of the cluster for this permission, or choose a context that has it. Restored: ServiceEntry egress/old. Not restored: ServiceEntry egress/fresh. | fresh DNS,old DNS,',
    });
  });

  test('a waypoint that may be read but not deleted; a snapshot and a drift with few rights', async () => {
    await cluster.istioctl(['waypoint', 'apply', '--name=gate', '--namespace=egress']);
    await allow(['get', 'list']);
    const planned = await planDelete(run, { ...guest(), namespace: 'egress', name: 'gate' });
    const plan = planned.ok ? planned.value : assert.fail(problemOf(planned));
    assert.deepEqual(
      plan.unread.map(({ what }) => what),
      ['Namespaces', 'Services', 'ServiceEntries'],
      'in all namespaces',
    );
    const report = await deleteGateway(run, plan);
    assert.deepEqual(
      [
        report.outcome,
        report.message.startsWith('You (user "guest") have no permission to delete gateways in the cluster.'),
        /Gateway egress\/gate still exists\./.test(report.message),
      ],
      ['refused', true, true],
    );
    const seen = await readSnapshot(run, { ...guest(), namespaces: ['egress'] });
    assert.ok(seen.ok && seen.value.complete.includes('ServiceEntry') && !seen.value.complete.includes('Secret'));
    const files: readonly FileObject[] = [
      { id: 'old', kind: 'ServiceEntry', namespace: 'egress', name: 'old', object: object('old', 'NONE') },
    ];
    const [drift] = await readDrift(run, { snapshot: seen.value, tools, files, mayHoldMore: () => false });
    assert.deepEqual(
      drift?.what === 'not-compared' && drift.why,
      'You (user "guest") have no permission to patch serviceentries in the cluster.',
    );
    await allow(['get', 'list', 'patch']);
    const [patched] = await readDrift(run, { snapshot: seen.value, tools, files, mayHoldMore: () => false });
    assert.deepEqual(
      patched?.what === 'different' && patched.fields.map(({ path }) => path),
      ['spec.resolution'],
      'who may patch gets an answer too',
    );
  });

  const kubeconfig = (name: string, change: (text: string) => string): string => {
    const file = path.join(cluster.folder, name);
    writeFileSync(file, change(readFileSync(cluster.kubeconfig, 'utf8')));
    return file;
  };

  test('an expired login', async () => {
    const expired = nodeRun({
      env: { ...cluster.env, KUBECONFIG: kubeconfig('expired', (text) => text.replace('admin-token', 'old-token')) },
    });
    const seen = await readSnapshot(expired, { context: 'local', tools });
    assert.equal(problemOf(seen), 'The cluster of context "local" does not accept your credentials.');
    const planned = await planApply(expired, { context: 'local', tools, items: [entry('fresh')] });
    assert.equal(problemOf(planned), 'The cluster of context "local" does not accept your credentials.');
    assert.equal(
      problemOf(await planDelete(expired, { context: 'local', tools, namespace: 'egress', name: 'gate' })),
      'The cluster of context "local" does not accept your credentials.',
    );
  });

  test('several files in KUBECONFIG are one, and none is written', async () => {
    const second = kubeconfig('second', (text) =>
      text.replaceAll('local', 'other').replaceAll('admin,', 'chief,').replace('user: admin', 'user: chief'),
    );
    const files = `${cluster.kubeconfig}:${second}:/nowhere/at-all`;
    const both = nodeRun({ env: { ...cluster.env, KUBECONFIG: files } });
    const texts = () => [cluster.kubeconfig, second].map((file) => readFileSync(file, 'utf8'));
    const before = texts();
    const contexts = await readContexts(both, tools);
    assert.deepEqual(contexts.ok && [contexts.value.current, contexts.value.all.map(({ name }) => name).sort()], [
      'local',
      ['local', 'local-guest', 'other', 'other-guest'],
    ]);
    const planned = await planApply(both, { context: 'other', tools, items: [entry('two-files')] });
    const plan = planned.ok ? planned.value : assert.fail(problemOf(planned));
    const report = await applyPlanned(both, plan);
    assert.equal(report.message, 'Applied: ServiceEntry egress/two-files.');
    assert.equal((await undoApply(both, plan, report)).outcome, 'applied');
    assert.deepEqual(texts(), before);
  });

  test('a context that leads to another cluster, or to another user, since the plan: every write is refused', async () => {
    const file = kubeconfig('moving', (text) => text);
    const moving = nodeRun({ env: { ...cluster.env, KUBECONFIG: file } });
    const at = { context: 'local', tools };
    const manifests = await planApply(moving, { ...at, items: [entry('moved')] });
    const gate = await planProvision(moving, { ...at, namespace: 'egress', name: 'moved', enroll: true });
    const deletion = await planDelete(moving, { ...at, namespace: 'egress', name: 'gate' });
    assert.ok(manifests.ok && gate.ok && deletion.ok);
    for (const [change, words] of [
      [
        (text: string) => text.replace(/https:\/\/127\.0\.0\.1:\d+/, 'https://127.0.0.1:1'),
        /its server was https:\/\/127\.0\.0\.1:\d+ and is now https:\/\/127\.0\.0\.1:1\. Nothing was changed in the cluster\./,
      ],
      [
        (text: string) => text.replace('{cluster: local, user: admin}', '{cluster: local, user: guest}'),
        /its user was admin and is now guest\. Nothing was changed in the cluster\./,
      ],
    ] as const) {
      writeFileSync(file, change(readFileSync(cluster.kubeconfig, 'utf8')));
      const messages = [
        (await applyPlanned(moving, manifests.value)).message,
        (await applyProvision(moving, gate.value)).message,
        (await deleteGateway(moving, deletion.value)).message,
        (await undoProvision(moving, gate.value)).message,
        (
          await undoApply(moving, manifests.value, {
            outcome: 'applied',
            message: '',
            problem: undefined,
            items: manifests.value.items.map((planned) => ({ planned, outcome: 'applied' })),
          })
        ).message,
      ];
      for (const message of messages) assert.match(message, words);
    }
    assert.equal(
      await cluster.kubectl([
        'get',
        'serviceentries/moved',
        'gateways.gateway.networking.k8s.io/moved',
        '-n',
        'egress',
        '--ignore-not-found',
      ]),
      '',
    );
    assert.match(
      await cluster.kubectl(['get', 'gateways.gateway.networking.k8s.io', '-n', 'egress', '-o', 'name']),
      /\/gate\n$/,
    );
  });

  test('an istioctl that is older than the mesh, and one that knows no waypoints', async () => {
    const script = (name: string, body: string): Tools => {
      const file = path.join(cluster.folder, name);
      writeFileSync(file, `#!/bin/sh\n${body}\n`);
      chmodSync(file, 0o755);
      return { ...tools, istioctl: file };
    };
    await cluster.kubectl([
      'label',
      'configmap',
      'istio',
      '-n',
      'istio-system',
      'app.kubernetes.io/version=1.31.0',
      '--overwrite',
    ]);
    const plan = async (with_: Tools): Promise<ProvisionPlan> => {
      const planned = await planProvision(run, {
        context: 'local',
        tools: with_,
        namespace: 'egress',
        name: 'gate2',
        enroll: true,
      });
      return planned.ok ? planned.value : assert.fail(problemOf(planned));
    };
    const old = await plan(
      script(
        'istioctl-old',
        `case "$1" in version) echo '{"clientVersion":{"version":"1.26.2"}}' ;; *) exec ${tools.istioctl} "$@" ;; esac`,
      ),
    );
    assert.deepEqual(
      old.warnings.filter(({ code }) => code === 'istioctl-older').map(({ message }) => message),
      ['istioctl 1.26.2 is older than the mesh (1.31.0).'],
    );
    assert.ok(!(await plan(tools)).warnings.some(({ code }) => code === 'istioctl-older'));
    const ancient = await planProvision(run, {
      context: 'local',
      tools: script('istioctl-ancient', 'echo "Error: unknown command \\"waypoint\\" for \\"istioctl\\"" >&2; exit 1'),
      namespace: 'egress',
      name: 'gate2',
      enroll: true,
    });
    assert.equal(problemOf(ancient), 'This version does not support "waypoint".');
  });

  test('a definition that is not installed: unknown, not absent', async () => {
    await cluster.kubectl(['delete', 'crd', 'telemetries.telemetry.istio.io']);
    const seen = await readSnapshot(run, { context: 'local', tools });
    assert.ok(seen.ok);
    assert.deepEqual(
      seen.value.unread.map(({ kind, problem }) => [kind, problem.message]),
      [['Telemetry', 'The cluster of context "local" does not serve telemetries.telemetry.istio.io.']],
    );
    assert.ok(!seen.value.complete.includes('Telemetry'));
    const text = JSON.stringify({
      apiVersion: 'telemetry.istio.io/v1',
      kind: 'Telemetry',
      metadata: { name: 'log', namespace: 'egress' },
      spec: {},
    });
    // kubectl asks for all definitions anew when it does not know a kind, which takes its time on a busy machine.
    const planned = await planApply(
      run,
      {
        context: 'local',
        tools,
        items: [{ id: 't', kind: 'Telemetry', namespace: 'egress', name: 'log', text, errors: [] }],
      },
      { timeoutMs: 90_000 },
    );
    assert.deepEqual(
      planned.ok ? planned.value.items.map(({ change, problem }) => [change, problem?.message]) : planned.problem,
      [['refused', 'The cluster does not serve Telemetry: its custom resource definition is not installed.']],
    );
  });

  test('a kubectl that is not there, in everything that needs it', async () => {
    const without = { ...tools, kubectl: '/nowhere/kubectl' };
    const at = { context: 'local', tools: without };
    const outcomes = [
      await readContexts(run, without),
      await readSnapshot(run, at),
      await planApply(run, { ...at, items: [entry('x')] }),
      await planDelete(run, { ...at, namespace: 'egress', name: 'gate' }),
    ];
    for (const outcome of outcomes)
      assert.equal(problemOf(outcome), 'kubectl cannot be run: /nowhere/kubectl was not found.');
  });

  test('2,000 ServiceEntries', async (t) => {
    const items = Array.from({ length: 2000 }, (_, i) => object(`many-${i}`));
    await cluster.kubectl(['create', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    const began = performance.now();
    const seen = await readSnapshot(run, { context: 'local', tools });
    assert.ok(seen.ok && seen.value.objects.filter(({ name }) => name.startsWith('many-')).length === 2000);
    t.diagnostic(`snapshot with 2,000 ServiceEntries: ${Math.round(performance.now() - began)} ms`);
  });
});
