// Check Workspace: reads all files again and shows the totals. The findings are in Problems.
import { commands, ProgressLocation, Uri, window, workspace, type LogOutputChannel } from 'vscode';
import type { CheckWorkspaceResult } from '../../../server/src/lsp/protocol/workspace.ts';
import type { EgressCommand, EgressContext } from '../extension-context.ts';
import { runInBackground } from '../run-in-background.ts';
import { showPlain } from '../ui/show-plain.ts';
import { noServer } from './ask-server.ts';

export const checkWorkspace: EgressCommand = {
  id: 'istioEgress.checkWorkspace',
  async run(egress) {
    const result = await ask(egress);
    if (result === 'cancelled') return undefined;
    if (!result) {
      return noServer(egress);
    }
    logSkipped(egress.output, result);
    runInBackground(egress.output, 'showing the totals', showTotals(egress, result));
    return result;
  },
};

function ask({ server, output }: EgressContext): Thenable<CheckWorkspaceResult | 'cancelled' | undefined> {
  const title = 'Checking the workspace';
  const options = { location: ProgressLocation.Notification, title, cancellable: true };
  return window.withProgress(options, async (_progress, token) => {
    const result = await server.cancellableRequest(token, 'istioEgress/checkWorkspace').catch((error: unknown) => {
      output.error(`istioEgress/checkWorkspace: ${String(error)}`);
      return undefined;
    });
    return token.isCancellationRequested ? 'cancelled' : result;
  });
}

async function showTotals({ output }: EgressContext, result: CheckWorkspaceResult): Promise<void> {
  const { error, warning } = result.findings;
  const showProblems = 'Show Problems';
  const showOutput = 'Show Output';
  const buttons = [...(total(result) > 0 ? [showProblems] : []), ...(result.skipped.length > 0 ? [showOutput] : [])];
  const mild = warning > 0 ? 'warn' : 'info';
  const chosen = await showPlain(error > 0 ? 'error' : mild, inWords(result), ...buttons);
  if (chosen === showProblems) await commands.executeCommand('workbench.actions.view.problems');
  if (chosen === showOutput) output.show();
}

function inWords(result: CheckWorkspaceResult): string {
  const { files, resources, findings, skipped } = result;
  const counted = (['error', 'warning', 'information', 'hint'] as const)
    .filter((level) => findings[level] > 0)
    .map((level) => counts[level](findings[level]))
    .join(', ');
  const found = counted === '' ? 'no findings' : counted;
  const left = skipped.length === 0 ? '' : ` Files skipped: ${skipped.length}.`;
  return `Checked ${resources} resources in ${files} files: ${found}.${left}`;
}

const counts = {
  error: (n: number) => (n === 1 ? '1 error' : `${n} errors`),
  warning: (n: number) => (n === 1 ? '1 warning' : `${n} warnings`),
  information: (n: number) => `${n} information`,
  hint: (n: number) => (n === 1 ? '1 hint' : `${n} hints`),
};

function total({ findings }: CheckWorkspaceResult): number {
  return findings.error + findings.warning + findings.information + findings.hint;
}

function logSkipped(output: LogOutputChannel, result: CheckWorkspaceResult): void {
  output.info(inWords(result));
  for (const { uri, why } of result.skipped)
    output.info(`  skipped: ${workspace.asRelativePath(Uri.parse(uri))} (${why})`);
}
