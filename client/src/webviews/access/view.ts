// The Access view: which client may call which host, live with edits.
import { Uri, workspace } from 'vscode';
import { nullable, object, readIfValid, text } from '../../../../server/src/lsp/protocol/read.ts';
import type { Evidence } from '../../../../server/src/lsp/protocol/shared.ts';
import { askServer } from '../../commands/ask-server.ts';
import { showPlaceBesideView } from '../../commands/open-resource.ts';
import { accessMarkdown, clientOf, operationOf } from '../../documents/access.ts';
import { accessTitle } from '../../documents/names.ts';
import type { EgressContext } from '../../extension-context.ts';
import { showPlain } from '../../ui/show-plain.ts';
import { withStatus } from '../../ui/progress.ts';
import { saveAs } from '../../documents/save-as.ts';
import { defineWebview } from '../kit/webview.ts';
import { traceProtocol } from '../trace/protocol.ts';
import { matrixOf } from './matrix.ts';
import { accessProtocol, type ShownPart, type ShownReason } from './protocol.ts';

interface Given {
  /** A file of the folder whose manifests count; `null` is the first folder. */
  readonly uri: string | null;
  /** The only host that is shown at first. */
  readonly host: string | null;
}

const readGiven = object<Given>({ uri: nullable(text), host: nullable(text) });
const nothingGiven: Given = { uri: null, host: null };

export const accessView = defineWebview({
  protocol: accessProtocol,
  title: 'Access',
  connect(link, egress, given) {
    const { server } = egress;
    let { uri, host } = readIfValid(readGiven, given) ?? nothingGiven;
    const show = async (): Promise<void> => {
      if (!link.isVisible()) return;
      const access = await server.request('istioEgress/access', { uri });
      if (host !== null) link.post('host', { host });
      host = null;
      if (access) link.post('matrix', matrixOf(access, { client: clientOf, operation: operationOf, reason: reasonOf }));
    };
    const save = async (format: 'csv' | 'markdown', { hosts, clients }: ShownPart) => {
      const part = { ...(hosts && { hosts }), ...(clients && { clients }) };
      const answer = await withStatus(
        'Writing the access table',
        server.request('istioEgress/accessText', { uri, format, ...part }),
      );
      if (!answer) return;
      await saveAs(format === 'csv' ? 'access.csv' : 'access.md', answer.text);
      if (answer.note !== undefined) void showPlain('warn', answer.note);
    };
    const listening = server.onDidChange(() => link.refresh('drawing the access table', show()));
    return {
      ready: show,
      reopen(again) {
        ({ uri, host } = readIfValid(readGiven, again) ?? nothingGiven);
        return show();
      },
      handlers: {
        open: showPlaceBesideView,
        trace: (asked) => showTrace(egress, uri, { ...asked, port: Number(asked.port) }),
        exportCsv: (shown) => save('csv', shown),
        exportMarkdown: (shown) => save('markdown', shown),
        async asText() {
          const access = await askServer(egress, 'istioEgress/access', { uri });
          if (access) await egress.answers.preview(accessTitle(uri), accessMarkdown(access));
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
