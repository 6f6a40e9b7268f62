// Learn from Gateway Logs: proposes the manifests that let through what an access log shows as leaving. Nothing is written.
import { Uri, window, workspace } from 'vscode';
import type { LearnParams, LearnResult } from '../../../server/src/lsp/protocol/learn.ts';
import { showComparisons } from '../cluster/texts.ts';
import { answerScheme } from '../documents/answers.ts';
import type { EgressCommand, EgressContext } from '../extension-context.ts';
import { showMessage } from '../ui/notify.ts';
import { withStatus } from '../ui/progress.ts';
import { textsIn } from '../ui/texts-in.ts';
import { askServer } from './ask-server.ts';

interface Source {
  /** For the head of the proposal. */
  readonly title: string;
  readonly params: LearnParams;
}

/** A longer log is for the command line. */
const longest = 20_000_000;

/** Code may pass `text` and `from`; the Gateway Log passes `{ isPanel: true }`. */
export const learnFromGatewayLogs: EgressCommand = {
  id: 'istioEgress.learnFromGatewayLogs',
  async run(egress, given) {
    const said = textsIn(given, 'text', 'from');
    const source = said
      ? { title: '', params: { uri: null, ...said } }
      : ((given === undefined ? openLog() : undefined) ?? (await followedLog(egress)));
    if (!source) {
      showMessage(egress, 'info', 'Open the file with the access log first, or follow the logs of a gateway.');
      return undefined;
    }
    const found = await learned(egress, source, said === undefined);
    if (found) await show(source, found);
    return found;
  },
};

/** The selection of the editor, else its whole text. */
function openLog(): Source | undefined {
  const { document, selection } = window.activeTextEditor ?? {};
  if (!document || !selection || document.languageId === 'yaml' || document.uri.scheme === answerScheme)
    return undefined;
  const uri = workspace.getWorkspaceFolder(document.uri) ? document.uri.toString() : null;
  const title = `Access log in ${workspace.asRelativePath(document.uri)}`;
  return { title, params: { uri, text: document.getText(selection.isEmpty ? undefined : selection) } };
}

async function followedLog({ log }: EgressContext): Promise<Source | undefined> {
  const { title, uri, accounts } = log.subject;
  const lines = log.items.flatMap((item) => ('note' in item ? [] : [item.explained.line]));
  if (lines.length === 0) return undefined;
  const dropped = log.dropped > 0 ? `; the first ${log.dropped} lines were dropped` : '';
  return {
    title: `${title}${dropped}`,
    params: { uri, text: lines.join('\n'), accounts: (await accounts?.()) ?? [] },
  };
}

/** Asks the user for the account of clients that nothing tells; without one they stay out of the proposal. */
async function learned(egress: EgressContext, { params }: Source, mayAsk: boolean): Promise<LearnResult | undefined> {
  const text = params.text.slice(0, longest);
  if (text.length < params.text.length)
    showMessage(
      egress,
      'warn',
      'Only the beginning of the log is read. Use istio-egress learn in a terminal for the whole.',
    );
  const ask = (more: object) =>
    withStatus('Learning from the log', askServer(egress, 'istioEgress/learn', { ...params, ...more, text }));
  const found = await ask({});
  if (!found || found.withoutAccount === 0 || !mayAsk) return found;
  const from = await window.showInputBox({
    title: 'Learn from Gateway Logs',
    prompt: `Nothing tells the account of the clients of ${found.withoutAccount} requests. If all are of one account, write NAMESPACE/SERVICEACCOUNT; leave empty to propose nothing for them`,
    ignoreFocusOut: true,
  });
  return from ? ((await ask({ from })) ?? found) : found;
}

/** Files that change are shown as diffs, new manifests as an unsaved document. */
async function show({ title }: Source, { text, changed }: LearnResult): Promise<void> {
  const head = title === '' ? '' : `# ${title}\n`;
  await showComparisons(
    'Learned: ports that are missing',
    ['now', 'new'],
    changed.map(({ uri, before, after }) => ({
      name: workspace.asRelativePath(Uri.parse(uri)),
      left: before,
      right: after,
    })),
  );
  const document = await workspace.openTextDocument({ language: 'yaml', content: `${head}${text}` });
  await window.showTextDocument(document, { preview: false });
}
