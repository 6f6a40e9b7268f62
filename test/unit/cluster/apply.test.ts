// Plan and application of manifests, with kubectl's answers given: what stops before anything is changed, and what is told afterwards.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { applyPlanned, type CarryOutOptions } from '../../../server/src/cluster/apply/apply-manifests.ts';
import { planApply, type ApplyPlan } from '../../../server/src/cluster/apply/apply-plan.ts';
import { conflictsIn } from '../../../server/src/cluster/apply/apply-request.ts';
import { undoApply } from '../../../server/src/cluster/apply/undo-apply.ts';
import { recorded, tools, type Answer } from './cluster-kit.ts';
import type { Manifest } from '../../../server/src/model/manifest.ts';

const item = (name: string, more: Partial<Manifest> = {}): Manifest => ({
  id: name,
  kind: 'ServiceEntry',
  namespace: 'egress',
  name,
  text: `name: ${name}\n`,
  errors: [],
  ...more,
});
const object = (name: string, spec: object): Answer => ({
  stdout: JSON.stringify({
    apiVersion: 'v1',
    kind: 'ServiceEntry',
    metadata: { name, namespace: 'egress', resourceVersion: '1' },
    spec,
  }),
});
const here = { stdout: 'https://one:6443\nCA\n\ndev' };
const conflict: Answer = {
  code: 1,
  stderr:
    'error: Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using networking.istio.io/v1: .spec.trafficPolicy.tls.mode\nPlease review',
};
const named = (input: string | undefined) => /name: (\S+)/.exec(input ?? '')?.[1] ?? '';

/** `new` is not in the cluster; everything else is, with `v: 1`. */
const answers = (more: Parameters<typeof recorded>[0] = []): Parameters<typeof recorded>[0] => [
  ...more,
  [/config view/, here],
  [/ get --filename=-/, (_, input) => (named(input).startsWith('new') ? {} : object(named(input), { v: 1 }))],
  [/--dry-run=server --force-conflicts/, (_, input) => object(named(input), { v: 3 })],
  [
    /--dry-run=server/,
    (_, input) =>
      named(input) === 'contested' ? conflict : object(named(input), { v: named(input) === 'same' ? 1 : 2 }),
  ],
  [/ apply --server-side/, (_, input) => object(named(input), { v: 2 })],
  [/ (delete|replace) --filename=-/, {}],
];

async function plan(items: readonly Manifest[], more: Parameters<typeof recorded>[0] = []): Promise<ApplyPlan> {
  const planned = await planApply(recorded(answers(more)), { context: 'prod', tools, items });
  assert.ok(planned.ok, planned.ok ? '' : planned.problem.message);
  return planned.value;
}
async function carryOut(planned: ApplyPlan, options: CarryOutOptions = {}, more: Parameters<typeof recorded>[0] = []) {
  const run = recorded(answers(more));
  return {
    report: await applyPlanned(run, planned, options),
    writes: run.seen.filter(
      ({ args }) => args.includes('apply') || args.includes('delete') || args.includes('replace'),
    ),
  };
}

test('a plan: what is there, what would be, and what stands in the way', async () => {
  const planned = await plan([item('new'), item('old'), item('same'), item('contested')]);
  assert.deepEqual(
    planned.items.map(({ change }) => change),
    ['create', 'change', 'unchanged', 'conflict'],
  );
  assert.deepEqual(
    [planned.items[0]?.live, planned.items[1]?.live],
    ['', 'apiVersion: v1\nkind: ServiceEntry\nmetadata:\n  name: old\n  namespace: egress\nspec:\n  v: 1\n'],
  );
  assert.match(planned.items[1]?.future ?? '', /v: 2\n$/);
  assert.deepEqual(planned.items[3]?.conflicts, [
    { manager: 'kubectl-client-side-apply', fields: ['.spec.trafficPolicy.tls.mode'] },
  ]);
  assert.match(planned.items[3]?.future ?? '', /v: 3\n$/);
  assert.deepEqual(planned.identity, { server: 'https://one:6443', authority: 'CA', user: 'dev' });
});

