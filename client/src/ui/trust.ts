import { commands, workspace } from 'vscode';
import type { EgressContext } from '../extension-context.ts';
import { runInBackground } from '../run-in-background.ts';
import { showPlain } from './show-plain.ts';

/** Programs are started in trusted workspaces only; elsewhere the user gets a message. */
export function mayStartProcesses({ output }: Pick<EgressContext, 'output'>): boolean {
  if (!workspace.isTrusted) runInBackground(output, 'workspace trust', refuse());
  return workspace.isTrusted;
}

async function refuse(): Promise<void> {
  const manage = 'Manage Workspace Trust';
  const message =
    'This command starts istioctl and kubectl. It needs a trusted workspace. Checks and fixes work without trust.';
  if ((await showPlain('warn', message, manage)) === manage) await commands.executeCommand('workbench.trust.manage');
}
