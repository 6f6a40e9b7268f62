// Texts for the effect of an apply on one object.
import type { PlannedItem } from '../../../server/src/cluster/apply/apply-plan.ts';

export const changes: Readonly<Record<PlannedItem['change'], string>> = {
  create: 'is created',
  change: 'is changed',
  unchanged: 'does not change',
  conflict: 'has fields that another manager owns',
  refused: 'is refused by the cluster',
  'after-namespace': 'is created after its namespace',
  unknown: 'could not be checked',
};

export function conflictWords({ conflicts }: PlannedItem): readonly string[] {
  return conflicts.map(({ manager, fields }) => `${managerWords(manager)} manages ${fields.join(', ')}`);
}

/** Most users do not know kubectl's own manager name. */
function managerWords(manager: string): string {
  return manager === 'kubectl-client-side-apply' ? `an earlier kubectl apply (${manager})` : manager;
}

export function errorWords({ item: { errors } }: PlannedItem): readonly string[] {
  if (errors.length === 0) return [];
  return [errors.length === 1 ? `1 error: ${errors[0]!}` : `${errors.length} errors: ${errors[0]!}`];
}