test('fields that the file no longer has but another manager set are kept and reported', async () => {
  const planned = await plan(
    [item('old')],
    [
      [/replace --dry-run=server/, object('old', { v: 2 })],
      [/apply .*--dry-run=server/, object('old', { v: 2, exportTo: ['.'] })],
    ],
  );
  assert.deepEqual(planned.items[0]?.kept, ['spec.exportTo']);
  const { report } = await carryOut(planned);
  assert.equal(
    report.message,
    'Applied: ServiceEntry egress/old. Not in the file, but kept because another manager set it: ServiceEntry egress/old spec.exportTo.',
  );
  const forbidden = await plan(
    [item('old')],
    [[/replace --dry-run=server/, { code: 1, stderr: 'User "d" cannot update resource "serviceentries"' }]],
  );
  assert.deepEqual(
    forbidden.items.map(({ change, kept }) => [change, kept]),
    [['change', []]],
  );
});

test('conflicts of several fields and managers', () => {
  assert.deepEqual(
    conflictsIn(
      'Apply failed with 3 conflicts: conflicts with "a" using v1:\n- .spec.x\n- .spec.y\nconflicts with "b c":\n- .spec.z\nPlease review',
    ),
    [
      { manager: 'a', fields: ['.spec.x', '.spec.y'] },
      { manager: 'b c', fields: ['.spec.z'] },
    ],
  );
});

test('applied: only what changes, with its field manager, and the server of the plan named', async () => {
  const { report, writes } = await carryOut(await plan([item('new'), item('same'), item('old')]));
  assert.deepEqual(
    [report.outcome, report.message],
    ['applied', 'Applied: ServiceEntry egress/new, ServiceEntry egress/old.'],
  );
  for (const { args } of writes) {
    assert.deepEqual(args, [
      '--context=prod',
      '--namespace=egress',
      'apply',
      '--server-side',
      '--field-manager=istio-egress',
      '--filename=-',
      '--output=json',
      '--server=https://one:6443',
    ]);
  }
  assert.equal(writes.length, 2);
});

describe('nothing is changed', () => {
  const refused = async (
    items: readonly Manifest[],
    words: RegExp,
    options: CarryOutOptions = {},
    more: Parameters<typeof recorded>[0] = [],
    planning: Parameters<typeof recorded>[0] = [],
  ): Promise<void> => {
    const { report, writes } = await carryOut(await plan(items, planning), options, more);
    assert.deepEqual([report.outcome, writes], ['refused', []]);
    assert.match(report.message, words);
    assert.ok(report.items.every(({ outcome }) => outcome === 'not-tried'));
  };
  const broken = item('old', { errors: ['The port is none.'] });
  test('findings of severity error, unless they are confirmed', async () => {
    await refused([item('new'), broken], /ServiceEntry egress\/old has errors: The port is none\./);
    assert.equal((await carryOut(await plan([broken]), { confirmed: new Set(['old']) })).report.outcome, 'applied');
  });
  test('a conflict, unless it is taken over on purpose', async () => {
    await refused(
      [item('contested')],
      /has fields that another manager owns: kubectl-client-side-apply manages \.spec\.trafficPolicy\.tls\.mode/,
    );
    const { writes } = await carryOut(await plan([item('contested')]), { takeOver: new Set(['contested']) });
    assert.ok(writes[0]!.args.includes('--force-conflicts'));
    const other = await carryOut(await plan([item('old')]), { takeOver: new Set(['old']) });
    assert.ok(!other.writes[0]!.args.includes('--force-conflicts'), 'nothing to force');
  });
  for (const [what, now, words] of [
    ['server', 'https://two:6443\nCA\n\ndev', /its server was https:\/\/one:6443 and is now https:\/\/two:6443/],
    ['authority', 'https://one:6443\nOTHER\n\ndev', /authority/],
    ['user', 'https://one:6443\nCA\n\nadmin', /its user was dev and is now admin/],
  ] as const)
    test(`a context with another ${what} than planned`, () =>
      refused([item('new')], words, {}, [[/config view/, { stdout: now }]]));
  test('a context that is gone', () =>
    refused([item('new')], /no context "prod"/, {}, [
      [/config view/, { code: 1, stderr: 'error: context "prod" does not exist' }],
    ]));
  test('an object that changed since the plan', () =>
    refused([item('old')], /was changed in the cluster after the plan/, {}, [
      [/ get --filename=-/, object('old', { v: 9 })],
    ]));
  test('an object that the cluster refused in the dry run', () =>
    refused(
      [item('old')],
      /admission check "validation\.istio\.io"/,
      {},
      [],
      [[/--dry-run=server/, { code: 1, stderr: 'admission webhook "validation.istio.io" denied the request: bad' }]],
    ));
  test('a signal that had fired', () => refused([item('new')], /stopped/, { signal: AbortSignal.abort() }));
});

