// Shows a plan as diffs: the object in the cluster, and after applying.
import { nameOf } from '../../../server/src/cluster/apply/apply-manifests.ts';
import type { ApplyPlan, PlannedItem } from '../../../server/src/cluster/apply/apply-plan.ts';
import { showComparisons } from '../cluster/texts.ts';

/** Whether there are two sides to show. */
export function isComparable({ change, future, live }: PlannedItem): boolean {
  return (change === 'create' || change === 'change' || change === 'conflict') && future !== live && future !== '';
}

export async function comparePlanned(
  { request: { context } }: ApplyPlan,
  items: readonly PlannedItem[],
): Promise<void> {
  const shown = items.filter(isComparable);
  const [only] = shown;
  const title =
    shown.length === 1 && only
      ? `${nameOf(only.item)}: cluster ${context} ↔ after applying`
      : `Cluster ${context} ↔ after applying`;
  await showComparisons(
    title,
    [context, 'after applying'],
    shown.map(({ item, live, future }) => ({ name: nameOf(item), left: live, right: future })),
  );
}
