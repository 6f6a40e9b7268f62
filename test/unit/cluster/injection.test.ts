// Names that are attempts: in every input of everything that runs a program. What is no name is refused before anything runs; what may be
// free text stands behind the option that takes it, or in what a program reads, and never becomes a word of its own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyPlanned } from '../../../server/src/cluster/apply/apply-manifests.ts';
import { planApply, type ApplyPlan } from '../../../server/src/cluster/apply/apply-plan.ts';
import { applyProvision } from '../../../server/src/cluster/provision/apply-provision.ts';
import { shellQuoted, type Run } from '../../../server/src/cluster/tools/command.ts';
import { listNamespaces, readContexts } from '../../../server/src/cluster/tools/contexts.ts';
import { readControlPlane } from '../../../server/src/cluster/objects/control-plane.ts';
import { deleteGateway, planDelete } from '../../../server/src/cluster/provision/delete-gateway.ts';
import { readDrift } from '../../../server/src/cluster/snapshot/drift.ts';
import { checkEgressIsClosed } from '../../../server/src/cluster/requests/egress-closed.ts';
import { readAllGatewayLogs } from '../../../server/src/cluster/logs/all-gateway-logs.ts';
import { followGatewayLogs, readGatewayLogs } from '../../../server/src/cluster/logs/gateway-logs.ts';
import { readIdentity } from '../../../server/src/cluster/tools/identity.ts';
import { listPodAccounts } from '../../../server/src/cluster/objects/pod-accounts.ts';
import { listPods } from '../../../server/src/cluster/objects/pods.ts';
import { planProvision } from '../../../server/src/cluster/provision/provision.ts';
import { readSnapshot } from '../../../server/src/cluster/snapshot/snapshot.ts';
import { sendTestRequest } from '../../../server/src/cluster/requests/test-request.ts';
import { undoApply } from '../../../server/src/cluster/apply/undo-apply.ts';
import { planUndo, undoProvision } from '../../../server/src/cluster/provision/undo-provision.ts';
import { verifyProvision } from '../../../server/src/cluster/provision/verify-provision.ts';
import { watchSnapshot } from '../../../server/src/cluster/snapshot/watch-snapshot.ts';
import { gateway, item, tools, wellBehaved } from './cluster-kit.ts';
import type { Manifest } from '../../../server/src/model/manifest.ts';

const attempts = [
  'a;touch x',
  'a && b',
  '$(touch x)',
  '`touch x`',
  'a|b',
  '--all',
  '--as=admin',
  '-n',
  '-A',
  'a b',
  'a\nb',
  'a\r\nb',
  'a\0b',
  '../../x',
  'a/b',
  'a,b',
  "a'b",
  'a"b',
  '*',
  '@file',
  '--kubeconfig=/x',
  '=',
  '%',
  'x=y',
  'ä',
  '',
];
const target = { context: 'prod', namespace: 'egress', tools };
const provision = { ...target, name: 'gate', enroll: true };
const request = { ...target, pod: 'curl-1', container: 'curl', url: 'http://httpbin.org/get' };
const unread = { onLine: () => undefined };
const soon = () => ({ signal: AbortSignal.timeout(5), onLine: () => undefined, pollMs: 1 });

/** Each way in, with one value replaced. `free`: the value may be any text, or any of one line, and is then only held to its place. */
const inputs: Readonly<
  Record<string, { readonly free?: boolean; readonly ask: (run: Run, bad: string) => Promise<unknown> }>