test('stopped in the middle: what is applied, what is not, what is unknown, how to resume and how to undo', async () => {
  const items = [item('new-1'), item('old-2'), item('old-3')];
  const planned = await plan(items);
  const down = (input: string | undefined): Answer =>
    named(input) === 'old-2'
      ? { code: 1, stderr: 'The connection to the server was refused' }
      : object(named(input), {});
  const { report } = await carryOut(planned, {}, [[/ apply --server-side(?!.*dry-run)/, (_, input) => down(input)]]);
  assert.deepEqual(
    report.items.map(({ outcome }) => outcome),
    ['applied', 'unknown', 'not-tried'],
  );
  assert.equal(report.outcome, 'stopped');
  assert.match(
    report.message,
    /cannot be reached\..* Applied: ServiceEntry egress\/new-1\. Unknown, check the cluster: ServiceEntry egress\/old-2\. Not started: ServiceEntry egress\/old-3\. To finish, .*To go back, undo/,
  );
  const undoing = recorded([
    [
      / get --filename=-/,
      (_, input) => (named(input) === 'new-1' ? object('new-1', {}) : object(named(input), { v: 1 })),
    ],
    ...answers(),
  ]);
  const undone = await undoApply(undoing, planned, report);
  assert.deepEqual(
    [undone.outcome, undone.message],
    ['applied', 'Restored: ServiceEntry egress/old-2, ServiceEntry egress/new-1.'],
  );
  assert.deepEqual(
    undoing.seen
      .filter(({ args }) => !args.includes('get'))
      .slice(1)
      .map(({ args }) => args[2]),
    ['delete'],
    'old-2 never changed',
  );
});

test('a webhook that says no to the second: failed, not unknown', async () => {
  const planned = await plan([item('new-1'), item('old-2')]);
  const { report } = await carryOut(planned, {}, [
    [
      / apply --server-side(?!.*dry-run)/,
      (_, input) =>
        named(input) === 'old-2' ? { code: 1, stderr: 'admission webhook "v" denied the request: no' } : {},
    ],
  ]);
  assert.deepEqual(
    report.items.map(({ outcome }) => outcome),
    ['applied', 'failed'],
  );
  assert.match(report.message, /Not applied: ServiceEntry egress\/old-2\./);
});

test('objects of a namespace that the plan makes are tried without a dry run', async () => {
  const space = item('fresh', { kind: 'Namespace', namespace: '', name: 'fresh' });
  const planned = await plan(
    [space, item('new', { namespace: 'fresh' })],
    [[/--namespace=fresh apply/, { code: 1, stderr: 'Error from server (NotFound): namespaces "fresh" not found' }]],
  );
  assert.deepEqual(
    planned.items.map(({ change }) => change),
    ['change', 'after-namespace'],
  );
});

