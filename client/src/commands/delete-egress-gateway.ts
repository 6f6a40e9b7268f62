// Delete Egress Gateway: first shows what uses the gateway.
import { window } from 'vscode';
import { shellQuoted } from '../../../server/src/cluster/tools/command.ts';
import {
  deleteGateway,
  planDelete,
  type DeletePlan,
  type DeleteReport,
} from '../../../server/src/cluster/provision/delete-gateway.ts';
import { nameOfLabelled } from '../../../server/src/cluster/objects/enrolled.ts';
import type { WaypointImpactResult } from '../../../server/src/lsp/protocol/egress.ts';
import { readAgain } from '../cluster/read-again.ts';
import type { EgressContext } from '../extension-context.ts';
import { block, compose, type Lines } from '../documents/answer.ts';
import { deletionTitle } from '../documents/names.ts';
import { chooseGateway } from '../ui/choose-gateway.ts';
import { confirmWrite } from '../ui/confirm-write.ts';
import { impactLines, impactSummary } from '../provision/impact-lines.ts';
import { askImpact } from '../provision/impact.ts';
import { withProgress } from '../ui/progress.ts';
import { detailsOf, showMessage, showProblem } from '../ui/notify.ts';
import { writingRun } from '../cluster/tools.ts';
import { clusterCommand, type ClusterCommand } from './cluster-command.ts';

type Ending = 'problem' | 'left' | DeleteReport['outcome'];

/** Code may pass context, namespace and name; the user still confirms the deletion. */
export const deleteEgressGateway: ClusterCommand<Ending> = clusterCommand(
  'istioEgress.deleteEgressGateway',
  'kubectl',
  async (egress, { tools, run }, given) => {
    const chosen = await chooseGateway(egress, run, tools, 'Delete Egress Gateway', given);
    if (!chosen) return 'left';
    const planned = await withProgress(`Checking who uses ${chosen.namespace}/${chosen.name}`, (signal) =>
      planDelete(run, chosen, { signal }),
    );
    if (!planned.ok) {
      showProblem(egress, planned.problem);
      return 'problem';
    }
    return askAndDelete(egress, planned.value);
  },
);

async function askAndDelete(egress: EgressContext, plan: DeletePlan): Promise<Ending> {
  const {
    request: { context, namespace, name },
    labelled,
  } = plan;
  const removeLabels = labelled.length > 0 ? await askLabels(plan) : false;
  if (removeLabels === undefined) return 'left';
  const impact = await askImpact(egress, { change: 'delete', namespace, name, enroll: removeLabels });
  const document = compose(planLines(plan, removeLabels, impact));
  egress.output.info(document.text);
  await egress.answers.show(deletionTitle(plan.request), document);
  const agreed = await confirmWrite({
    question: `Delete the egress gateway ${name} of namespace ${namespace}?`,
    context,
    namespace,
    button: 'Delete',
    detail: [
      usersOf(plan),
      impactSummary(impact),
      '',
      'Command:',
      shellQuoted(plan.command),
      ...plan.warnings.flatMap(({ message, advice }) => ['', `⚠ ${message} ${advice}`]),
    ],
  });
  if (!agreed) return 'left';
  const report = await withProgress(`Deleting ${namespace}/${name}`, (signal, say) =>
    deleteGateway(writingRun(egress), plan, {
      signal,
      removeLabels,
      onStep: ({ message }) => say(message),
    }),
  );
  const again = {
    label: 'Delete Again',
    go: () => deleteEgressGateway.run(egress, { context, namespace, name }),
  };
  const isDone = report.outcome === 'deleted';
  showMessage(egress, isDone ? 'info' : 'warn', report.message, {
    details: report.problem ? detailsOf(report.problem) : [],
    actions: isDone ? [] : [again],
  });
  readAgain(egress, plan.request);
  return report.outcome;
}

/** Undefined if the user cancels. */
async function askLabels({ labelled }: DeletePlan): Promise<boolean | undefined> {
  const chosen = await window.showQuickPick(
    [
      { label: 'Remove the labels too', detail: labelled.map(nameOfLabelled).join(', '), value: true },
      {
        label: 'Keep the labels',
        detail: 'They then refer to a missing gateway, and traffic goes direct until it exists again.',
        value: false,
      },
    ],
    {
      title: 'Delete Egress Gateway',
      placeHolder: `${labelled.length} resources use this gateway by label`,
      ignoreFocusOut: true,
    },
  );
  return chosen?.value;
}

function usersOf({ labelled }: DeletePlan): string {
  return labelled.length === 0
    ? 'Nothing in the cluster uses it by label.'
    : `These lose the gateway: ${labelled.map(nameOfLabelled).join(', ')}`;
}

function planLines(plan: DeletePlan, removeLabels: boolean, impact: WaypointImpactResult | undefined): Lines {
  const {
    request: { context, namespace, name },
    labelled,
    warnings,
    command,
    manifest,
  } = plan;
  return [
    [`Delete the egress gateway ${name} of namespace ${namespace}`],
    ['Nothing has been changed yet.'],
    [],
    [`Context    ${context}`],
    [`Namespace  ${namespace}`],
    [`Labels     ${removeLabels ? 'are removed first' : 'are kept'}`],
    ...block(
      'Resources in the cluster that lose the gateway',
      labelled.length === 0 ? [['None.']] : labelled.map((one) => [nameOfLabelled(one)]),
    ),
    [],
    ...impactLines(impact),
    ...block(
      'Warnings',
      warnings.map(({ message, advice }) => [`⚠ ${message} ${advice}`]),
    ),
    ...block('Command', [[shellQuoted(command)]]),
    ...block(
      'Its manifest (apply it to create the gateway again)',
      manifest
        .trimEnd()
        .split('\n')
        .map((line) => [line]),
    ),
  ];
}
