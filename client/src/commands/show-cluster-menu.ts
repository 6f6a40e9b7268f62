// The menu of the status bar item.
import { commands, l10n, window, type QuickPickItem } from 'vscode';
import type { EgressCommand, EgressContext } from '../extension-context.ts';
import { chooseTarget } from './choose-target.ts';
import { forgetCluster, readCluster } from './read-cluster.ts';
import { showOutput } from './show-output.ts';
import { useClusterVersion } from './use-cluster-version.ts';
import { versionOf } from '../status/status-item.ts';

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
      command: chooseTarget.id,
    },
    snapshot
      ? { label: l10n.t('Read Cluster Again'), command: readCluster.id }
      : {
          label: l10n.t('Read Cluster'),
          detail: l10n.t('Its resources are used where no file has the resource. The view shows both.'),
          command: readCluster.id,
        },
    ...(snapshot
      ? [
          {
            label: l10n.t('Forget Cluster'),
            detail: l10n.t('Only the files are checked.'),
            command: forgetCluster.id,
          },
        ]
      : []),
    ...(version === undefined
      ? []
      : [
          {
            label: l10n.t("Check Files for the Cluster's Version…"),
            description: `Istio ${version}`,
            command: useClusterVersion.id,
          },
        ]),
    { label: l10n.t('Show Output'), command: showOutput.id },
    {
      label: l10n.t('Open Settings'),
      command: 'workbench.action.openSettings',
      given: ['@ext:istio-egress.istio-egress'],
    },
  ];
}
