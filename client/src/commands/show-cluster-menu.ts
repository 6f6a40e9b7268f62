// The menu of the status bar item.
import { commands, window, type QuickPickItem } from 'vscode';
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
      placeHolder: 'Cluster',
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
      label: 'Use Another Context or Namespace…',
      detail: 'The kubeconfig is not changed.',
      description: target ? `${target.context} · ${target.namespace}` : '',
      command: chooseTarget.id,
    },
    snapshot
      ? { label: 'Read Cluster Again', command: readCluster.id }
      : {
          label: 'Read Cluster',
          detail: 'Its resources are used where no file has the resource. The view shows both.',
          command: readCluster.id,
        },
    ...(snapshot
      ? [
          {
            label: 'Forget Cluster',
            detail: 'Only the files are checked.',
            command: forgetCluster.id,
          },
        ]
      : []),
    ...(version === undefined
      ? []
      : [
          {
            label: "Check Files for the Cluster's Version…",
            description: `Istio ${version}`,
            command: useClusterVersion.id,
          },
        ]),
    { label: 'Show Output', command: showOutput.id },
    {
      label: 'Open Settings',
      command: 'workbench.action.openSettings',
      given: ['@ext:istio-egress.istio-egress'],
    },
  ];
}