> = {
  'namespace to provision': { ask: (run, bad) => planProvision(run, { ...provision, namespace: bad }) },
  'waypoint to provision': { ask: (run, bad) => planProvision(run, { ...provision, name: bad }) },
  'traffic type': { ask: (run, bad) => planProvision(run, { ...provision, trafficFor: bad as 'all' }) },
  'context to provision in': { free: true, ask: (run, bad) => planProvision(run, { ...provision, context: bad }) },
  'context to apply a plan in': { free: true, ask: (run, bad) => planned(run, { ...provision, context: bad }) },
  'namespace to delete in': { ask: (run, bad) => planDelete(run, { ...target, name: 'gate', namespace: bad }) },
  'waypoint to delete': { ask: (run, bad) => planDelete(run, { ...target, name: bad }) },
  'context to delete in': {
    free: true,
    ask: async (run, bad) => {
      const plan = await planDelete(run, { ...target, context: bad, name: 'gate' });
      if (plan.ok) await deleteGateway(run, plan.value, { removeLabels: true, goneWithinMs: 0 });
    },
  },
  'context of a snapshot': { free: true, ask: (run, bad) => readSnapshot(run, { context: bad, tools }) },
  'namespace of a snapshot': { ask: (run, bad) => readSnapshot(run, { context: 'prod', tools, namespaces: [bad] }) },
  'namespace of a watched snapshot': {
    ask: (run, bad) =>
      watchSnapshot(
        run,
        { context: 'prod', tools, namespaces: [bad] },
        { signal: AbortSignal.timeout(5), onSnapshot: () => undefined, onProblem: () => undefined },
      ).ended,
  },
  'context of an identity': { free: true, ask: (run, bad) => readIdentity(run, { context: bad, tools }) },
  'context of a control plane': { free: true, ask: (run, bad) => readControlPlane(run, { context: bad, tools }) },
  'context of namespaces': { free: true, ask: (run, bad) => listNamespaces(run, bad, tools) },
  // An empty one means an object of the whole cluster.
  'namespace of an object': { ask: (run, bad) => manifests(run, { ...item, namespace: bad || 'A' }) },
  'name of an object': { free: true, ask: (run, bad) => manifests(run, { ...item, name: bad }) },
  'kind of an object': { free: true, ask: (run, bad) => manifests(run, { ...item, kind: bad }) },
  'text of an object': { free: true, ask: (run, bad) => manifests(run, { ...item, text: bad }) },
  'context of manifests': { free: true, ask: (run, bad) => manifests(run, item, bad) },
  'object of a drift': { free: true, ask: (run, bad) => drift(run, bad) },
  'namespace of pods': { ask: (run, bad) => listPods(run, { ...target, namespace: bad }) },
  'namespace of logs': { ask: (run, bad) => readGatewayLogs(run, { ...target, name: 'gate', namespace: bad }) },
  'waypoint of logs': { ask: (run, bad) => readGatewayLogs(run, { ...target, name: bad }) },
  'start of logs': { ask: (run, bad) => readGatewayLogs(run, { ...target, name: 'gate' }, { since: bad }) },
  'waypoint of all logs': { ask: (run, bad) => readAllGatewayLogs(run, { ...target, name: bad }, unread) },
  'age of all logs': {
    ask: (run, bad) => readAllGatewayLogs(run, { ...target, name: 'gate' }, { ...unread, since: bad }),
  },
  'context of the accounts of pods': {
    free: true,
    ask: (run, bad) => listPodAccounts(run, { ...target, context: bad }),
  },
  'waypoint of followed logs': { ask: (run, bad) => followGatewayLogs(run, { ...target, name: bad }, soon()) },
  'start of followed logs': {
    ask: (run, bad) => followGatewayLogs(run, { ...target, name: 'gate' }, { ...soon(), since: bad }),
  },
  'pod of a request': { ask: (run, bad) => sendTestRequest(run, { ...request, pod: bad }) },
  'container of a request': { ask: (run, bad) => sendTestRequest(run, { ...request, container: bad }) },
  'namespace of a request': { ask: (run, bad) => sendTestRequest(run, { ...request, namespace: bad }) },
  'URL of a request': { ask: (run, bad) => sendTestRequest(run, { ...request, url: bad }) },
  'host of a request': { free: true, ask: (run, bad) => sendTestRequest(run, { ...request, url: `http://${bad}/` }) },
  'method of a request': { ask: (run, bad) => sendTestRequest(run, { ...request, method: bad }) },
  'header of a request': { ask: (run, bad) => sendTestRequest(run, { ...request, headers: [bad] }) },
  'value of a header': { free: true, ask: (run, bad) => sendTestRequest(run, { ...request, headers: [`x: ${bad}`] }) },
  'body of a request': { free: true, ask: (run, bad) => sendTestRequest(run, { ...request, body: bad }) },
  'address of a request': { ask: (run, bad) => sendTestRequest(run, { ...request, address: bad }) },
  'pod of a check': {
    ask: (run, bad) =>
      checkEgressIsClosed(run, { ...target, pod: bad, container: 'curl', undeclaredUrl: 'http://x.org/' }),
  },
  'address of a check': {
    ask: (run, bad) =>
      checkEgressIsClosed(run, {
        ...target,
        pod: 'p',
        container: 'curl',
        undeclaredUrl: bad,
        around: { url: 'http://x.org/', address: bad },
      }),
  },
};

