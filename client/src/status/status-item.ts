// The status bar item: context, namespace and, after the cluster was read, its Istio version.
import { MarkdownString, StatusBarAlignment, ThemeColor, window, workspace, type Disposable } from 'vscode';
import { kubeconfigFiles, readTarget } from '../cluster/target.ts';
import { findQuietly } from '../cluster/tools.ts';
import type { EgressContext } from '../extension-context.ts';
import { visibleLine } from '../../../server/src/base/visible.ts';
import { runInBackground } from '../run-in-background.ts';
import { userRun } from '../cluster/tools.ts';

/** A change of windows does not cause a new read each time. */
const refreshAfterMs = 10_000;

export function registerStatus(egress: EgressContext): Disposable {
  const { live, output } = egress;
  const item = window.createStatusBarItem('istioEgress.status', StatusBarAlignment.Right, 90);
  item.name = 'Istio Egress';
  item.command = 'istioEgress.showClusterMenu';
  let lastRead = 0;
  const askNow = async (anyway: boolean) => {
    const tools = findQuietly();
    if (!tools || live.reading || (!anyway && Date.now() - lastRead < refreshAfterMs)) return;
    lastRead = Date.now();
    const target = await readTarget(egress, userRun(), tools);
    // Without a kubeconfig there is nothing to say.
    live.setTarget(target.ok ? target.value : undefined);
  };
  const ask = (anyway: boolean) => runInBackground(output, 'reading the kubeconfig', askNow(anyway));
  const show = () => {
    if (!live.target) return item.hide();
    item.text = `$(${live.reading ? 'sync~spin' : 'server-environment'}) ${partsOf(egress).join(' · ')}`;
    item.tooltip = tooltipOf(egress);
    item.accessibilityInformation = { label: spokenOf(egress) };
    item.backgroundColor = live.target.isProtected ? new ThemeColor('statusBarItem.warningBackground') : undefined;
    item.show();
  };
  const timer = setTimeout(() => ask(true), 1500);
  const parts = [
    item,
    live.onDidChange(show),
    window.onDidChangeWindowState(({ focused }) => {
      if (focused) ask(false);
    }),
    workspace.onDidGrantWorkspaceTrust(() => ask(true)),
    workspace.onDidChangeConfiguration((change) => {
      if (
        ['kubectlPath', 'kubeconfig', 'protectedContexts'].some((name) =>
          change.affectsConfiguration(`istioEgress.${name}`),
        )
      )
        ask(true);
      else if (change.affectsConfiguration('istioEgress.istioVersion')) show();
    }),
  ];
  return {
    dispose: () => {
      clearTimeout(timer);
      parts.forEach((part) => part.dispose());
    },
  };
}

/** A snapshot of another context says nothing of this one. */
export function versionOf({ live: { snapshot, target } }: Pick<EgressContext, 'live'>): string | undefined {
  return snapshot && snapshot.context === target?.context ? snapshot.controlPlane.version : undefined;
}

function partsOf(egress: EgressContext): readonly string[] {
  const { target } = egress.live;
  const version = versionOf(egress);
  // `$(name)` would be an icon.
  return [target?.context ?? '', target?.namespace ?? '', ...(version === undefined ? [] : [`Istio ${version}`])].map(
    (part) => visibleLine(part).replaceAll('$(', '$ ('),
  );
}

function spokenOf(egress: EgressContext): string {
  const { target } = egress.live;
  const version = versionOf(egress);
  const parts = [
    `Istio Egress: context ${target?.context ?? ''}, namespace ${target?.namespace ?? ''}`,
    ...(version === undefined ? [] : [`Istio ${version}`]),
    ...(target?.isProtected ? ['protected'] : []),
  ];
  return parts.join(', ');
}

function tooltipOf(egress: EgressContext): MarkdownString {
  const { target, snapshot, problem } = egress.live;
  const setting = workspace.getConfiguration().get<string>('istioEgress.istioVersion', '');
  const rows: readonly (readonly [string, string])[] = [
    ['Context', `${target?.context ?? ''}${target?.isProtected ? ' (protected)' : ''}`],
    ['Namespace', target?.namespace ?? ''],
    ['Server', target?.server ?? ''],
    ['Kubeconfig', kubeconfigFiles().join(', ')],
    ['Istio in the cluster', versionOf(egress) ?? 'not read'],
    [
      'Files are checked for',
      setting === '' ? 'the version in .istio-egress.yaml, otherwise the newest version' : `Istio ${setting}`,
    ],
    ...(snapshot
      ? [['Cluster read', `${snapshot.context}, ${new Date(snapshot.takenAt).toLocaleString()}`] as const]
      : []),
    ...(problem ? [['Last read failed', problem.message] as const] : []),
  ];
  const text = new MarkdownString('**Istio Egress**\n\n');
  for (const [name, value] of rows) text.appendMarkdown(`${name}: `).appendText(value).appendMarkdown('  \n');
  return text;
}
