// Plan, ask, apply, verify: an egress waypoint on the user's cluster by the user's own istioctl.
import { l10n } from 'vscode';
import { applyProvision } from '../../../server/src/cluster/apply-provision.ts';
import type { Run } from '../../../server/src/cluster/command.ts';
import { planProvision, type ProvisionPlan } from '../../../server/src/cluster/provision.ts';
import type { ProvisionRequest } from '../../../server/src/cluster/provision-request.ts';
import { verifyProvision, type Verified } from '../../../server/src/cluster/verify-provision.ts';
import type { EgressCommand, EgressContext } from '../context.ts';
import { askProvision } from '../provision/ask.ts';
import { resolveBlockers } from '../provision/blockers.ts';
import { confirm } from '../provision/confirm.ts';
import { logged } from '../provision/log.ts';
import { withProgress } from '../provision/progress.ts';
import { tellNotApplied, tellProblem, tellVerified } from '../provision/tell.ts';
import { findTools, userRun } from '../provision/tools.ts';
import { mayStartProcesses } from '../provision/trust.ts';

/** How it ended, for whoever runs the command from code. */
type Ending = 'untrusted' | 'tool-missing' | 'problem' | 'left' | 'blocked' | 'not-applied' | Verified['outcome'];

export const provisionEgressGateway: EgressCommand = { id: 'istioEgress.provisionEgressGateway', run };

async function run(egress: EgressContext): Promise<Ending> {
  if (!mayStartProcesses()) return 'untrusted';
  const tools = await findTools();
  if (!tools) return 'tool-missing';
  const reading = logged(userRun(), egress.output, { chatty: false });
  const asked = await askProvision(reading, tools, egress.server);
  if (!asked.ok) {
    tellProblem(egress, asked.problem);
    return 'problem';
  }
  return asked.value ? provision(egress, reading, asked.value) : 'left';
}

async function provision(egress: EgressContext, reading: Run, request: ProvisionRequest): Promise<Ending> {
  const planned = await withProgress(l10n.t('Looking at namespace {0}', request.namespace), (signal) => planProvision(reading, request, { signal }));
  if (!planned.ok) {
    tellProblem(egress, planned.problem);
    return 'problem';
  }
  const plan = planned.value;
  logPlan(egress, plan);
  if (plan.blockers.length > 0) {
    const other = await resolveBlockers(plan);
    return other ? provision(egress, reading, other) : 'blocked';
  }
  return await confirm(plan) ? carryOut(egress, reading, plan) : 'left';
}

async function carryOut(egress: EgressContext, reading: Run, plan: ProvisionPlan): Promise<Ending> {
  const { namespace, name } = plan.request;
  return withProgress(l10n.t('Provisioning {0}', `${namespace}/${name}`), async (signal, report) => {
    report(l10n.t('istioctl runs'));
    const applied = await applyProvision(logged(userRun(), egress.output, { chatty: true }), plan, { signal });
    if (applied.outcome !== 'applied' && applied.outcome !== 'unclear') {
      tellNotApplied(egress, applied);
      return 'not-applied';
    }
    egress.output.info(applied.message);
    report(l10n.t('waiting until it is Programmed'));
    const verified = await verifyProvision(reading, plan.request, { signal });
    tellVerified(egress, verified);
    return verified.outcome;
  });
}

function logPlan({ output }: EgressContext, { gatewayText, blockers, warnings }: ProvisionPlan): void {
  output.info(l10n.t('The Gateway that istioctl makes:'));
  for (const line of gatewayText.trimEnd().split('\n')) output.info(`  ${line}`);
  for (const { message, advice } of [...blockers, ...warnings]) output.warn(`${message} ${advice}`);
}
