// The branches of planning, applying and verifying that a well-behaved cluster does not show. Answers are recorded ones.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyProvision } from '../../../server/src/cluster/provision/apply-provision.ts';
import type { Run, RunResult } from '../../../server/src/cluster/tools/command.ts';
import { readContexts } from '../../../server/src/cluster/tools/contexts.ts';
import { planProvision, type ProvisionPlan } from '../../../server/src/cluster/provision/provision.ts';
import type { ProvisionRequest } from '../../../server/src/cluster/provision/provision-request.ts';
import { verifyProvision } from '../../../server/src/cluster/provision/verify-provision.ts';

const request: ProvisionRequest = {
  context: 'prod',
  namespace: 'egress',
  name: 'gate',
  enroll: true,
  tools: { kubectl: 'kubectl', istioctl: 'istioctl' },
};
const gatewayYaml = 'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n  name: gate\n';
const ok = (stdout: string | object): RunResult => ({
  ended: 'exited',
  code: 0,
  stdout: typeof stdout === 'string' ? stdout : JSON.stringify(stdout),
  stderr: '',
  truncated: false,
});
const failed = (stderr: string): RunResult => ({ ended: 'exited', code: 1, stdout: '', stderr, truncated: false });
const namespaceWith = (labels: Readonly<Record<string, string>>): RunResult =>
  ok({ kind: 'Namespace', metadata: { name: 'egress', labels } });
const ambient = { 'istio.io/dataplane-mode': 'ambient' };
const gateway = {
  kind: 'Gateway',
  metadata: { name: 'gate', namespace: 'egress', generation: 1 },
  spec: { gatewayClassName: 'istio-waypoint' },
};

type Answers = Readonly<Record<string, RunResult | (() => RunResult)>>;

// A namespace of the mesh where nothing else is yet.
const usual: Answers = {
  'version --remote=false': ok({ clientVersion: { version: '1.31.0' } }),
  'deployments.apps --all-namespaces': ok({ items: [] }),
  'configmaps/istio': ok(''),
  endpointslices: ok({ items: [] }),
  'config view': ok('https://one:6443\nCA\n\ndev'),
  'waypoint generate': ok(gatewayYaml),
  'auth can-i': ok('yes\n'),
  '--dry-run=server': ok(gateway),
  'namespaces/egress': namespaceWith(ambient),
  'gateways.gateway': ok(''),
  'services/': ok(''),
  'deployments.apps/': ok(''),
  'gatewayclasses.': ok({ kind: 'GatewayClass', metadata: { name: 'istio-waypoint' } }),
};

/** Answers by what the command's text contains, and several objects at once as kubectl does. What is not foreseen fails the test. */
function cluster(answers: Answers): Run {
  const all: Answers = { ...usual, ...answers };
  const answerTo = (text: string): RunResult => {
    const answer =
      Object.entries(all).find(([part]) => text.includes(part))?.[1] ?? assert.fail(`not foreseen: ${text}`);
    return typeof answer === 'function' ? answer() : answer;
  };
  return async ({ args }, { signal }) => {
    if (signal?.aborted) return { ended: 'cancelled', code: undefined, stdout: '', stderr: '', truncated: false };
    const names = args.filter((arg) => arg.includes('/'));
    return args.includes('get') && names.length > 1 ? together(names.map(answerTo)) : answerTo(args.join(' '));
  };
}

function together(results: readonly RunResult[]): RunResult {
  const bad = results.filter(({ code }) => code !== 0);
  if (bad.length > 0) return failed(bad.map(({ stderr }) => stderr).join('\n'));
  return ok({
    kind: 'List',
    items: results.filter(({ stdout }) => stdout !== '').map(({ stdout }) => JSON.parse(stdout) as object),
  });
}

async function plan(
  answers: Readonly<Record<string, RunResult>>,
  more: Partial<ProvisionRequest> = {},
): Promise<ProvisionPlan> {
  const planned = await planProvision(cluster(answers), { ...request, ...more });
  assert.ok(planned.ok, planned.ok ? '' : planned.problem.message);
  return planned.value;
}

