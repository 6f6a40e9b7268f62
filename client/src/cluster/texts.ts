// Objects of the cluster as read-only documents, and texts for comparisons.
import { commands, EventEmitter, Uri, workspace, type Disposable } from 'vscode';
import { visibleLine } from '../../../server/src/base/visible.ts';
import type { EgressContext } from '../extension-context.ts';

const clusterScheme = 'istio-egress-cluster';
const comparedScheme = 'istio-egress-compared';

const compared = new Map<string, string>();
const changed = new EventEmitter<Uri>();

export function registerTexts({ server, live }: Pick<EgressContext, 'server' | 'live'>): Disposable {
  const texts = new EventEmitter<Uri>();
  const shown = () =>
    workspace.textDocuments.filter(({ uri }) => uri.scheme === clusterScheme).forEach(({ uri }) => texts.fire(uri));
  const parts = [
    texts,
    workspace.onDidCloseTextDocument(({ uri }) => {
      if (uri.scheme === comparedScheme) compared.delete(uri.path);
    }),
    live.onDidChange(shown),
    workspace.registerTextDocumentContentProvider(clusterScheme, {
      onDidChange: texts.event,
      async provideTextDocumentContent(uri) {
        const answer = await server.request('istioEgress/clusterText', {
          uri: uri.toString(),
        });
        return answer?.text ?? '';
      },
    }),
    workspace.registerTextDocumentContentProvider(comparedScheme, {
      onDidChange: changed.event,
      provideTextDocumentContent: ({ path }) => compared.get(path) ?? '',
    }),
  ];
  return { dispose: () => parts.forEach((part) => part.dispose()) };
}

/** One object on two sides. */
export interface Comparison {
  /** `ServiceEntry egress/httpbin`. */
  readonly name: string;
  readonly left: string;
  readonly right: string;
}

/** One comparison as a diff, several as a list of diffs. `leftName` and `rightName` say what the sides are. */
export async function showComparisons(
  title: string,
  [leftName, rightName]: readonly [string, string],
  all: readonly Comparison[],
): Promise<void> {
  const pairs = all.map(({ name, left, right }) => ({
    name,
    left: keep(leftName, name, left),
    right: keep(rightName, name, right),
  }));
  const [first] = pairs;
  if (!first) return;
  if (pairs.length === 1) {
    await commands.executeCommand('vscode.diff', first.left, first.right, visibleLine(title), { preview: true });
    return;
  }
  const resources = pairs.map(({ left, right }) => [right, left, right]);
  await commands.executeCommand('vscode.changes', visibleLine(title), resources);
}

function keep(side: string, name: string, text: string): Uri {
  const uri = Uri.from({ scheme: comparedScheme, path: `/${side}/${name.replaceAll('/', '·')}.yaml` });
  compared.set(uri.path, text);
  changed.fire(uri);
  return uri;
}
