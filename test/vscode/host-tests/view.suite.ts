// The view of what leaves the mesh, by the files alone: its lines, what they say to a screen reader, where they lead.
import * as vscode from 'vscode';
import { equal, until } from './until.ts';
import { noFindings, replace, revert } from './workspace.ts';

interface Line {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly contextValue: string;
}

interface View {
  readonly getChildren: (parent?: Line) => Promise<Line[]>;
  readonly getTreeItem: (line: Line) => vscode.TreeItem;
}

export async function view(): Promise<View> {
  const extension = vscode.extensions.getExtension<{ readonly view: View }>('istio-egress.istio-egress');
  return (await extension!.activate()).view;
}

/** Labels and descriptions, children set in; callers are asked for as if someone opened them. */
export async function linesOf(tree: View, parent?: Line, depth = 0): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const line of await tree.getChildren(parent)) {
    lines.push(`${'  '.repeat(depth)}${line.label}${line.description === '' ? '' : ` | ${line.description}`}`);
    lines.push(...(await linesOf(tree, line, depth + 1)));
  }
  return lines;
}

async function find(tree: View, label: string, parent?: Line): Promise<Line | undefined> {
  for (const line of await tree.getChildren(parent)) {
    if (line.label === label) return line;
    const below = await find(tree, label, line);
    if (below) return below;
  }
  return undefined;
}

suite('the view', () => {
  test('shows gateways, hosts, ports, policies and callers of the files', async () => {
    const tree = await view();
    await noFindings();
    const [workspace] = await tree.getChildren();
    equal(await linesOf(tree, workspace), [
      'egress-gateway | common-infrastructure · istio-waypoint',
      '  httpbin.org | 80 TLS SIMPLE to :443 · 1 policy',
      '    80 HTTP | TLS SIMPLE to :443 · DestinationRule common-infrastructure/httpbin',
      '    httpbin | ALLOW · common-infrastructure',
      '    Callers | clients that the policies allow',
      '      default/curl | may call GET',
      '      All other clients | are denied',
      '      2 others are denied',
    ]);
  });

  test('each line says in words what its icon shows, and leads to its manifest', async () => {
    const tree = await view();
    const host = (await find(tree, 'httpbin.org'))!;
    const item = tree.getTreeItem(host);
    equal(item.accessibilityInformation?.label, 'host, httpbin.org, 80 TLS SIMPLE to :443, 1 policy');
    equal(item.contextValue, 'host.workspace');
    await vscode.commands.executeCommand(item.command!.command, ...item.command!.arguments!);
    const editor = vscode.window.activeTextEditor!;
    equal(
      [editor.document.uri.path.split('/').at(-1), editor.document.getText(editor.selection)],
      ['service-entry.yaml', 'httpbin'],
    );
  });

  test('follows what is typed: a host whose gateway is opted out goes past every gateway', async () => {
    const tree = await view();
    await replace('service-entry.yaml', 'metadata:\n', 'metadata:\n  labels: { istio.io/use-waypoint: none }\n');
    const past = await until('the group', () => find(tree, 'Bypasses every gateway'));
    equal(past.description, '1 host');
    equal((await linesOf(tree, past))[0], 'httpbin.org | the label says none · 80 plaintext to :443');
    await revert('service-entry.yaml');
    await until(
      'the host is behind its gateway again',
      async () => (await find(tree, 'Bypasses every gateway')) === undefined,
    );
  });

  test('has nothing to show, so that the welcome does, where no file is about egress', async () => {
    const tree = await view();
    const edits = [
      ['service-entry.yaml', 'kind: ServiceEntry'],
      ['waypoint.yaml', 'kind: Gateway\n'],
    ] as const;
    for (const [name, kind] of edits) await replace(name, kind, kind.replace(/: \w+/, ': ConfigMap'));
    await until('no line', async () => (await tree.getChildren()).length === 0);
    for (const [name] of edits) await revert(name);
    await until('the lines again', async () => (await find(tree, 'httpbin.org')) !== undefined);
    await noFindings();
  });

  test('Show Egress Map opens one tab, which is the same the next time', async () => {
    const maps = () =>
      vscode.window.tabGroups.all.flatMap(({ tabs }) =>
        tabs.filter(
          ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('istioEgress.egress-map'),
        ),
      );
    for (let times = 0; times < 2; times++) {
      await vscode.commands.executeCommand('istioEgress.showMap');
      await until('the tab', () => maps().length === 1 && maps()[0]!.isActive);
    }
    equal(
      maps().map(({ label }) => label),
      ['Egress Map'],
    );
    await vscode.window.tabGroups.close(maps());
  });
});