const codes = ({ blockers, warnings }: ProvisionPlan) => [...blockers, ...warnings].map(({ code }) => code);

test('nothing to say', async () => {
  assert.deepEqual(codes(await plan({})), []);
});

test('what is said beforehand', async () => {
  const got = 'namespaces/egress';
  const no = { ...failed("Warning: resource 'namespaces' is not namespace scoped"), stdout: 'no\n' };
  const cases: readonly (readonly [
    string,
    readonly string[],
    Readonly<Record<string, RunResult>>,
    Partial<ProvisionRequest>,
  ])[] = [
    ['not enrolled by wish', ['not-enrolled'], {}, { enroll: false }],
    [
      'not enrolled now, but it was',
      [],
      { [got]: namespaceWith({ ...ambient, 'istio.io/use-waypoint': 'gate' }) },
      { enroll: false },
    ],
    ['an empty label enrols nothing', [], { [got]: namespaceWith({ ...ambient, 'istio.io/use-waypoint': '' }) }, {}],
    [
      'enrolled with another',
      ['already-enrolled'],
      { [got]: namespaceWith({ ...ambient, 'istio.io/use-waypoint': 'other' }) },
      {},
    ],
    [
      'the same one again',
      [],
      { [got]: namespaceWith({ ...ambient, 'istio.io/use-waypoint': 'gate' }) },
      { overwrite: true },
    ],
    [
      'looks elsewhere',
      ['use-waypoint-namespace-stays'],
      { [got]: namespaceWith({ ...ambient, 'istio.io/use-waypoint-namespace': 'infra' }) },
      {},
    ],
    ['looks here', [], { [got]: namespaceWith({ ...ambient, 'istio.io/use-waypoint-namespace': 'egress' }) }, {}],
    ['only for workloads', ['not-for-services'], {}, { trafficFor: 'workload' }],
    ['for all', [], {}, { trafficFor: 'all' }],
    ['a digit', ['name-starts-with-digit'], {}, { name: '1gate' }],
    [
      'a foreign Deployment',
      ['name-taken'],
      { 'deployments.apps/': ok({ kind: 'Deployment', metadata: { name: 'gate' } }) },
      {},
    ],
    [
      'an older istioctl',
      ['istioctl-older'],
      {
        'version --remote=false': ok({ clientVersion: { version: '1.27.3' } }),
        'deployments.apps --all-namespaces': ok({
          items: [
            {
              metadata: { namespace: 'istio-system' },
              spec: { template: { spec: { containers: [{ image: 'docker.io/istio/pilot:1.31.0' }] } } },
            },
          ],
        }),
      },
      {},
    ],
    ['an istioctl that does not say', [], { 'version --remote=false': ok('1.27') }, {}],
    [
      'an own Deployment',
      [],
      {
        'deployments.apps/': ok({
          kind: 'Deployment',
          metadata: { name: 'gate', labels: { 'gateway.istio.io/managed': 'istio.io-mesh-controller' } },
        }),
      },
      {},
    ],
    ['may not label', ['may-not-label'], { 'auth can-i': no }, {}],
    ['may not label, not wished', ['not-enrolled'], { 'auth can-i': no }, { enroll: false }],
    ['cannot be asked', [], { 'auth can-i': failed('error: whatever') }, {}],
    [
      'services cannot be read',
      ['not-checked'],
      { 'services/': failed('services "gate" is forbidden: User "u" cannot get resource "services" in API group ""') },
      {},
    ],
    [
      'the webhook refuses',
      ['dry-run-refused'],
      { '--dry-run=server': failed('admission webhook "policy.example.com" denied the request: no') },
      {},
    ],
  ];
  for (const [what, expected, answers, more] of cases)
    assert.deepEqual(codes(await plan(answers, more)), expected, what);
});

