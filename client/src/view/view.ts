// The view "Egress" in the activity bar.
import {
  commands,
  EventEmitter,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  window,
  workspace,
  type Disposable,
  type TreeDataProvider,
} from 'vscode';
import type { MapResult } from '../../../server/src/lsp/protocol/map.ts';
import type { EgressContext } from '../extension-context.ts';
import { runInBackground } from '../run-in-background.ts';
import type { Node } from './node.ts';
import { rootNodes, unreadNode } from './roots.ts';

const viewId = 'istioEgress.map';

export interface EgressView extends TreeDataProvider<Node>, Disposable {
  readonly refresh: () => void;
}

export function registerView(
  egress: Pick<EgressContext, 'server' | 'live' | 'output'>,
  hasProcesses: boolean,
): EgressView {
  const changed = new EventEmitter<undefined>();
  const refresh = () => changed.fire(undefined);
  const provider: TreeDataProvider<Node> = {
    onDidChangeTreeData: changed.event,
    getTreeItem: itemOf,
    async getChildren(parent) {
      if (!parent) return [...(await readRoots(egress, hasProcesses && workspace.isTrusted))];
      return [...(typeof parent.children === 'function' ? await parent.children() : parent.children)];
    },
  };
  const view = window.createTreeView(viewId, { treeDataProvider: provider, showCollapseAll: true });
  const parts = [
    view,
    changed,
    egress.server.onDidChange(refresh),
    egress.server.onDidChangeState((state) =>
      runInBackground(
        egress.output,
        'setting a context key',
        // The welcome of the view then says how to go on.
        commands.executeCommand('setContext', 'istioEgress.serverStopped', state === 'stopped'),
      ),
    ),
    egress.live.onDidChange(refresh),
    workspace.onDidGrantWorkspaceTrust(refresh),
  ];
  return { ...provider, refresh, dispose: () => parts.forEach((part) => part.dispose()) };
}

/** Without a server nothing is shown, which brings up the welcome. */
async function readRoots(
  egress: Pick<EgressContext, 'server' | 'live' | 'output'>,
  canRead: boolean,
): Promise<readonly Node[]> {
  try {
    const map = await readMap(egress);
    return map ? rootNodes(egress, map, canRead) : [];
  } catch (error) {
    egress.output.error(`reading the view: ${String(error)}`);
    return [unreadNode()];
  }
}

/** While files are being read, "nothing" would be said too early: the view shows that it waits. */
async function readMap({ server }: Pick<EgressContext, 'server'>): Promise<MapResult | undefined> {
  for (let attempts = 0; ; attempts++) {
    const map = await server.request('istioEgress/map');
    if (!map?.reading || attempts > 150) return map;
    await new Promise((resume) => setTimeout(resume, 200));
  }
}

function itemOf(node: Node): TreeItem {
  const {
    children,
    expanded,
    icon: [name, color],
  } = node;
  const isLeaf = typeof children !== 'function' && children.length === 0;
  const opened = expanded ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.Collapsed;
  const item = new TreeItem(node.label, isLeaf ? TreeItemCollapsibleState.None : opened);
  item.id = node.id;
  item.description = node.description;
  item.contextValue = node.contextValue;
  item.iconPath = new ThemeIcon(name, color === undefined ? undefined : new ThemeColor(color));
  item.tooltip = new MarkdownString().appendText(node.tooltip);
  item.accessibilityInformation = { label: node.spoken };
  const toPlace = node.place ? 'istioEgress.openResource' : undefined;
  const command = node.contextValue.startsWith('difference.') ? 'istioEgress.showDifference' : toPlace;
  if (command !== undefined) item.command = { command, title: '', arguments: [node] };
  return item;
}
