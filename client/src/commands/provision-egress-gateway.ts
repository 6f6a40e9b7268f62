// Provision Egress Gateway: plan, show, ask, apply, verify, undo, with the user's own istioctl.
import { applyProvision, type Applied } from '../../../server/src/cluster/provision/apply-provision.ts';
import { shellQuoted, type Run } from '../../../server/src/cluster/tools/command.ts';
import { planProvision, type ProvisionPlan } from '../../../server/src/cluster/provision/provision.ts';
import type { ProvisionRequest } from '../../../server/src/cluster/provision/provision-request.ts';
import { kubectl } from '../../../server/src/cluster/tools/target.ts';
import { verifyProvision, type Verified } from '../../../server/src/cluster/provision/verify-provision.ts';
import { readAgain } from '../cluster/read-again.ts';
import type { EgressContext } from '../extension-context.ts';
import { compose } from '../documents/answer.ts';
import { provisionTitle } from '../documents/names.ts';
import { askProvision } from '../provision/ask-gateway.ts';
import { resolveBlockers } from '../provision/blockers.ts';
import { conditionsOf } from '../provision/conditions.ts';
import { confirm } from '../provision/confirm.ts';
import { askImpact } from '../provision/impact.ts';
import { planLines } from '../provision/plan-document.ts';
import { withProgress } from '../ui/progress.ts';
import { detailsOf, levelOf, showMessage, showProblem, showVerified, type MessageAction } from '../ui/notify.ts';
import { writingRun } from '../cluster/tools.ts';
import { clusterCommand, type ClusterCommand } from './cluster-command.ts';
import { undo } from '../provision/undo.ts';

/** How it ended, for code that runs the command. */
type Ending = 'problem' | 'left' | 'blocked' | 'not-applied' | Verified['outcome'];

export const provisionEgressGateway: ClusterCommand<Ending> = clusterCommand(
  'istioEgress.provisionEgressGateway',
  'kubectl and istioctl',
  async (egress, { tools, run }) => {
    const choices = await askProvision(run, tools, egress.server);
    if (!choices.ok) {
      showProblem(egress, choices.problem);
      return 'problem';
    }
    return choices.value ? provision(egress, run, choices.value) : 'left';
  },
);

async function provision(egress: EgressContext, reading: Run, request: ProvisionRequest): Promise<Ending> {
  const planned = await withProgress(`Checking namespace ${request.namespace}`, (signal) =>
    planProvision(reading, request, { signal }),
  );
  if (!planned.ok) {
    showProblem(egress, planned.problem);
    return 'problem';
  }
  const plan = planned.value;
  const { namespace, name, enroll } = request;
  const impact = await askImpact(egress, {
    change: 'provision',
    namespace,
    name,
    enroll,
    manifest: plan.gatewayText,
    ...nowOf(plan),
  });
  const document = compose(planLines(plan, impact));
  egress.output.info(document.text);
  await egress.answers.show(provisionTitle(plan.request), document);
  if (plan.blockers.length > 0) {
    const other = await resolveBlockers(plan);
    return other ? provision(egress, reading, other) : 'blocked';
  }
  return (await confirm(plan, impact)) ? carryOut(egress, reading, plan) : 'left';
}

/** Files may describe already what the cluster does not have yet. */
function nowOf({ facts: { gateway, namespace } }: ProvisionPlan) {
  if (gateway === 'unknown' || namespace === 'missing') return {};
  return { now: { hasGateway: gateway !== 'none', useWaypoint: namespace.useWaypoint ?? null } };
}

async function carryOut(egress: EgressContext, reading: Run, plan: ProvisionPlan): Promise<Ending> {
  const applied = await withProgress(titleOf(plan), (signal, report) => {
    report('Running istioctl');
    return applyProvision(writingRun(egress), plan, { signal });
  });
  if (applied.outcome !== 'applied' && applied.outcome !== 'unclear') {
    tellNotApplied(egress, reading, plan, applied);
    return 'not-applied';
  }
  egress.output.info(applied.message);
  return watch(egress, reading, plan);
}

/** Waits until it is Programmed; a user who stops waiting can resume or undo later. */
async function watch(egress: EgressContext, reading: Run, plan: ProvisionPlan): Promise<Ending> {
  const verified = await withProgress(titleOf(plan), (signal, report) =>
    verifyProvision(reading, plan.request, {
      signal,
      onProgress: (gateway) => report(conditionsOf(gateway)),
    }),
  );
  const back: MessageAction = { label: 'Undo', go: () => undo(egress, plan) };
  const on: MessageAction = { label: 'Keep Waiting', go: () => watch(egress, reading, plan) };
  if (verified.outcome === 'failed' && verified.problem.kind === 'cancelled') {
    const { namespace, name, enroll } = plan.request;
    const gateway = enroll
      ? `Gateway ${namespace}/${name} was applied and namespace ${namespace} enrolled.`
      : `Gateway ${namespace}/${name} was applied.`;
    const look = kubectl(plan.request, 'get', `gateways.gateway.networking.k8s.io/${name}`);
    showMessage(egress, 'warn', `${gateway} The wait for Programmed was stopped. Keep waiting, or undo the changes.`, {
      details: [`  ${shellQuoted(look)}`],
      actions: [on, back],
    });
  } else showVerified(egress, verified, verified.outcome === 'programmed' ? [back] : [on, back]);
  readAgain(egress, plan.request);
  return verified.outcome;
}

function tellNotApplied(
  egress: EgressContext,
  reading: Run,
  plan: ProvisionPlan,
  applied: Exclude<Applied, { readonly outcome: 'applied' | 'unclear' }>,
): void {
  if (applied.outcome === 'nothing-applied') return showMessage(egress, 'warn', `${applied.message} ${applied.advice}`);
  const { progress, message, problem } = applied;
  if (progress === 'nothing')
    return showMessage(egress, levelOf(problem), `${message} ${problem.advice}`, { details: detailsOf(problem) });
  const actions = [
    { label: 'Finish', go: () => provision(egress, reading, plan.request) },
    { label: 'Undo', go: () => undo(egress, plan) },
  ];
  showMessage(egress, levelOf(problem), `${message} To finish, provision it again. To go back, undo it.`, {
    details: detailsOf(problem),
    actions,
  });
}

function titleOf({ request: { namespace, name } }: ProvisionPlan): string {
  return `Provisioning ${namespace}/${name}`;
}
