// Looking at a real cluster and changing it: snapshot, statuses, drift, manifests applied and undone, a waypoint provisioned,
// undone and deleted. API server, istiod with its webhook, istioctl and kubectl are the real ones; there are no pods.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { applyPlanned } from '../../server/src/cluster/apply/apply-manifests.ts';
import { planApply, type ApplyPlan } from '../../server/src/cluster/apply/apply-plan.ts';
import { applyProvision } from '../../server/src/cluster/provision/apply-provision.ts';
import type { Run } from '../../server/src/cluster/tools/command.ts';
import { deleteGateway, planDelete, type DeletePlan } from '../../server/src/cluster/provision/delete-gateway.ts';
import { readDrift, type Drift, type FileObject } from '../../server/src/cluster/snapshot/drift.ts';
import { planProvision, type ProvisionPlan } from '../../server/src/cluster/provision/provision.ts';
import { readSnapshot, type Snapshot } from '../../server/src/cluster/snapshot/snapshot.ts';
import { statusFindings } from '../../server/src/cluster/snapshot/statuses.ts';
import { undoApply } from '../../server/src/cluster/apply/undo-apply.ts';
import { planUndo, undoProvision } from '../../server/src/cluster/provision/undo-provision.ts';
import { watchSnapshot } from '../../server/src/cluster/snapshot/watch-snapshot.ts';
import { nodeRun } from '../../server/src/host/node/run.ts';
import { peers, startCluster, type Cluster } from '../kit/peers.ts';
import { until } from '../kit/until.ts';
import type { Manifest } from '../../server/src/model/manifest.ts';

const found = peers();

const entry = (name: string, spec: object = {}, more: object = {}) => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'ServiceEntry',
  metadata: { name, namespace: 'egress', ...more },
  spec: {
    hosts: [`${name}.example.com`],
    resolution: 'DNS',
    ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
    ...spec,
  },
});
const item = (object: ReturnType<typeof entry>, errors: readonly string[] = []): Manifest => ({
  id: object.metadata.name,
  kind: object.kind,
  namespace: 'egress',
  name: object.metadata.name,
  text: JSON.stringify(object),
  errors,
});

