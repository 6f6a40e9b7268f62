// A person stops while something is read, ahead of any of its commands: the answer is that it was stopped, never half of one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planApply } from '../../../server/src/cluster/apply/apply-plan.ts';
import type { Run } from '../../../server/src/cluster/tools/command.ts';
import { readContexts, listNamespaces } from '../../../server/src/cluster/tools/contexts.ts';
import { planDelete } from '../../../server/src/cluster/provision/delete-gateway.ts';
import { readAllGatewayLogs } from '../../../server/src/cluster/logs/all-gateway-logs.ts';
import { readGatewayLogs } from '../../../server/src/cluster/logs/gateway-logs.ts';
import type { Limits } from '../../../server/src/cluster/tools/target.ts';
import { listPodAccounts } from '../../../server/src/cluster/objects/pod-accounts.ts';
import { listPods } from '../../../server/src/cluster/objects/pods.ts';
import type { Outcome } from '../../../server/src/cluster/tools/problem.ts';
import { planProvision, type ProvisionPlan } from '../../../server/src/cluster/provision/provision.ts';
import { readSnapshot } from '../../../server/src/cluster/snapshot/snapshot.ts';
import { sendTestRequest } from '../../../server/src/cluster/requests/test-request.ts';
import { planUndo } from '../../../server/src/cluster/provision/undo-provision.ts';
import { item, ranTo, tools, wellBehaved } from './cluster-kit.ts';

const target = { context: 'prod', namespace: 'egress', tools };
const made = await planProvision(wellBehaved(), { ...target, name: 'gate', enroll: true });
const plan: ProvisionPlan = made.ok ? made.value : assert.fail(made.problem.message);

const readers: Readonly<Record<string, (run: Run, limits: Limits) => Promise<Outcome<unknown>>>> = {
  contexts: (run, limits) => readContexts(run, tools, limits),
  namespaces: (run, limits) => listNamespaces(run, 'prod', tools, limits),
  'the plan of a provisioning': (run, limits) => planProvision(run, plan.request, limits),
  'the plan of its undo': (run, limits) => planUndo(run, plan, limits),
  'the plan of a deletion': (run, limits) => planDelete(run, { ...target, name: 'gate' }, limits),
  'the plan of an application': (run, limits) => planApply(run, { context: 'prod', tools, items: [item] }, limits),
  'a snapshot': (run, limits) => readSnapshot(run, { context: 'prod', tools }, limits),
  pods: (run, limits) => listPods(run, target, limits),
  logs: (run, limits) => readGatewayLogs(run, { ...target, name: 'gate' }, limits),
  'all logs': (run, limits) =>
    readAllGatewayLogs(run, { ...target, name: 'gate' }, { ...limits, onLine: () => undefined }),
  'the accounts of pods': (run, limits) => listPodAccounts(run, target, limits),
  'a request': (run, limits) =>
    sendTestRequest(run, { ...target, pod: 'curl-1', container: 'curl', url: 'http://x.org/' }, limits),
};

for (const [what, read] of Object.entries(readers)) {
  test(`${what}: stopped at any command`, async () => {
    const whole = wellBehaved();
    await read(whole, {});
    assert.ok(whole.seen.length > 0);
    for (let at = 1; at <= whole.seen.length; at++) {
      const stop = new AbortController();
      const run = wellBehaved();
      let count = 0;
      const found = await read(
        (command, options) => {
          if (++count === at) stop.abort();
          return options.signal?.aborted ? Promise.resolve(ranTo({ ended: 'cancelled' })) : run(command, options);
        },
        { signal: stop.signal },
      );
      assert.equal(
        !found.ok && found.problem.kind,
        'cancelled',
        `command ${at} of ${whole.seen.length}: ${found.ok ? 'an answer' : found.problem.message}`,
      );
    }
  });
}