test('a problem instead of a plan', async () => {
  const problem = async (
    answers: Readonly<Record<string, RunResult>>,
    more: Partial<ProvisionRequest> = {},
    signal?: AbortSignal,
  ) => {
    const planned = await planProvision(cluster(answers), { ...request, ...more }, { signal });
    return planned.ok ? assert.fail('expected a problem') : planned.problem;
  };
  assert.equal((await problem({}, { name: 'none' })).kind, 'invalid-input');
  assert.equal((await problem({ 'waypoint generate': ok('Usage: something else\n') })).kind, 'unreadable');
  assert.equal(
    (await problem({ 'waypoint generate': failed('Error: unknown command "waypoint" for "istioctl"') })).kind,
    'unsupported',
  );
  assert.equal((await problem({ 'namespaces/egress': ok('<html>') })).kind, 'unreadable');
  assert.equal((await problem({}, {}, AbortSignal.abort())).kind, 'cancelled');
});

test('what istioctl said decides what was done, not its exit code alone', async () => {
  const planned = await plan({});
  const after = (result: RunResult) => applyProvision(cluster({ 'waypoint apply': result }), planned);
  assert.equal((await after(ok('✅ waypoint egress/gate applied\n'))).outcome, 'applied');
  const labelled = await after(
    ok(
      '⚠️ Warning: namespace is not enrolled in ambient. Consider running\t`x`\n✅ waypoint egress/gate applied\n✅ namespace egress labeled with "istio.io/use-waypoint: gate"\n',
    ),
  );
  assert.deepEqual(labelled.outcome === 'applied' && [labelled.labelled, labelled.warnings], [
    true,
    ['namespace is not enrolled in ambient. Consider running\t`x`'],
  ]);
  assert.equal(
    (
      await after(
        ok(
          '⚠️ Warning: namespace (egress) already has an enrolled Waypoint. Consider adding the `--overwrite` flag to your apply command.\n',
        ),
      )
    ).outcome,
    'nothing-applied',
  );
  assert.equal((await after(ok('done\n'))).outcome, 'unclear');
  const half = await after({
    ...failed(
      'Error: failed to label namespace with waypoint: failed to update namespace egress: namespaces "egress" is forbidden: User "u" cannot update resource "namespaces" in API group ""',
    ),
    stdout: '✅ waypoint egress/gate applied\n',
  });
  assert.deepEqual(half.outcome === 'failed' && [half.progress, half.problem.kind], ['gateway-applied', 'forbidden']);
  const lost = await after({ ended: 'timed-out', code: undefined, stdout: '', stderr: '', truncated: false });
  assert.match(lost.message, /It is unknown whether Gateway egress\/gate was applied/);
  const missing = await after({
    ended: 'not-started',
    code: undefined,
    stdout: '',
    stderr: '',
    truncated: false,
    reason: 'istioctl was not found.',
  });
  assert.match(missing.message, /istioctl was not found\. Nothing was changed\./);
});

test('verifying goes on through a moment without a server, and ends at once where asking again does not help', async () => {
  let asked = 0;
  const programmed = ok({
    ...gateway,
    status: {
      conditions: [
        { type: 'Accepted', status: 'True' },
        { type: 'Programmed', status: 'True' },
      ],
    },
  });
  const flaky = (): RunResult => (++asked < 3 ? failed('Unable to connect to the server: EOF') : programmed);
  const enrolled = namespaceWith({ 'istio.io/use-waypoint': 'gate' });
  const ready = ok({ status: { readyReplicas: 1 } });
  const verified = await verifyProvision(
    cluster({ 'gateways.gateway': flaky, 'namespaces/egress': enrolled, 'deployments.apps/': ready }),
    request,
    { pollMs: 1 },
  );
  assert.deepEqual([verified.outcome, verified.notices, asked], ['programmed', [], 3]);

  asked = 0;
  const forbidden = (): RunResult => {
    asked++;
    return failed('User "u" cannot get resource "gateways" in API group "x"');
  };
  const refused = await verifyProvision(cluster({ 'gateways.gateway': forbidden }), request, { pollMs: 1 });
  assert.deepEqual([refused.outcome, asked], ['failed', 1]);
});

