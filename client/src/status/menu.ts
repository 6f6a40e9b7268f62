// The menu of the status bar item.
import { commands, l10n, window, type QuickPickItem } from 'vscode';
import { listNamespaces, readContexts } from '../../../server/src/cluster/tools/contexts.ts';
import { namespaceNameFault } from '../../../server/src/cluster/tools/kubernetes-names.ts';
import type { Tools } from '../../../server/src/cluster/tools/target.ts';
import { choose, readTarget } from '../cluster/target.ts';
import type { EgressCommand, EgressContext } from '../extension-context.ts';
import { logged } from '../ui/output-log.ts';
import { askSteps, pick, type Step } from '../ui/pick-steps.ts';
import { showProblem } from '../ui/notify.ts';
import { findKubectl, userRun } from '../cluster/tools.ts';
import { mayStartProcesses } from '../ui/trust.ts';
import { versionOf } from './status-item.ts';

export const showClusterMenu: EgressCommand = {
  id: 'istioEgress.showClusterMenu',
  async run(egress) {
    const chosen = await window.showQuickPick(itemsOf(egress), {
      title: 'Istio Egress',
      placeHolder: l10n.t('Cluster'),
    });
    if (chosen) await commands.executeCommand(chosen.command, ...(chosen.given ?? []));
  },
};

interface MenuItem extends QuickPickItem {
  readonly command: string;
  readonly given?: readonly unknown[];
}

function itemsOf(egress: EgressContext): readonly MenuItem[] {
  const { snapshot, target } = egress.live;
  const version = versionOf(egress);
  return [
    {
      label: l10n.t('Use Another Context or Namespace…'),
      detail: l10n.t('The kubeconfig is not changed.'),
      description: target ? `${target.context} · ${target.namespace}` : '',
      command: 'istioEgress.chooseTarget',
    },
    snapshot
      ? { label: l10n.t('Read Cluster Again'), command: 'istioEgress.readCluster' }
      : {
          label: l10n.t('Read Cluster'),
          detail: l10n.t('Its resources are used where no file has the resource. The view shows both.'),
          command: 'istioEgress.readCluster',
        },
    ...(snapshot
      ? [
          {
            label: l10n.t('Forget Cluster'),
            detail: l10n.t('Only the files are checked.'),
            command: 'istioEgress.forgetCluster',
          },
        ]
      : []),
    ...(version === undefined
      ? []
      : [
          {
            label: l10n.t("Check Files for the Cluster's Version…"),
            description: `Istio ${version}`,
            command: 'istioEgress.useClusterVersion',
          },
        ]),
    { label: l10n.t('Show Output'), command: 'istioEgress.showOutput' },
    {
      label: l10n.t('Open Settings'),
      command: 'workbench.action.openSettings',
      given: ['@ext:istio-egress.istio-egress'],
    },
  ];
}

interface Choice {
  readonly context: string;
  readonly namespace: string;
}

/** Kept for this workspace only. Code may pass both. */
export const chooseTarget: EgressCommand = {
  id: 'istioEgress.chooseTarget',
  async run(egress, given) {
    if (!mayStartProcesses()) return undefined;
    const tools = await findKubectl();
    const choice = tools && (isChoice(given) ? given : await ask(egress, tools));
    if (!choice) return undefined;
    await choose(egress, choice);
    const target = await readTarget(egress, userRun(), tools);
    if (target.ok) egress.live.setTarget(target.value);
    // What was read of another cluster must not pass for this one's.
    if (egress.live.snapshot && egress.live.snapshot.context !== choice.context)
      await commands.executeCommand('istioEgress.forgetCluster');
    return choice;
  },
};

function isChoice(given: unknown): given is Choice {
  if (typeof given !== 'object' || given === null) return false;
  const { context, namespace } = given as Readonly<Record<string, unknown>>;
  return typeof context === 'string' && typeof namespace === 'string' && namespaceNameFault(namespace) === undefined;
}

async function ask(egress: EgressContext, tools: Tools): Promise<Choice | undefined> {
  const run = logged(userRun(), egress.output, { chatty: false });
  const found = await readContexts(run, tools);
  if (!found.ok) {
    showProblem(egress, found.problem);
    return undefined;
  }
  const { all, current } = found.value;
  const start = {
    context: egress.live.target?.context ?? current ?? all[0]!.name,
    namespace: egress.live.target?.namespace ?? 'default',
  };
  const askContext: Step<Choice> = async (draft, place) => {
    const items = all.map(({ name, cluster }) => ({
      label: name,
      description: name === current ? l10n.t('current') : '',
      detail: l10n.t('cluster {0}', cluster),
      value: name,
    }));
    const context = await pick(place, {
      placeholder: l10n.t('Kubernetes context for this workspace'),
      items,
      active: draft.context,
    });
    return typeof context === 'string'
      ? {
          context,
          namespace:
            context === draft.context
              ? draft.namespace
              : (all.find(({ name }) => name === context)?.namespace ?? 'default'),
        }
      : context;
  };
  const askNamespace: Step<Choice> = async (draft, place) => {
    const names = await listNamespaces(run, draft.context, tools);
    const namespace = await pick(place, {
      placeholder: names.ok
        ? l10n.t('Namespace in context {0}; type to search', draft.context)
        : l10n.t('Type the namespace. {0}', names.problem.message),
      items: [...new Set([draft.namespace, ...(names.ok ? names.value : [])])].map((name) => ({
        label: name,
        value: name,
      })),
      active: draft.namespace,
      fromText: (text) => {
        const fault = namespaceNameFault(text);
        return {
          label: text,
          alwaysShow: true,
          ...(fault === undefined
            ? { description: l10n.t('as typed'), value: text }
            : { detail: fault, value: undefined }),
        };
      },
    });
    return typeof namespace === 'string' ? { ...draft, namespace } : namespace;
  };
  return askSteps<Choice>(l10n.t('Context and Namespace'), [askContext, askNamespace], start);
}
