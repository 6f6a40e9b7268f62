// The Egress Map from the extension's side: sends the graph, live with edits and with the cluster, and answers the page.
import { Uri, window, workspace } from 'vscode';
import type { GraphResult } from '../../../../server/src/lsp/protocol/graph.ts';
import { showPlace } from '../../commands/open-resource.ts';
import type { EgressContext } from '../../extension-context.ts';
import { defineWebview } from '../kit/webview.ts';
import { traceProtocol } from '../trace/protocol.ts';
import { egressMapProtocol, type MapData, type TraceAnswer, type TraceQuestion } from './protocol.ts';

export const egressMap = defineWebview({
  protocol: egressMapProtocol,
  title: 'Egress Map',
  connect(link, egress) {
    const { server, live } = egress;
    const send = async (): Promise<void> => {
      if (!link.isVisible()) return;
      const found = await readGraph(egress);
      if (found) link.post('map', dataOf(found));
    };
    const refresh = () => link.refresh('drawing the Egress Map', send());
    const listening = [server.onDidChange(refresh), live.onDidChange(refresh)];
    return {
      ready: send,
      handlers: {
        open: showPlace,
        trace: async (question) => link.post('trace', await traceOf(egress, question)),
        openTrace: (request) => egress.showWebview(traceProtocol, { ...request, method: 'GET' }),
        save,
      },
      dispose: () => listening.forEach((one) => one.dispose()),
    };
  },
});

/** While files are being read, "nothing" would be said too early. */
async function readGraph({ server }: EgressContext): Promise<GraphResult | undefined> {
  for (let attempts = 0; ; attempts++) {
    const found = await server.request('istioEgress/graph');
    if (!found?.reading || attempts > 150) return found;
    await new Promise((resume) => setTimeout(resume, 200));
  }
}

function dataOf({ folders, cluster }: GraphResult): MapData {
  return {
    folders: folders.map(({ uri, graph }) => ({
      uri,
      name: uri === '' ? '' : (workspace.getWorkspaceFolder(Uri.parse(uri))?.name ?? uri),
      graph,
    })),
    cluster,
  };
}

async function traceOf({ server }: EgressContext, { id, uri, url, from }: TraceQuestion): Promise<TraceAnswer> {
  const trace = await server.request('istioEgress/trace', { uri, url, from });
  const nothing = { id, verdict: 'undetermined', steps: [] };
  if (!trace) return { ...nothing, summary: 'The language server does not run.' };
  return 'problem' in trace ? { ...nothing, summary: trace.problem } : { ...trace, id };
}

async function save({ format, content }: { readonly format: 'svg' | 'png'; readonly content: string }): Promise<void> {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const uri = await window.showSaveDialog({
    ...(folder && { defaultUri: Uri.joinPath(folder, `egress.${format}`) }),
    filters: { [format.toUpperCase()]: [format] },
  });
  if (!uri) return;
  const bytes = format === 'svg' ? new TextEncoder().encode(content) : bytesOf(content);
  await workspace.fs.writeFile(uri, bytes);
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
