// Undoes a provisioning, after showing the effect.
import { shellQuoted } from '../../../server/src/cluster/tools/command.ts';
import type { ProvisionPlan } from '../../../server/src/cluster/provision/provision.ts';
import { planUndo, undoProvision, type Undone } from '../../../server/src/cluster/provision/undo-provision.ts';
import { readAgain } from '../cluster/read-again.ts';
import type { EgressContext } from '../extension-context.ts';
import { confirmWrite } from '../ui/confirm-write.ts';
import { withProgress } from '../ui/progress.ts';
import { detailsOf, showMessage, showProblem } from '../ui/notify.ts';
import { readingRun, writingRun } from '../cluster/tools.ts';

export async function undo(egress: EgressContext, plan: ProvisionPlan): Promise<Undone['outcome'] | 'left'> {
  const { namespace, name, context } = plan.request;
  const where = `${namespace}/${name}`;
  const reading = readingRun(egress);
  const planned = await withProgress(`Planning the undo of ${where}`, (signal) => planUndo(reading, plan, { signal }));
  if (!planned.ok) {
    showProblem(egress, planned.problem);
    return 'refused';
  }
  const { wanted, left, withoutWaypoint } = planned.value;
  const notes = left.map(({ message }) => message);
  if (wanted.length === 0) {
    showMessage(egress, 'info', ['Nothing to undo.', ...notes].join(' '));
    return 'nothing-to-do';
  }
  const agreed = await confirmWrite({
    question: `Undo the provisioning of ${where}?`,
    context,
    namespace,
    button: 'Undo',
    detail: [
      ...wanted.map(({ done }) => done),
      ...notes,
      ...(withoutWaypoint.length === 0 ? [] : [`These also use it and then go direct: ${withoutWaypoint.join(', ')}`]),
      '',
      'Commands:',
      ...wanted.map(({ command }) => shellQuoted(command)),
    ],
  });
  if (!agreed) return 'left';
  const writing = writingRun(egress);
  const undone = await withProgress(`Undoing the provisioning of ${where}`, (signal, report) =>
    undoProvision(writing, plan, { signal, onStep: ({ message }) => report(message) }),
  );
  const isDone = undone.outcome === 'undone' || undone.outcome === 'nothing-to-do';
  const again = { label: 'Undo Again', go: () => undo(egress, plan) };
  showMessage(egress, isDone ? 'info' : 'warn', undone.message, {
    details: undone.problem ? detailsOf(undone.problem) : [],
    actions: isDone ? [] : [again],
  });
  readAgain(egress, plan.request);
  return undone.outcome;
}