async function planned(run: Run, wanted: typeof provision): Promise<void> {
  const plan = await planProvision(run, wanted);
  if (!plan.ok) return;
  await applyProvision(run, plan.value);
  await verifyProvision(run, wanted, { timeoutMs: 0 });
  await planUndo(run, plan.value);
  await undoProvision(run, plan.value);
}

async function manifests(run: Run, one: Manifest, context = 'prod'): Promise<void> {
  const plan = await planApply(run, { context, tools, items: [one] });
  if (!plan.ok) return;
  // Whatever the dry run said: as if it had gone well.
  const all: ApplyPlan = {
    ...plan.value,
    items: plan.value.items.map((planned) => ({ ...planned, change: 'create', problem: undefined })),
  };
  await applyPlanned(run, all);
  await undoApply(run, all, {
    outcome: 'applied',
    message: '',
    problem: undefined,
    items: all.items.map((planned) => ({ planned, outcome: 'applied', after: gateway })),
  });
}

async function drift(run: Run, bad: string): Promise<void> {
  const file = {
    id: '1',
    kind: 'ServiceEntry' as const,
    namespace: bad,
    name: bad,
    object: { kind: 'ServiceEntry', metadata: { name: bad, namespace: bad } },
  };
  const snapshot = {
    context: 'prod',
    takenAt: '',
    namespaces: undefined,
    complete: [],
    unread: [],
    objects: [file],
    controlPlane: { namespace: '', version: undefined, meshText: undefined },
  };
  await readDrift(run, { snapshot, tools, files: [file], mayHoldMore: () => false });
}

/** Options of kubectl, istioctl and curl that stand before a value of their own. */
const takesNext = new Set([
  '--max-time',
  '--request',
  '--header',
  '--data-raw',
  '--connect-to',
  '--write-out',
  '--url',
]);

const plain = 'qmarkq';

for (const [what, { free, ask }] of Object.entries(inputs)) {
  const words = async (value: string): Promise<readonly (readonly string[])[]> => {
    const run = wellBehaved();
    await ask(run, value);
    for (const { command } of run.seen) assert.ok([tools.kubectl, tools.istioctl].includes(command.file), command.file);
    return run.seen.map(({ command }) => command.args);
  };
  if (!free) {
    test(`${what}: what is no name runs nothing`, async () => {
      for (const bad of attempts) assert.deepEqual(await words(bad), [], JSON.stringify(bad));
    });
    continue;
  }
  test(`${what}: whatever it is, the words are the same but for that one value behind its option`, async () => {
    const usual = await words(plain);
    assert.ok(usual.length > 0);
    for (const args of usual) {
      for (const [i, word] of args.entries()) {
        if (word.includes(plain))
          assert.ok(
            /^--[a-z-]+=/.test(word) || takesNext.has(args[i - 1] ?? ''),
            `${word} is a word of its own in ${args.join(' ')}`,
          );
      }
    }
    let ran = 0;
    for (const bad of attempts) {
      const seen = await words(bad);
      if (seen.length === 0) continue;
      ran++;
      assert.deepEqual(
        seen,
        usual.map((args) => args.map((word) => word.replaceAll(plain, () => bad))),
        JSON.stringify(bad),
      );
    }
    assert.ok(ran > 0);
  });
}

test('what is shown can be pasted: a quoted word stays one word', () => {
  for (const bad of attempts.filter((one) => one !== 'a\0b')) {
    const shown = shellQuoted({ file: 'kubectl', args: [bad] });
    assert.ok(shown === `kubectl ${bad}` ? /^[\w@%+=:,./-]+$/.test(bad) : /^kubectl '.*'$/s.test(shown), shown);
  }
});

test('the contexts of a kubeconfig are read without an input', async () => {
  const run = wellBehaved();
  await readContexts(run, tools);
  assert.deepEqual(
    run.seen.map(({ command }) => command.args),
    [['config', 'view', '--output=json']],
  );
});
