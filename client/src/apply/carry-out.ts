// Applies the chosen and confirmed objects, reports the result, and undoes it on request.
import { l10n } from 'vscode';
import { applyPlanned, nameOf, type ApplyReport } from '../../../server/src/cluster/apply/apply-manifests.ts';
import type { ApplyPlan, PlannedItem } from '../../../server/src/cluster/apply/apply-plan.ts';
import type { Problem } from '../../../server/src/cluster/tools/problem.ts';
import { undoApply } from '../../../server/src/cluster/apply/undo-apply.ts';
import { readAgain } from '../cluster/read-again.ts';
import { readTarget } from '../cluster/target.ts';
import type { EgressContext } from '../extension-context.ts';
import { confirmWrite } from '../ui/confirm-write.ts';
import { withProgress } from '../ui/progress.ts';
import { detailsOf, levelOf, showMessage } from '../ui/notify.ts';
import { userRun, writingRun } from '../cluster/tools.ts';
import { changes, conflictWords, errorWords } from './plan-wording.ts';
import type { Planned } from './plan.ts';

/** `effect`: what it opens and closes, a line each. */
export async function confirmItems(
  { plan, note }: Planned,
  chosen: readonly PlannedItem[],
  effect: readonly string[],
): Promise<boolean> {
  const { context } = plan.request;
  const errors = chosen.filter(({ item }) => item.errors.length > 0);
  const contested = chosen.filter(({ change }) => change === 'conflict');
  const shown = chosen
    .slice(0, 12)
    .map(
      (planned) =>
        `• ${nameOf(planned.item)} ${planned.change === 'conflict' ? l10n.t('is changed, fields are taken over from their managers') : changes[planned.change]()}`,
    );
  const plainButton = contested.length > 0 ? l10n.t('Apply and Take Over') : l10n.t('Apply');
  return confirmWrite({
    question:
      chosen.length === 1
        ? l10n.t('Apply {0}?', nameOf(chosen[0]!.item))
        : l10n.t('Apply {0} resources?', chosen.length),
    context,
    namespace: namespacesOf(chosen),
    button: errors.length > 0 ? l10n.t('Apply with Errors') : plainButton,
    detail: [
      l10n.t('Server: {0}', plan.identity.server),
      '',
      ...shown,
      ...(chosen.length > shown.length ? [l10n.t('and {0} more', chosen.length - shown.length)] : []),
      ...section(l10n.t('Access:'), shortList(effect)),
      ...section(
        l10n.t('⚠ These resources have errors:'),
        errors.flatMap((one) => errorWords(one).map((words) => `${nameOf(one.item)}: ${words}`)),
      ),
      ...section(
        l10n.t('⚠ These fields are taken over from their managers:'),
        contested.flatMap((one) => conflictWords(one).map((words) => `${nameOf(one.item)}: ${words}`)),
      ),
      ...section(note, note === '' ? [] : ['']),
    ],
  });
}

/** The most that a dialog shows of a kind. */
const mostLines = 8;

function shortList(lines: readonly string[]): readonly string[] {
  const more = lines.length - mostLines;
  return [...lines.slice(0, mostLines).map((line) => `• ${line}`), ...(more > 0 ? [l10n.t('and {0} more', more)] : [])];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines];
}

function namespacesOf(chosen: readonly PlannedItem[]): string {
  const names = [
    ...new Set(chosen.map(({ item: { kind, name, namespace } }) => (kind === 'Namespace' ? name : namespace))),
  ].filter((name) => name !== '');
  return names.length === 0 ? l10n.t('none (cluster-scoped)') : names.join(', ');
}

export async function carryOut(
  egress: EgressContext,
  { plan, target }: Planned,
  chosen: readonly PlannedItem[],
): Promise<ApplyReport['outcome']> {
  const ids = (items: readonly PlannedItem[]) => new Set(items.map(({ item }) => item.id));
  const writing = writingRun(egress);
  const switched = await contextSwitched(egress, plan, target.chosen);
  if (switched) {
    showMessage(egress, 'error', `${switched.message} ${switched.advice}`);
    return 'refused';
  }
  const report = await withProgress(l10n.t('Applying to {0}', target.context), (signal, say) =>
    applyPlanned(writing, plan, {
      signal,
      chosen: ids(chosen),
      confirmed: ids(chosen.filter(({ item }) => item.errors.length > 0)),
      takeOver: ids(chosen.filter(({ change }) => change === 'conflict')),
      onProgress: ({ planned }) => say(nameOf(planned.item)),
    }),
  );
  tellReport(egress, plan, report, chosen);
  if (report.outcome !== 'refused') readAgain(egress, plan.request);
  return report.outcome;
}

/** A command for the current context was planned for that context: if it changed, the plan must be made again. */
async function contextSwitched(
  egress: EgressContext,
  { request: { context, tools } }: ApplyPlan,
  wasChosen: boolean,
): Promise<Problem | undefined> {
  const now = await readTarget(egress, userRun(), tools);
  if (!now.ok) return now.problem;
  if (wasChosen || now.value.context === context) return undefined;
  egress.live.setTarget(now.value);
  return {
    kind: 'context-moved',
    message: l10n.t(
      'The current context is now {0}; it was {1} when the plan was made. Nothing was changed.',
      now.value.context,
      context,
    ),
    advice: l10n.t('Make a new plan.'),
  };
}

function tellReport(egress: EgressContext, plan: ApplyPlan, report: ApplyReport, chosen: readonly PlannedItem[]): void {
  const isDone = report.outcome === 'applied';
  const some = report.items.some(({ outcome }) => outcome === 'applied' || outcome === 'unknown');
  const left = plan.items
    .filter((item) => item.change !== 'unchanged' && !chosen.includes(item))
    .map(({ item }) => nameOf(item));
  const notes = left.length === 0 ? [] : [l10n.t('Skipped: {0}.', left.join(', '))];
  const level = report.problem ? levelOf(report.problem) : 'warn';
  showMessage(egress, isDone ? 'info' : level, [report.message, ...notes].join(' '), {
    details: report.problem ? detailsOf(report.problem) : [],
    actions: some ? [{ label: l10n.t('Undo'), go: () => undo(egress, plan, report) }] : [],
  });
}

async function undo(
  egress: EgressContext,
  plan: ApplyPlan,
  report: ApplyReport,
): Promise<ApplyReport['outcome'] | 'left'> {
  const wanted = report.items
    .filter(({ outcome }) => outcome === 'applied' || outcome === 'unknown')
    .map(({ planned }) => planned);
  const agreed = await confirmWrite({
    question: l10n.t('Undo the changes?'),
    context: plan.request.context,
    namespace: namespacesOf(wanted),
    button: l10n.t('Undo'),
    detail: [
      '',
      ...wanted.map(
        ({ item, before }) =>
          `• ${nameOf(item)} ${before === undefined ? l10n.t('is deleted') : l10n.t('is restored')}`,
      ),
    ],
  });
  if (!agreed) return 'left';
  const undone = await withProgress(l10n.t('Undoing the changes in {0}', plan.request.context), (signal, say) =>
    undoApply(writingRun(egress), plan, report, {
      signal,
      onProgress: ({ planned }) => say(nameOf(planned.item)),
    }),
  );
  const isDone = undone.outcome === 'applied';
  showMessage(egress, isDone ? 'info' : 'warn', undone.message, {
    details: undone.problem ? detailsOf(undone.problem) : [],
    actions: isDone ? [] : [{ label: l10n.t('Undo Again'), go: () => undo(egress, plan, report) }],
  });
  readAgain(egress, plan.request);
  return undone.outcome;
}
