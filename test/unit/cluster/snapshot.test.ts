// What is made of a cluster's lists: outputs of kubectl 1.32 as they were, and what stands for absence.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSnapshot, type Snapshot } from '../../../server/src/cluster/snapshot/snapshot.ts';
import { newestVersion } from '../../../server/src/model/istio-releases.ts';
import { scope } from '../../../server/src/cluster/objects/scope.ts';
import { statusFindings } from '../../../server/src/cluster/snapshot/statuses.ts';
import { clusterText, clusterUri, contextOfUri } from '../../../server/src/sources/cluster-files.ts';
import { clusterMeshSettings } from '../../../server/src/sources/cluster-settings.ts';
import { layCluster, removeCluster, withClusterSettings } from '../../../server/src/engine/cluster-layer.ts';
import { defaultSettings } from '../../../server/src/engine/settings.ts';
import { newWorkspace } from '../../kit/workspace.ts';
import { list, recorded, tools, type Answer } from './cluster-kit.ts';

const served = [...new Set(scope.map(({ resource }) => resource))];
const entry = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'ServiceEntry',
  metadata: {
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
    creationTimestamp: '2026-11-24T19:50:18Z',
    generation: 2,
    name: 'httpbin',
    namespace: 'egress',
    resourceVersion: '393',
    uid: '6b9c3de7-086f-49f0-acc7-4f2cb1a95f8c',
    managedFields: [{ manager: 'kubectl' }],
  },
  spec: {
    hosts: ['httpbin.org'],
    ports: [{ name: 'http', number: 80, protocol: 'HTTP', targetPort: 443 }],
    resolution: 'DNS',
  },
  status: {
    conditions: [
      {
        lastTransitionTime: '2026-11-24T19:50:18.841202290Z',
        message: 'waypoint "egress/waypoint" is not ready',
        reason: 'WaypointIsNotReady',
        status: 'False',
        type: 'istio.io/WaypointBound',
      },
    ],
  },
};
const namespace = (name: string, labels = {}) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });

const answers = (more: readonly (readonly [RegExp, Answer])[] = [], names = served): Parameters<typeof recorded>[0] => [
  ...more,
  [/api-resources/, { stdout: `${names.join('\n')}\n` }],
  [/selector=app=istiod/, list()],
  [/get configmaps/, { stdout: '' }],
  [/get namespaces/, list(namespace('egress', { 'istio.io/use-waypoint': 'waypoint' }), namespace('default'))],
  [/get services.*json/, list(entry)],
  [/get secrets/, { stdout: 'egress\tcert\tkubernetes.io/tls\ttls.crt\ttls.key\n' }],
  [/get pods/, { stdout: '' }],
  [/get deployments/, { stdout: '' }],
];

async function snapshotOf(
  more: readonly (readonly [RegExp, Answer])[] = [],
  names = served,
  namespaces?: readonly string[],
): Promise<Snapshot> {
  const read = await readSnapshot(recorded(answers(more, names)), { context: 'prod', tools, namespaces });
  assert.ok(read.ok, read.ok ? '' : read.problem.message);
  return read.value;
}

test('few calls, each with its context, its chunk and its time limit', async () => {
  const run = recorded(answers());
  await readSnapshot(run, { context: 'prod', tools });
  assert.ok(run.seen.length <= 8, String(run.seen.length));
  for (const { file, args } of run.seen) {
    assert.equal(file, tools.kubectl);
    assert.equal(args[0], '--context=prod');
    assert.ok(
      args.some((word) => word.startsWith('--request-timeout=')),
      args.join(' '),
    );
  }
});

test('objects without what the API server keeps for itself; every kind is known', async () => {
  const { objects, complete, unread } = await snapshotOf();
  const found = objects.find(({ kind }) => kind === 'ServiceEntry');
  assert.deepEqual(found?.object, { ...entry, metadata: { name: 'httpbin', namespace: 'egress', generation: 2 } });
  assert.deepEqual([complete.length, unread], [new Set(scope.map(({ kind }) => kind)).size, []]);
});

test('of secrets the names of keys, because kubectl is asked for no more', async () => {
  const run = recorded(answers());
  const read = await readSnapshot(run, { context: 'prod', tools });
  assert.deepEqual(read.ok && read.value.objects.filter(({ kind }) => kind === 'Secret').map(({ object }) => object), [
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { namespace: 'egress', name: 'cert' },
      type: 'kubernetes.io/tls',
      data: { 'tls.crt': '', 'tls.key': '' },
    },
  ]);
  const [asked, ...more] = run.seen.filter(({ args }) => args.some((word) => word.includes('secrets')));
  assert.deepEqual(more, []);
  assert.ok(
    asked!.args.some((word) => word.startsWith('--output=go-template=') && !word.includes('$value}}')),
    asked!.args.join(' '),
  );
});