test('verifying looks at the namespace, not only at the Gateway', async () => {
  const programmed = ok({ ...gateway, status: { conditions: [{ type: 'Programmed', status: 'True' }] } });
  const notices = async (namespace: RunResult, more: Partial<ProvisionRequest> = {}) => {
    const run = cluster({
      'gateways.gateway': programmed,
      'namespaces/egress': namespace,
      'deployments.apps/': ok({ status: { readyReplicas: 2 } }),
    });
    return (await verifyProvision(run, { ...request, ...more })).notices.map(({ message }) => message);
  };
  assert.deepEqual(await notices(namespaceWith({})), [
    'Namespace egress does not have the label istio.io/use-waypoint: gate.',
  ]);
  assert.deepEqual(await notices(namespaceWith({}), { enroll: false }), []);
  assert.deepEqual(
    await notices(namespaceWith({ 'istio.io/use-waypoint': 'gate', 'istio.io/use-waypoint-namespace': 'infra' })),
    ['Namespace egress uses the waypoint infra/gate (label istio.io/use-waypoint-namespace).'],
  );
  assert.deepEqual(await notices(ok('')), ['Namespace egress no longer exists.']);
});

test('verifying looks at the pods and at what the Service leads to', async () => {
  const programmed = ok({ ...gateway, status: { conditions: [{ type: 'Programmed', status: 'True' }] } });
  const notices = async (answers: Answers) => {
    const run = cluster({
      'gateways.gateway': programmed,
      'namespaces/egress': namespaceWith({ 'istio.io/use-waypoint': 'gate' }),
      ...answers,
    });
    return (await verifyProvision(run, request)).notices.map(({ code, message }) => `${code}: ${message}`);
  };
  const [ready, none] = [ok({ status: { readyReplicas: 1 } }), ok({ status: {} })];
  const slice = (isReady: boolean) => ok({ items: [{ endpoints: [{ conditions: { ready: isReady } }] }] });
  const refused = failed('User "u" cannot get resource "deployments" in API group "apps"');
  assert.deepEqual(await notices({ 'deployments.apps/': none, endpointslices: slice(true) }), [
    'no-ready-pod: No pod of the waypoint egress/gate is ready.',
  ]);
  assert.deepEqual(await notices({ 'deployments.apps/': ready, endpointslices: slice(false) }), [
    'no-ready-pod: The Service of the waypoint egress/gate has no ready pod.',
  ]);
  assert.deepEqual(await notices({ 'deployments.apps/': ready, endpointslices: slice(true) }), []);
  assert.deepEqual(await notices({ 'deployments.apps/': refused, endpointslices: slice(true) }), []);
  assert.deepEqual(await notices({ 'deployments.apps/': refused, endpointslices: refused }), [
    'pods-unknown: Could not read whether a pod of the waypoint egress/gate is ready: You (user "u") have no permission to get deployments in the cluster.',
  ]);
});

test('contexts: none, no current one, and a file that is none', async () => {
  const read = (result: RunResult) => readContexts(async () => result, request.tools);
  const none = await read(ok({ contexts: null, 'current-context': '' }));
  assert.equal(!none.ok && none.problem.kind, 'unknown-context');
  const some = await read(
    ok({
      contexts: [{ name: 'a', context: { cluster: 'c', user: 'u', namespace: 'n' } }, null, {}],
      'current-context': '',
    }),
  );
  assert.deepEqual(some, {
    ok: true,
    value: { current: undefined, all: [{ name: 'a', cluster: 'c', user: 'u', namespace: 'n' }] },
  });
  const bad = await read(ok('no json'));
  assert.equal(!bad.ok && bad.problem.kind, 'unreadable');
});
