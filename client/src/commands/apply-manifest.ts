// Apply and Diff Manifest, from editor, explorer, view and lens.
import { nameOf, type ApplyReport } from '../../../server/src/cluster/apply/apply-manifests.ts';
import type { PlannedItem } from '../../../server/src/cluster/apply/apply-plan.ts';
import type { ClusterAccess } from '../cluster/tools.ts';
import type { EgressContext } from '../extension-context.ts';
import { showMessage } from '../ui/notify.ts';
import { clusterCommand } from './cluster-command.ts';
import { carryOut, confirmItems } from '../apply/carry-out.ts';
import { chooseItems } from '../apply/choose.ts';
import { comparePlanned, isComparable } from '../apply/show-differences.ts';
import { makePlan, type Planned } from '../apply/plan.ts';
import { changes } from '../apply/plan-wording.ts';

type Ending = 'no-plan' | 'unchanged' | 'left';

/** Says what it found, by object, to the code that runs it. */
export const diffManifest = clusterCommand('istioEgress.diffManifest', 'kubectl', diff);

export const applyManifest = clusterCommand('istioEgress.applyManifest', 'kubectl', apply);

async function diff(
  egress: EgressContext,
  access: ClusterAccess,
  given: unknown,
  more: unknown,
): Promise<Ending | Record<string, PlannedItem['change']>> {
  const planned = await makePlan(egress, access, given, more);
  if (!planned) return 'no-plan';
  const { plan, target, note } = planned;
  const silent = plan.items.filter((item) => !isComparable(item) && item.change !== 'unchanged');
  if (plan.items.some(isComparable)) await comparePlanned(plan, plan.items);
  else if (silent.length === 0)
    showMessage(egress, 'info', [`Cluster ${target.context} already has this content.`, note].join(' ').trim());
  if (silent.length > 0) showMessage(egress, 'warn', silent.map(wordsOf).join(' '));
  return Object.fromEntries(plan.items.map(({ item, change }) => [nameOf(item), change]));
}

async function apply(
  egress: EgressContext,
  access: ClusterAccess,
  given: unknown,
  more: unknown,
): Promise<Ending | ApplyReport['outcome']> {
  const planned = await makePlan(egress, access, given, more);
  if (!planned) return 'no-plan';
  const { plan, target, note } = planned;
  if (plan.items.every(({ change }) => change === 'unchanged')) {
    showMessage(
      egress,
      'info',
      [`Cluster ${target.context} already has this content. Nothing to apply.`, note].join(' ').trim(),
    );
    return 'unchanged';
  }
  await comparePlanned(plan, plan.items);
  const chosen = await chooseItems(egress, planned);
  const effect = chosen && (await effectOf(egress, planned, chosen));
  return chosen && (await confirmItems(planned, chosen, effect ?? [])) ? carryOut(egress, planned, chosen) : 'left';
}

/** What applying the chosen manifests opens and closes, a line each; empty where the cluster was not read. */
async function effectOf(
  { server }: EgressContext,
  { plan }: Planned,
  chosen: readonly PlannedItem[],
): Promise<readonly string[]> {
  const texts = chosen.map(({ item }) => item.text);
  const found = await server.request('istioEgress/applyEffect', { context: plan.request.context, texts });
  if (!found?.known) return ['What this opens is not known: the cluster was not read (Read Cluster).'];
  return found.effects.length === 0 ? ['This changes nobody’s access.'] : found.effects;
}

function wordsOf({ item, change, problem }: PlannedItem): string {
  return `${nameOf(item)} ${changes[change]}.${problem ? ` ${problem.message} ${problem.details?.split('\n')[0] ?? problem.advice}` : ''}`;
}
