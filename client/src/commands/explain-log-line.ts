// Explain Log Line: explains the selected lines, otherwise the clipboard, otherwise what the user types.
import { env, window } from 'vscode';
import type { ExplainLogParams, ExplainLogResult } from '../../../server/src/lsp/protocol/egress.ts';
import type { EgressCommand, EgressContext } from '../extension-context.ts';
import { compose } from '../documents/answer.ts';
import { logLines } from '../documents/log.ts';
import { showMessage } from '../ui/notify.ts';
import { askServer } from './ask-server.ts';

/** Callers may pass the text instead of the user. */
export const explainLogLine: EgressCommand = {
  id: 'istioEgress.explainLogLine',
  async run(egress, given) {
    const found = typeof given === 'string' ? await explained(egress, given) : await explainedHere(egress);
    const result = found?.lines.length === 0 && typeof given !== 'string' ? await askAndExplain(egress) : found;
    if (!result) return undefined;
    if (result.lines.length === 0) {
      showMessage(
        egress,
        'warn',
        "This is not a supported access-log line. Supported: Envoy's default text format, Envoy JSON, ztunnel.",
      );
      return undefined;
    }
    await egress.answers.show(titleOf(result), compose(logLines(result)));
    return result;
  },
};

/** `Log: POST httpbin.org/post, 403`. */
function titleOf({ lines }: ExplainLogResult): string {
  const [only] = lines;
  if (lines.length !== 1 || !only) return `Log: ${lines.length} lines`;
  // The summary ends in the result.
  return `Log: ${only.summary.slice(0, -only.result.length - 2).slice(0, 60)}`;
}

function selected(): string {
  const editor = window.activeTextEditor;
  if (!editor) return '';
  const { document, selection } = editor;
  return selection.isEmpty ? document.lineAt(selection.active.line).text : document.getText(selection);
}

/** What is selected, else the clipboard, which a browser may not show without asking. */
async function explainedHere(egress: EgressContext): Promise<ExplainLogResult | undefined> {
  const found = await explained(egress, selected());
  return found?.lines.length === 0 ? explained(egress, await env.clipboard.readText()) : found;
}

/** No lines where the text has none of an access log; undefined if the server has no answer. */
async function explained(egress: EgressContext, text: string): Promise<ExplainLogResult | undefined> {
  return text.trim() === '' ? { lines: [] } : askServer(egress, 'istioEgress/explainLog', paramsOf(text));
}

async function askAndExplain(egress: EgressContext): Promise<ExplainLogResult | undefined> {
  const text = await window.showInputBox({
    title: 'Explain Log Line',
    prompt: 'Access-log line of a waypoint, sidecar, gateway or ztunnel',
    ignoreFocusOut: true,
  });
  return text ? askServer(egress, 'istioEgress/explainLog', paramsOf(text)) : undefined;
}

/** Much more than a user reads is not sent. */
const longest = 200_000;

function paramsOf(text: string): ExplainLogParams {
  return { uri: window.activeTextEditor?.document.uri.toString() ?? null, text: text.slice(0, longest) };
}
