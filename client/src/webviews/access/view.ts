// The Access view: which client may call which host, live with edits.
import { l10n, Uri, workspace } from 'vscode';
import { nullable, object, readIfValid, text } from '../../../../server/src/lsp/protocol/read.ts';
import type { Evidence } from '../../../../server/src/lsp/protocol/shared.ts';
import { showPlaceBesideView } from '../../commands/open-resource.ts';
import { accessMarkdown, clientOf, operationOf } from '../../documents/access.ts';
import type { EgressContext } from '../../extension-context.ts';
import { runInBackground } from '../../run-in-background.ts';
import { saveAs } from '../../documents/save-as.ts';
import { defineWebview } from '../kit/webview.ts';
import { traceProtocol } from '../trace/protocol.ts';
import { matrixOf } from './matrix.ts';
import { accessProtocol, type ShownPart, type ShownReason } from './protocol.ts';

interface Given {
  /** A file of the folder whose manifests count; `null` is the first folder. */
  readonly uri: string | null;
}

const readGiven = object<Given>({ uri: nullable(text) });

export const accessView = defineWebview({
  protocol: accessProtocol,
  title: () => l10n.t('Access'),
  connect(link, egress, given) {
    const { server, output } = egress;
    let { uri } = readIfValid(readGiven, given) ?? { uri: null };
    const show = async (): Promise<void> => {
      if (!link.isVisible()) return;
      const access = await server.request('istioEgress/access', { uri });
      if (access) link.post('matrix', matrixOf(access, { client: clientOf, operation: operationOf, reason: reasonOf }));
    };
    const save = async (format: 'csv' | 'markdown', { hosts, clients }: ShownPart) => {
      const answer = await server.request('istioEgress/accessText', {
        uri,
        format,
        ...(hosts && { hosts }),
        ...(clients && { clients }),
      });
      if (answer) await saveAs(format === 'csv' ? 'access.csv' : 'access.md', answer.text);
    };
    const listening = server.onDidChange(() => runInBackground(output, 'drawing the access table', show()));
    return {
      ready: show,
      reopen(again) {
        ({ uri } = readIfValid(readGiven, again) ?? { uri: null });
        return show();
      },
      handlers: {
        open: showPlaceBesideView,
        trace: ({ host, port, from }) => showTrace(egress, uri, { host, port: Number(port), from }),
        exportCsv: (shown) => save('csv', shown),
        exportMarkdown: (shown) => save('markdown', shown),
        async asText() {
          const access = await server.request('istioEgress/access', { uri });
          if (access) await egress.answers.preview('Access.md', accessMarkdown(access));
        },
      },
      dispose: () => listening.dispose(),
    };
  },
});

async function showTrace(
  { server, showWebview }: EgressContext,
  uri: string | null,
  { host, port, from }: { readonly host: string; readonly port: number; readonly from: string },
): Promise<void> {
  const choices = await server.request('istioEgress/requestChoices', { uri });
  const url = choices?.urls.find((one) => one.host === host && one.port === port)?.url;
  showWebview(traceProtocol, { uri, url: url ?? `http://${host}:${port}/`, from, method: 'GET' });
}

function reasonOf({ uri, range, resource }: Evidence): ShownReason {
  const place = `${workspace.asRelativePath(Uri.parse(uri))}:${range.start.line + 1}`;
  const name =
    resource && `${resource.kind} ${resource.namespace === '' ? '' : `${resource.namespace}/`}${resource.name}`;
  return { uri, range, label: name ? `${name} (${place})` : place };
}
