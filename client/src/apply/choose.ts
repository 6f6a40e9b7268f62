// Lets the user choose which objects of a plan to apply, with a diff for each.
import { QuickPickItemKind, ThemeIcon, window, type QuickPickItem } from 'vscode';
import { nameOf } from '../../../server/src/cluster/apply/apply-manifests.ts';
import type { PlannedItem } from '../../../server/src/cluster/apply/apply-plan.ts';
import type { EgressContext } from '../extension-context.ts';
import { runInBackground } from '../run-in-background.ts';
import { comparePlanned, isComparable } from './show-differences.ts';
import type { Planned } from './plan.ts';
import { changes, conflictWords, errorWords } from './plan-wording.ts';

interface Item extends QuickPickItem {
  readonly planned?: PlannedItem;
}

const icons: Readonly<Record<PlannedItem['change'], string>> = {
  create: 'diff-added',
  change: 'diff-modified',
  unchanged: 'check',
  conflict: 'git-pull-request-closed',
  refused: 'error',
  'after-namespace': 'diff-added',
  unknown: 'question',
};

/** Undefined if the user cancels. What the cluster refuses cannot be chosen; conflicts and errors are, but not by themselves. */
export function chooseItems(
  { output }: Pick<EgressContext, 'output'>,
  { plan, target, note }: Planned,
): Promise<readonly PlannedItem[] | undefined> {
  const offered = plan.items.filter(({ change }) => change !== 'unchanged' && change !== 'refused');
  const refused = plan.items.filter(({ change }) => change === 'refused');
  const unchanged = plan.items.length - offered.length - refused.length;
  const pick = window.createQuickPick<Item>();
  const compare = { iconPath: new ThemeIcon('diff'), tooltip: 'Show Difference' };
  const all = { iconPath: new ThemeIcon('diff-multiple'), tooltip: 'Show All Differences' };
  const itemOf = (planned: PlannedItem): Item => {
    const detail = [
      ...errorWords(planned),
      ...conflictWords(planned),
      ...(planned.problem && planned.change !== 'conflict'
        ? [`${planned.problem.message} ${planned.problem.advice}`]
        : []),
    ].join(' · ');
    return {
      planned,
      label: `$(${icons[planned.change]}) ${nameOf(planned.item)}`,
      description: changes[planned.change],
      ...(detail !== '' && { detail }),
      ...(isComparable(planned) && { buttons: [compare] }),
    };
  };
  const separator = (label: string): Item => ({ label, kind: QuickPickItemKind.Separator });
  pick.title = `Apply to ${target.context}`;
  pick.placeholder = [
    'Which resources do you want to apply?',
    ...(unchanged > 0 ? [`${unchanged} do not change.`] : []),
    note,
  ]
    .join(' ')
    .trim();
  pick.canSelectMany = true;
  pick.ignoreFocusOut = true;
  pick.matchOnDescription = true;
  pick.buttons = offered.some(isComparable) ? [all] : [];
  pick.items = [
    ...offered.map(itemOf),
    ...(refused.length > 0 ? [separator('refused by the cluster'), ...refused.map(itemOf)] : []),
  ];
  pick.selectedItems = pick.items.filter(
    ({ planned }) =>
      planned && planned.item.errors.length === 0 && ['create', 'change', 'after-namespace'].includes(planned.change),
  );
  const showDifference = (items: readonly PlannedItem[]) =>
    runInBackground(output, 'showing a difference', comparePlanned(plan, items));
  return new Promise((resolve) => {
    const settle = (chosen: readonly PlannedItem[] | undefined) => {
      resolve(chosen);
      pick.dispose();
    };
    pick.onDidTriggerButton(() => showDifference(offered));
    pick.onDidTriggerItemButton(({ item }) => {
      if (item.planned) showDifference([item.planned]);
    });
    pick.onDidAccept(() => {
      const chosen = pick.selectedItems.flatMap(({ planned }) =>
        planned && planned.change !== 'refused' ? [planned] : [],
      );
      if (chosen.length > 0) settle(chosen);
    });
    pick.onDidHide(() => settle(undefined));
    pick.show();
  });
}