test('pods: identity and labels; one for all that a template made, none where the workload speaks for them or that have ended', async () => {
  const pods = [
    ['default', 'bare', '{"app":"bare"}', 'robot', 'true', 'a b', '', '', 'Running', 'enabled'],
    [
      'default',
      'curl-6b7c94b7cc-x85qw',
      '{"app":"curl"}',
      'curl',
      '',
      'curl',
      'ReplicaSet',
      'curl-6b7c94b7cc',
      'Running',
      '',
    ],
    ['default', 'old-1', '', '', '', 'x', 'Job', 'old', 'Succeeded', ''],
    ['default', 'own-a', '', '', '', 'x', 'Widget', 'own', 'Running', ''],
    ['default', 'own-b', '', '', '', 'x', 'Widget', 'own', 'Running', ''],
  ]
    .map((row) => row.join('\t'))
    .join('\n');
  const workloads = [
    ['Deployment', 'default', 'curl', '', '{"app":"curl"}', 'curl', '', 'curl', '', '', '', ''],
    ['CronJob', 'default', 'nightly', '', '', '', '', '', '{"app":"n"}', 'night', '', 'n'],
  ]
    .map((row) => row.join('\t'))
    .join('\n');
  const { objects } = await snapshotOf([
    [/get pods/, { stdout: pods }],
    [/get deployments/, { stdout: workloads }],
  ]);
  const shown = objects
    .filter(({ kind }) => kind === 'Pod' || kind === 'Workload')
    .map(({ kind, name }) => `${kind} ${name}`);
  assert.deepEqual(shown.sort(), ['Pod bare', 'Pod own-a', 'Workload curl', 'Workload nightly']);
  const bare = objects.find(({ name }) => name === 'bare');
  assert.deepEqual(bare?.object, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      namespace: 'default',
      name: 'bare',
      labels: { app: 'bare' },
      annotations: { 'ambient.istio.io/redirection': 'enabled' },
    },
    spec: { serviceAccountName: 'robot', hostNetwork: true, containers: [{ name: 'a' }, { name: 'b' }] },
  });
});

test('a kind without a definition, and one that may not be read, are unknown and said once', async () => {
  const forbidden =
    'Error from server (Forbidden): telemetries.telemetry.istio.io is forbidden: User "dev" cannot list resource "telemetries" in API group "telemetry.istio.io" at the cluster scope\n';
  const { complete, unread, objects } = await snapshotOf(
    [[/get services.*json/, { ...list(entry), stderr: forbidden, code: 1 }]],
    served.filter((name) => !name.startsWith('tcproutes')),
  );
  assert.deepEqual(
    unread.map(({ kind, problem }) => [kind, problem.kind, problem.message]),
    [
      ['Telemetry', 'forbidden', 'You (user "dev") have no permission to list telemetries in the cluster.'],
      ['TCPRoute', 'missing-crd', 'The cluster of context "prod" does not serve tcproutes.gateway.networking.k8s.io.'],
    ],
  );
  assert.deepEqual(
    [complete.includes('Telemetry'), complete.includes('TCPRoute'), complete.includes('ServiceEntry')],
    [false, false, true],
  );
  assert.equal(
    objects.some(({ kind }) => kind === 'ServiceEntry'),
    true,
  );
});

test('words that name no kind: each kind is asked by itself', async () => {
  const run = recorded(
    answers([
      [/get services,/, { stderr: 'error: the server doesn\'t have a resource type "sidecars"\n', code: 1 }],
      [/get sidecars/, { stderr: 'error: the server doesn\'t have a resource type "sidecars"\n', code: 1 }],
      [/get serviceentries.* --output=json/, list(entry)],
      [/get \S+ --all-namespaces --output=json/, list()],
    ]),
  );
  const read = await readSnapshot(run, { context: 'prod', tools });
  assert.ok(read.ok);
  assert.deepEqual(
    read.value.unread.map(({ kind }) => kind),
    ['Sidecar'],
  );
  assert.equal(
    read.value.objects.some(({ name }) => name === 'httpbin'),
    true,
  );
});