test('what could not be found out is not written over; a Secret is never read', async () => {
  const strange = await plan([item('old')], [[/--dry-run=server/, { stdout: 'no JSON' }]]);
  const { report, writes } = await carryOut(strange);
  assert.deepEqual([strange.items[0]?.change, report.outcome, writes], ['unknown', 'refused', []]);
  assert.match(report.message, /did not print one object as JSON\. Nothing was changed\./);
  const run = recorded([[/config view/, here]]);
  const secret = await planApply(run, { context: 'prod', tools, items: [item('s', { kind: 'Secret' })] });
  assert.match(secret.ok ? (secret.value.items[0]?.problem?.message ?? '') : '', /not applied by this command/);
  assert.equal(run.seen.length, 1);
});

describe('undo looks first', () => {
  const undoing = async (now: Answer, outcome: 'applied' | 'unknown' = 'applied') => {
    const planned = await plan([item('old')]);
    const { report } = await carryOut(
      planned,
      {},
      outcome === 'unknown' ? [[/ apply --server-side(?!.*dry-run)/, { ended: 'timed-out' as const }]] : [],
    );
    assert.equal(report.items[0]?.outcome, outcome);
    const run = recorded([[/ get --filename=-/, now], ...answers()]);
    return {
      undone: await undoApply(run, planned, report),
      writes: run.seen.filter(({ args }) => args.includes('replace') || args.includes('delete')),
    };
  };
  test('as it was applied: put back, with the version that was looked at', async () => {
    const { undone, writes } = await undoing(object('old', { v: 2 }));
    assert.deepEqual(
      [undone.outcome, undone.message, writes.length],
      ['applied', 'Restored: ServiceEntry egress/old.', 1],
    );
  });
  test('changed since: left, and who wrote it is named', async () => {
    const now = {
      stdout: JSON.stringify({
        kind: 'ServiceEntry',
        metadata: {
          name: 'old',
          managedFields: [{ manager: 'istio-egress' }, { manager: 'argocd' }, { manager: 'x', subresource: 'status' }],
        },
        spec: { v: 7 },
      }),
    };
    const { undone, writes } = await undoing(now);
    assert.deepEqual([undone.outcome, writes], ['stopped', []]);
    assert.equal(
      undone.message,
      'ServiceEntry egress/old was changed after that (it is also written by argocd). It was not changed. Check it and change it yourself. Not restored: ServiceEntry egress/old.',
    );
  });
  test('deleted since', async () =>
    assert.match((await undoing({})).undone.message, /was deleted after that\. Apply its earlier manifest/));
  test('of unknown outcome: never applied, applied after all, or something else', async () => {
    const never = await undoing(object('old', { v: 1 }), 'unknown');
    assert.deepEqual([never.undone.outcome, never.writes], ['applied', []]);
    assert.equal((await undoing(object('old', { v: 2 }), 'unknown')).writes.length, 1);
    const other = await undoing(object('old', { v: 5 }), 'unknown');
    assert.deepEqual([other.undone.outcome, other.writes], ['stopped', []]);
    assert.match(other.undone.message, /neither its earlier nor its applied content/);
  });
});

test('no input becomes a flag or a command', async () => {
  for (const bad of ['a;b', '--as=admin', '$(reboot)', 'a\nb', '-n', 'A']) {
    const run = recorded([]);
    const planned = await planApply(run, { context: 'prod', tools, items: [item('x', { namespace: bad })] });
    assert.deepEqual([!planned.ok && planned.problem.kind, run.seen], ['invalid-input', []], bad);
  }
  const run = recorded(answers());
  await planApply(run, {
    context: '--server=http://evil $(x)',
    tools,
    items: [item('x', { name: '--all', text: 'name: --all $(reboot)\n' })],
  });
  for (const { args } of run.seen)
    assert.ok(
      args[0] === '--context=--server=http://evil $(x)' &&
        !args.slice(1).some((word) => word.includes('--all') || word.includes('reboot')),
      args.join(' '),
    );
});
