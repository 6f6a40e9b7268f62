import { window } from 'vscode';
import type { EgressCommand } from '../extension-context.ts';
import { accessMarkdown } from '../documents/access.ts';
import { askServer } from './ask-server.ts';

/** The access table: which client may call which host. */
export const showAccess: EgressCommand = {
  id: 'istioEgress.showAccess',
  async run(egress) {
    const uri = window.activeTextEditor?.document.uri.toString() ?? null;
    const access = await askServer(egress, 'istioEgress/access', { uri });
    if (access) await egress.answers.preview('Access.md', accessMarkdown(access));
    return access;
  },
};
