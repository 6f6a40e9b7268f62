// Applies the chosen and confirmed objects, reports the result, and undoes it on request.
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
        `• ${nameOf(planned.item)} ${planned.change === 'conflict' ? 'is changed, fields are taken over from their managers' : changes[planned.change]}`,
    );
  const plainButton = contested.length > 0 ? 'Apply and Take Over' : 'Apply';
  return confirmWrite({
    question: chosen.length === 1 ? `Apply ${nameOf(chosen[0]!.item)}?` : `Apply ${chosen.length} resources?`,
    context,
    namespace: namespacesOf(chosen),
    button: errors.length > 0 ? 'Apply with Errors' : plainButton,
    detail: [
      `Server: ${plan.identity.server}`,
      '',
      ...shown,
      ...(chosen.length > shown.length ? [`and ${chosen.length - shown.length} more`] : []),
      ...section('Access:', shortList(effect)),
      ...section(
        '⚠ These resources have errors:',
        errors.flatMap((one) => errorWords(one).map((words) => `${nameOf(one.item)}: ${words}`)),
      ),
      ...section(
        '⚠ These fields are taken over from their managers:',
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
  return [...lines.slice(0, mostLines).map((line) => `• ${line}`), ...(more > 0 ? [`and ${more} more`] : [])];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines];
}

function namespacesOf(chosen: readonly PlannedItem[]): string {
  const names = [
    ...new Set(chosen.map(({ item: { kind, name, namespace } }) => (kind === 'Namespace' ? name : namespace))),
  ].filter((name) => name !== '');
  return names.length === 0 ? 'none (cluster-scoped)' : names.join(', ');
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
  const report = await withProgress(`Applying to ${target.context}`, (signal, say) =>
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
    message: `The current context is now ${now.value.context}; it was ${context} when the plan was made. Nothing was changed.`,
    advice: 'Make a new plan.',
  };
}

function tellReport(egress: EgressContext, plan: ApplyPlan, report: ApplyReport, chosen: readonly PlannedItem[]): void {
  const isDone = report.outcome === 'applied';
  const some = report.items.some(({ outcome }) => outcome === 'applied' || outcome === 'unknown');
  const left = plan.items
    .filter((item) => item.change !== 'unchanged' && !chosen.includes(item))
    .map(({ item }) => nameOf(item));
  const notes = left.length === 0 ? [] : [`Skipped: ${left.join(', ')}.`];
  const level = report.problem ? levelOf(report.problem) : 'warn';
  showMessage(egress, isDone ? 'info' : level, [report.message, ...notes].join(' '), {
    details: report.problem ? detailsOf(report.problem) : [],
    actions: some ? [{ label: 'Undo', go: () => undo(egress, plan, report) }] : [],
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
    question: 'Undo the changes?',
    context: plan.request.context,
    namespace: namespacesOf(wanted),
    button: 'Undo',
    detail: [
      '',
      ...wanted.map(({ item, before }) => `• ${nameOf(item)} ${before === undefined ? 'is deleted' : 'is restored'}`),
    ],
  });
  if (!agreed) return 'left';
  const undone = await withProgress(`Undoing the changes in ${plan.request.context}`, (signal, say) =>
    undoApply(writingRun(egress), plan, report, {
      signal,
      onProgress: ({ planned }) => say(nameOf(planned.item)),
    }),
  );
  const isDone = undone.outcome === 'applied';
  showMessage(egress, isDone ? 'info' : 'warn', undone.message, {
    details: undone.problem ? detailsOf(undone.problem) : [],
    actions: isDone ? [] : [{ label: 'Undo Again', go: () => undo(egress, plan, report) }],
  });
  readAgain(egress, plan.request);
  return undone.outcome;
}