test('faults of the whole cluster are no snapshot', async () => {
  const cases: readonly (readonly [Answer, string])[] = [
    [
      {
        stderr: 'The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?\n',
        code: 1,
      },
      'unreachable',
    ],
    [{ stderr: 'error: You must be logged in to the server (Unauthorized)\n', code: 1 }, 'unauthorized'],
    [{ stderr: 'error: context "prod" does not exist\n', code: 1 }, 'unknown-context'],
    [{ ended: 'not-started', reason: '/bin/kubectl was not found.' }, 'not-installed'],
    [{ ended: 'timed-out' }, 'timed-out'],
    [{ ended: 'cancelled' }, 'cancelled'],
  ];
  for (const [answer, kind] of cases) {
    for (const command of [/api-resources/, /get services.*json/]) {
      const read = await readSnapshot(recorded(answers([[command, answer]])), { context: 'prod', tools });
      assert.equal(!read.ok && read.problem.kind, kind, `${command}`);
    }
  }
  const cut = await readSnapshot(recorded(answers([[/get services.*json/, { stdout: '{', truncated: true }]])), {
    context: 'prod',
    tools,
  });
  assert.match(cut.ok ? '' : cut.problem.advice, /Choose a namespace/);
});

test('names are checked before anything is run, and a namespace that is gone is said', async () => {
  const run = recorded([]);
  for (const bad of ['a;b', '--help', '$(reboot)', 'a\nb', '-a', '']) {
    const read = await readSnapshot(run, { context: 'prod', tools, namespaces: [bad] });
    assert.equal(!read.ok && read.problem.kind, 'invalid-input', bad);
  }
  for (const bad of ['', 'a\nb', 'a\0b']) assert.equal((await readSnapshot(run, { context: bad, tools })).ok, false);
  assert.deepEqual(run.seen, []);
  const gone = await readSnapshot(recorded(answers()), { context: 'prod', tools, namespaces: ['gone'] });
  assert.match(gone.ok ? '' : gone.problem.message, /no namespace "gone"/);
});

test('a strange context is one word of one flag', async () => {
  const run = recorded(answers());
  await readSnapshot(run, { context: '--kubeconfig=/etc/passwd; $(reboot)', tools });
  for (const { args } of run.seen) assert.equal(args[0], '--context=--kubeconfig=/etc/passwd; $(reboot)');
});

test('the mesh of the cluster: version by image, root namespace and settings by its ConfigMap', async () => {
  const istiod = {
    kind: 'Deployment',
    metadata: {
      name: 'istiod-1-30',
      namespace: 'mesh',
      labels: { 'istio.io/rev': '1-30', 'app.kubernetes.io/version': '1.0.0' },
    },
    spec: { template: { spec: { containers: [{ image: 'reg.example:5000/istio/pilot:1.30.2-distroless' }] } } },
  };
  const map = {
    kind: 'ConfigMap',
    metadata: { name: 'istio-1-30', namespace: 'mesh' },
    data: { mesh: 'trustDomain: td.example\n' },
  };
  const { controlPlane } = await snapshotOf([
    [/selector=app=istiod/, list(istiod)],
    [/--namespace=mesh get configmaps\/istio-1-30/, { stdout: JSON.stringify(map) }],
  ]);
  assert.deepEqual(controlPlane, {
    namespace: 'mesh',
    version: '1.30.2-distroless',
    meshText: 'trustDomain: td.example\n',
  });
  assert.deepEqual(clusterMeshSettings(controlPlane, 'prod'), {
    cluster: 'prod',
    istioVersion: '1.30',
    rootNamespace: 'mesh',
    trustDomain: 'td.example',
    origin: 'cluster:prod',
  });
  const version = (text: string | undefined) =>
    clusterMeshSettings({ namespace: 'x', version: text, meshText: undefined }, 'c');
  assert.deepEqual(
    [version('1.99.0'), version('1.0.0'), version('latest'), version(undefined)],
    [{ cluster: 'c', istioVersion: newestVersion }, { cluster: 'c' }, { cluster: 'c' }, { cluster: 'c' }],
  );
});