describe('a real cluster', { skip: found.available ? false : found.why, timeout: 400_000 }, () => {
  let cluster: Cluster;
  let run: Run;
  before(async () => {
    cluster = await startCluster();
    run = nodeRun({ env: cluster.env, maxOutput: 64 * 1024 * 1024 });
    await cluster.kubectl(['create', 'namespace', 'egress']);
  });
  after(() => cluster?.stop());

  const tools = () => ({ context: 'local', tools: cluster.tools });
  const apply = (...objects: readonly object[]) =>
    cluster.kubectl(['apply', '-f', '-'], objects.map((one) => JSON.stringify(one)).join('\n'));
  const get = async (what: string, path: string, namespace = 'egress') =>
    cluster.kubectl(['get', what, '-n', namespace, '--ignore-not-found', '-o', `jsonpath={${path}}`]);
  const snapshot = async (more: object = {}): Promise<Snapshot> => {
    const read = await readSnapshot(run, { ...tools(), ...more });
    return read.ok ? read.value : assert.fail(`${read.problem.message} ${read.problem.details}`);
  };
  const plan = async (...items: readonly Manifest[]): Promise<ApplyPlan> => {
    const planned = await planApply(run, { ...tools(), items });
    return planned.ok ? planned.value : assert.fail(`${planned.problem.message} ${planned.problem.details}`);
  };

  test('a snapshot: kinds in scope, of Secrets the names of keys, of istiod its version', async () => {
    await cluster.kubectl([
      'create',
      'secret',
      'generic',
      'hidden',
      '-n',
      'egress',
      '--from-literal=tls.key=DO-NOT-READ',
    ]);
    await apply(entry('seen'));
    const seen = await snapshot();
    const named = (kind: string, name: string) => seen.objects.find((one) => one.kind === kind && one.name === name);
    assert.ok(named('ServiceEntry', 'seen') && named('Namespace', 'egress') && named('GatewayClass', 'istio-waypoint'));
    assert.deepEqual(named('Secret', 'hidden')?.object, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { namespace: 'egress', name: 'hidden' },
      type: 'Opaque',
      data: { 'tls.key': '' },
    });
    assert.doesNotMatch(JSON.stringify(seen), /DO-NOT-READ|RE8tTk9ULVJFQUQ/);
    assert.deepEqual([seen.unread.map(({ kind }) => kind).sort(), seen.complete.includes('ServiceEntry')], [[], true]);
    assert.match(seen.controlPlane.meshText ?? '', /\w/);
    const one = await snapshot({ namespaces: ['egress'] });
    assert.ok(one.objects.every(({ namespace }) => namespace === '' || namespace === 'egress'));
    const gone = await readSnapshot(run, { ...tools(), namespaces: ['nowhere'] });
    assert.equal(!gone.ok && gone.problem.message, 'The cluster of context "local" has no namespace "nowhere".');
  });

  test('who may list only some kinds gets these, and the others are unknown, not absent', async () => {
    await cluster.kubectl([
      'create',
      'clusterrole',
      'sees-entries',
      '--verb=list',
      '--resource=namespaces,serviceentries.networking.istio.io',
    ]);
    await cluster.kubectl(['create', 'clusterrolebinding', 'guest-sees', '--clusterrole=sees-entries', '--user=guest']);
    const seen = await snapshot({ context: 'local-guest' });
    assert.ok(seen.objects.some(({ kind }) => kind === 'ServiceEntry'));
    assert.ok(
      !seen.complete.includes('Secret') &&
        !seen.complete.includes('DestinationRule') &&
        seen.complete.includes('ServiceEntry'),
    );
    assert.deepEqual([...new Set(seen.unread.map(({ problem }) => problem.kind))], ['forbidden']);
  });

  test('a snapshot that is kept fresh tells of what comes, once', async () => {
    const stop = new AbortController();
    const reported: string[] = [];
    const watch = watchSnapshot(
      run,
      { ...tools(), namespaces: ['egress'] },
      {
        signal: stop.signal,
        everyMs: 60_000,
        onProblem: ({ message }) => assert.fail(message),
        onSnapshot: ({ objects }) =>
          reported.push(
            objects
              .filter(({ kind }) => kind === 'ServiceEntry')
              .map(({ name }) => name)
              .join(),
          ),
      },
    );
    await until(
      async () => reported.length,
      (n) => n === 1,
    );
    await apply(entry('arrived'));
    watch.refresh();
    await until(
      async () => reported,
      (all) => all.at(-1) === 'arrived,seen',
    );
    stop.abort();
    await watch.ended;
    assert.equal(reported[0], 'seen');
    await cluster.kubectl(['delete', 'serviceentry', 'arrived', '-n', 'egress']);
  });

  test('statuses are findings of their own, with a time', async () => {
    await apply(entry('astray', {}, { labels: { 'istio.io/use-waypoint': 'nobody' } }));
    const findings = await until(
      async () => statusFindings(await snapshot()).filter(({ name }) => name === 'astray'),
      (all) => all.length > 0,
    );
    assert.deepEqual(
      findings.map(({ code, severity, reason }) => [code, severity, reason]),
      [['status-waypoint-bound', 'warning', 'WaypointIsNotReady']],
    );
    assert.match(
      findings[0]!.message,
      /^In cluster local, ServiceEntry egress\/astray: WaypointBound is False \(WaypointIsNotReady\).*\[since \d{4}.*Z, read \d{4}.*Z\]$/s,
    );
    await cluster.kubectl(['delete', 'serviceentry', 'astray', '-n', 'egress']);
  });

  test('drift: missing, different, only there; what the API server adds is no difference', async () => {
    const file = (object: ReturnType<typeof entry>): FileObject => ({
      id: object.metadata.name,
      kind: 'ServiceEntry',
      namespace: 'egress',
      name: object.metadata.name,
      object,
    });
    await apply(entry('same'), entry('changed'), entry('extra'));
    await cluster.kubectl([
      'annotate',
      'serviceentry',
      'same',
      '-n',
      'egress',
      'meta.helm.sh/release-name=x',
      'argocd.argoproj.io/tracking-id=y',
    ]);
    const files = [
      file(entry('same')),
      file(entry('changed', { resolution: 'STATIC', endpoints: [{ address: '192.0.2.1' }] })),
      file(entry('missing')),
      file(entry('seen')),
    ];
    const reported = (
      await readDrift(run, { snapshot: await snapshot(), tools: cluster.tools, files, mayHoldMore: () => false })
    ).map(short);
    assert.deepEqual(reported, [
      'different changed spec.endpoints spec.resolution',
      'missing missing',
      'only there extra',
    ]);
    await cluster.kubectl(['delete', 'serviceentry', 'same', 'changed', 'extra', '-n', 'egress']);
  });

  test('manifests: planned, applied, undone; what somebody changed since is left', async () => {
    await apply(entry('old'));
    const before = await get('serviceentry/old', '.spec');
    const planned = await plan(item(entry('fresh')), item(entry('old', { resolution: 'NONE' })));
    assert.deepEqual(
      planned.items.map(({ change }) => change),
      ['create', 'conflict'],
      'kubectl apply manages the field',
    );
    assert.match(planned.items[1]?.conflicts[0]?.manager ?? '', /kubectl-client-side-apply/);
    assert.equal((await applyPlanned(run, planned)).outcome, 'refused');
    assert.equal(await get('serviceentry/fresh', '.metadata.name'), '');
    const report = await applyPlanned(run, planned, { takeOver: new Set(['old']) });
    assert.equal(report.message, 'Applied: ServiceEntry egress/fresh, ServiceEntry egress/old.');
    assert.equal(await get('serviceentry/old', '.spec.resolution'), 'NONE');
    const undone = await undoApply(run, planned, report);
    assert.equal(undone.message, 'Restored: ServiceEntry egress/old, ServiceEntry egress/fresh.');
    assert.deepEqual(
      [await get('serviceentry/old', '.spec'), await get('serviceentry/fresh', '.metadata.name')],
      [before, ''],
    );

    const again = await plan(item(entry('fresh')));
    const second = await applyPlanned(run, again);
    await cluster.kubectl([
      'patch',
      'serviceentry',
      'fresh',
      '-n',
      'egress',
      '--type=merge',
      '--field-manager=colleague',
      '-p',
      '{"spec":{"location":"MESH_INTERNAL"}}',
    ]);
    const kept = await undoApply(run, again, second);
    assert.match(
      kept.message,
      /ServiceEntry egress\/fresh was changed after that \(it is also written by colleague\)\. It was not changed\./,
    );
    assert.equal(await get('serviceentry/fresh', '.spec.location'), 'MESH_INTERNAL');
  });

  test('a field that the file no longer has stays where somebody else gave it, which is told', async () => {
    await apply(entry('lasting', { exportTo: ['.'] }));
    const planned = await plan(item(entry('lasting')));
    assert.deepEqual(
      planned.items.map(({ change, kept }) => [change, kept]),
      [['unchanged', ['spec.exportTo']]],
    );
    assert.equal(
      (await applyPlanned(run, planned)).message,
      'Nothing to change. Not in the file, but kept because another manager set it: ServiceEntry egress/lasting spec.exportTo.',
    );
    await cluster.kubectl(['delete', 'serviceentry', 'lasting', '-n', 'egress']);
  });

  test('drift of what istioctl, kubectl and the API server fill in: none', async () => {
    await cluster.kubectl(['create', 'namespace', 'filled']);
    assert.equal((await applyProvision(run, await provision('filled'))).outcome, 'applied');
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'filled' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
    };
    const policy = {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: 'p', namespace: 'filled' },
      spec: { targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'gate' }], rules: [{}] },
    };
    await apply(service, policy);
    const gateway = {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name: 'gate', namespace: 'filled' },
      spec: { gatewayClassName: 'istio-waypoint', listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE' }] },
    };
    const space = (labels: object) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'filled', labels } });
    const file = (kind: FileObject['kind'], object: { readonly metadata: { readonly name: string } }): FileObject => ({
      id: kind,
      kind,
      namespace: kind === 'Namespace' ? '' : 'filled',
      name: object.metadata.name,
      object,
    });
    await until(
      () => get('service/gate', '.metadata.name', 'filled'),
      (name) => name === 'gate',
    );
    const drift = async (labels: object) =>
      (
        await readDrift(run, {
          snapshot: await snapshot(),
          tools: cluster.tools,
          files: [
            file('Namespace', space(labels)),
            file('Gateway', gateway),
            file('Service', service),
            file('AuthorizationPolicy', policy),
          ],
          mayHoldMore: () => false,
        })
      ).map(short);
    assert.deepEqual(await drift({ 'istio.io/use-waypoint': 'gate' }), []);
    assert.deepEqual(await drift({}), ['different filled metadata.labels["istio.io/use-waypoint"]']);
  });

  test('findings of severity error, a refusing webhook, and an unchanged object', async () => {
    const planned = await plan(
      item(entry('wrong', { ports: [{ number: 80, name: 'http', protocol: 'NOPE' }] })),
      item(entry('doubtful'), ['It does nothing.']),
      item(entry('fresh', { location: 'MESH_INTERNAL' })),
    );
    assert.deepEqual(
      planned.items.map(({ change, problem }) => [change, problem?.kind]),
      [
        ['refused', 'refused'],
        ['create', undefined],
        ['unchanged', undefined],
      ],
    );
    assert.match(
      `${planned.items[0]?.problem?.message} ${planned.items[0]?.problem?.details}`,
      /admission check "rev\.validation\.istio\.io" refused the change\. .*unsupported protocol: NOPE/s,
    );
    assert.match(
      (await applyPlanned(run, planned, { chosen: new Set(['doubtful']) })).message,
      /has errors: It does nothing\. Nothing was changed/,
    );
    const report = await applyPlanned(run, planned, {
      chosen: new Set(['doubtful']),
      confirmed: new Set(['doubtful']),
    });
    assert.equal(report.outcome, 'applied');
  });

  const provision = async (namespace: string, more: object = {}): Promise<ProvisionPlan> => {
    const planned = await planProvision(run, { ...tools(), namespace, name: 'gate', enroll: true, ...more });
    return planned.ok ? planned.value : assert.fail(planned.problem.message);
  };
  const label = (namespace: string) => get(`namespace/${namespace}`, '.metadata.labels.istio\\.io/use-waypoint');

  test('provisioning is undone: the Gateway goes, the label is what it was', async () => {
    await cluster.kubectl(['create', 'namespace', 'undone']);
    await cluster.kubectl(['label', 'namespace', 'undone', 'istio.io/use-waypoint=earlier']);
    const planned = await provision('undone', { overwrite: true });
    assert.equal((await applyProvision(run, planned)).outcome, 'applied');
    await until(
      () => get('gateway.gateway.networking.k8s.io/gate', '.status.conditions[*].reason', 'undone'),
      (text) => text.includes('AddressNotAssigned'),
    );
    const undone = await undoProvision(run, planned);
    assert.equal(undone.message, 'Namespace undone uses the waypoint earlier again. Gateway undone/gate was deleted.');
    assert.deepEqual(
      [
        undone.outcome,
        await label('undone'),
        await get('gateway.gateway.networking.k8s.io/gate', '.metadata.name', 'undone'),
      ],
      ['undone', 'earlier', ''],
    );
    assert.equal((await undoProvision(run, planned)).message, 'Nothing to undo.');
  });

  test('what somebody changed after provisioning stays', async () => {
    await cluster.kubectl(['create', 'namespace', 'kept']);
    const planned = await provision('kept');
    assert.equal((await applyProvision(run, planned)).outcome, 'applied');
    await cluster.kubectl(['label', 'namespace', 'kept', 'istio.io/use-waypoint=mine', '--overwrite']);
    await cluster.kubectl([
      'label',
      'gateway.gateway.networking.k8s.io',
      'gate',
      '-n',
      'kept',
      'team=blue',
      '--field-manager=colleague',
    ]);
    const undo = await planUndo(run, planned);
    assert.ok(undo.ok && undo.value.wanted.length === 0);
    const undone = await undoProvision(run, planned);
    assert.equal(undone.outcome, 'partly');
    assert.match(
      undone.message,
      /^Namespace kept was not changed: after that, its label was changed to istio\.io\/use-waypoint: mine\. Gateway kept\/gate was not changed: it was changed after that \(also written by colleague\)\. Delete it yourself if it is not needed\.$/,
    );
    assert.equal(await label('kept'), 'mine');
  });

  test('deleting a gateway: who names it, then it and, where wished, the labels go', async () => {
    await cluster.kubectl(['create', 'namespace', 'going']);
    assert.equal((await applyProvision(run, await provision('going'))).outcome, 'applied');
    await apply(
      entry('bound', {}, { labels: { 'istio.io/use-waypoint': 'gate', 'istio.io/use-waypoint-namespace': 'going' } }),
      entry('elsewhere', {}, { labels: { 'istio.io/use-waypoint': 'gate' } }),
    );
    const wanted = await planDelete(run, { ...tools(), namespace: 'going', name: 'gate' });
    const planned: DeletePlan = wanted.ok ? wanted.value : assert.fail(wanted.problem.message);
    assert.deepEqual(
      planned.labelled.map(({ kind, name }) => `${kind} ${name}`),
      ['Namespace going', 'ServiceEntry bound'],
    );
    assert.deepEqual(
      planned.warnings.map(({ code }) => code),
      ['still-named'],
    );
    assert.match(planned.manifest, /^apiVersion: gateway\.networking\.k8s\.io\/v1\nkind: Gateway\n/);
    const report = await deleteGateway(run, planned, { removeLabels: true });
    assert.equal(report.outcome, 'deleted', report.message);
    assert.match(
      report.message,
      /^Namespace going no longer refers to it\. ServiceEntry egress\/bound no longer refers to it\. Gateway going\/gate was deleted\. To go back, apply its manifest again/,
    );
    assert.deepEqual(
      [
        await label('going'),
        await get('serviceentry/bound', '.metadata.labels.istio\\.io/use-waypoint'),
        await get('gateway.gateway.networking.k8s.io/gate', '.metadata.name', 'going'),
      ],
      ['', '', ''],
    );
    const gone = await deleteGateway(run, planned);
    assert.match(gone.message, /was already deleted\. Nothing was changed\./);
    const none = await planDelete(run, { ...tools(), namespace: 'going', name: 'gate' });
    assert.equal(!none.ok && none.problem.kind, 'not-found');
  });
});

function short(drift: Drift): string {
  switch (drift.what) {
    case 'missing':
      return `missing ${drift.file.name}`;
    case 'extra':
      return `only there ${drift.live.name}`;
    case 'different':
      return `different ${drift.file.name} ${drift.fields.map(({ path }) => path).join(' ')}`;
    case 'not-compared':
      return `not compared ${drift.file.name}: ${drift.why}`;
  }
}
