// Texts for the effect of an apply on one object.
import { l10n } from 'vscode';
import type { PlannedItem } from '../../../server/src/cluster/apply/apply-plan.ts';

export const changes: Readonly<Record<PlannedItem['change'], () => string>> = {
  create: () => l10n.t('is created'),
  change: () => l10n.t('is changed'),
  unchanged: () => l10n.t('does not change'),
  conflict: () => l10n.t('has fields that another manager owns'),
  refused: () => l10n.t('is refused by the cluster'),
  'after-namespace': () => l10n.t('is created after its namespace'),
  unknown: () => l10n.t('could not be checked'),
};

export function conflictWords({ conflicts }: PlannedItem): readonly string[] {
  return conflicts.map(({ manager, fields }) => l10n.t('{0} manages {1}', managerWords(manager), fields.join(', ')));
}

/** Most users do not know kubectl's own manager name. */
function managerWords(manager: string): string {
  return manager === 'kubectl-client-side-apply' ? l10n.t('an earlier kubectl apply ({0})', manager) : manager;
}

export function errorWords({ item: { errors } }: PlannedItem): readonly string[] {
  if (errors.length === 0) return [];
  return [
    errors.length === 1 ? l10n.t('1 error: {0}', errors[0]!) : l10n.t('{0} errors: {1}', errors.length, errors[0]!),
  ];
}