test('statuses: what is not as it should be, with both times, apart from findings', async () => {
  const gateway = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: 'waypoint', namespace: 'egress', generation: 3 },
    status: {
      conditions: [
        { type: 'Accepted', status: 'True', reason: 'Accepted', message: '', observedGeneration: 3 },
        {
          type: 'Programmed',
          status: 'False',
          reason: 'AddressNotAssigned',
          message: 'no instances found',
          observedGeneration: 3,
          lastTransitionTime: '2026-11-24T19:50:19Z',
        },
      ],
      listeners: [
        {
          name: 'mesh',
          conditions: [
            { type: 'Conflicted', status: 'True', reason: 'PortUnavailable' },
            { type: 'Programmed', status: 'True', observedGeneration: 2 },
          ],
        },
      ],
    },
  };
  const snapshot = {
    ...(await snapshotOf([[/get services.*json/, list(entry, gateway)]])),
    takenAt: '2026-11-24T20:00:00.123Z',
  };
  assert.deepEqual(
    statusFindings(snapshot).map(({ code, severity, message }) => [code, severity, message]),
    [
      [
        'status-waypoint-bound',
        'warning',
        'In cluster prod, ServiceEntry egress/httpbin: WaypointBound is False (WaypointIsNotReady): waypoint "egress/waypoint" is not ready [since 2026-11-24T19:50:18Z, read 2026-11-24T20:00:00Z]',
      ],
      [
        'status-programmed',
        'error',
        'In cluster prod, Gateway egress/waypoint: Programmed is False (AddressNotAssigned): no instances found [since 2026-11-24T19:50:19Z, read 2026-11-24T20:00:00Z]',
      ],
      [
        'status-conflicted',
        'warning',
        'In cluster prod, Gateway egress/waypoint, listener mesh: Conflicted is True (PortUnavailable) [read 2026-11-24T20:00:00Z]',
      ],
      [
        'status-programmed',
        'information',
        'In cluster prod, Gateway egress/waypoint, listener mesh: Programmed is True [read 2026-11-24T20:00:00Z, for an earlier version of the resource]',
      ],
    ],
  );
});

test('places in a cluster carry its name, whatever characters it has', () => {
  const object = { kind: 'Namespace' as const, namespace: '', name: 'a', object: {} };
  const uri = clusterUri('arn:aws:eks:x:1:cluster/prod', object);
  assert.equal(uri, 'istio-egress-cluster:/arn%3Aaws%3Aeks%3Ax%3A1%3Acluster%2Fprod/_/Namespace/a.yaml');
  assert.equal(contextOfUri(uri), 'arn:aws:eks:x:1:cluster/prod');
  assert.equal(contextOfUri('file:///a.yaml'), undefined);
  assert.match(
    clusterText({ status: {}, spec: { a: 1 }, metadata: { name: 'x' }, kind: 'K', apiVersion: 'v1' }),
    /^apiVersion: v1\nkind: K\nmetadata:\n {2}name: x\nspec:\n {2}a: 1\nstatus: \{\}\n$/,
  );
});

test('files lie over the cluster; what the cluster gave completely is known, the rest is not', async () => {
  const snapshot = await snapshotOf(
    [],
    served.filter((name) => !name.startsWith('gateways.gateway')),
  );
  const workspace = newWorkspace();
  const file =
    'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: {name: httpbin, namespace: egress}\nspec: {hosts: [other.org], ports: [{number: 80, name: http, protocol: HTTP}], resolution: DNS}\n';
  workspace.setSettings(withClusterSettings(defaultSettings, snapshot), () => undefined);
  const lay = () => {
    layCluster(workspace, snapshot.objects, snapshot.context);
    workspace.refresh();
  };
  const hosts = () =>
    workspace.mesh.named('ServiceEntry', 'egress', 'httpbin').map(({ spec }) => spec.hosts.map(({ value }) => value));
  lay();
  assert.deepEqual(hosts(), [['httpbin.org']]);
  workspace.setFile('file:///a.yaml', file);
  lay();
  assert.deepEqual(hosts(), [['other.org']]);
  workspace.removeFile('file:///a.yaml');
  lay();
  assert.deepEqual(hosts(), [['httpbin.org']]);
  const { mesh } = workspace;
  assert.deepEqual(
    [mesh.knows('Namespace'), mesh.knows('ServiceAccount', 'default'), mesh.knows('Gateway', 'egress')],
    [true, true, false],
  );
  removeCluster(workspace);
  workspace.refresh();
  assert.deepEqual([...workspace.uris], []);
});

test('asked for one namespace, a cluster says nothing of the others', async () => {
  const snapshot = await snapshotOf([], served, ['egress']);
  const workspace = newWorkspace(withClusterSettings(defaultSettings, snapshot));
  const { mesh } = workspace;
  assert.deepEqual(
    [
      mesh.knows('ServiceEntry', 'egress'),
      mesh.knows('ServiceEntry', 'other'),
      mesh.knows('ServiceEntry'),
      mesh.knows('Namespace'),
    ],
    [true, false, false, true],
  );
  const whole = newWorkspace(withClusterSettings({ ...defaultSettings, completeKinds: ['Sidecar'] }, snapshot));
  assert.equal(whole.mesh.knows('Sidecar', 'other'), true);
});
