// Show Access Log: the lines of a saved log as the Gateway Log shows them.
import { window, workspace } from 'vscode';
import type { EgressCommand } from '../extension-context.ts';
import { savedLogTitle } from '../documents/names.ts';
import { explainLines } from '../logs/line-explainer.ts';
import { gatewayLogProtocol } from '../webviews/gateway-log/protocol.ts';
import { showMessage } from '../ui/notify.ts';

/** Lines in one question to the server. */
const portion = 500;

export const showLog: EgressCommand = {
  id: 'istioEgress.showLog',
  async run(egress) {
    const { log, server } = egress;
    const editor = window.activeTextEditor;
    if (!editor) return showMessage(egress, 'info', 'Open the file with the access log first.');
    const { document, selection } = editor;
    const lines = document
      .getText(selection.isEmpty ? undefined : selection)
      .split(/\r?\n/)
      .map((text) => ({ text, pod: '', time: '' }));
    const uri = workspace.getWorkspaceFolder(document.uri) ? document.uri.toString() : null;
    const title = `Access log in ${workspace.asRelativePath(document.uri)}`;
    const isCurrent = log.begin({ name: savedLogTitle(document.uri), title, uri }, () => undefined);
    egress.showWebview(gatewayLogProtocol);
    for (let at = 0; at < lines.length && isCurrent() && log.isFollowing; at += portion) {
      const rows = await explainLines(server, uri, lines.slice(at, at + portion));
      if (isCurrent()) log.add(rows);
    }
    if (isCurrent()) log.stop();
    return log.items.length;
  },
};
