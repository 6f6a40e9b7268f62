import { commands, window, workspace } from 'vscode';
import type { EgressCommand } from '../extension-context.ts';

/** A new file in which the snippets are available. */
export const newManifest: EgressCommand = {
  id: 'istioEgress.newManifest',
  async run() {
    const document = await workspace.openTextDocument({ language: 'yaml', content: '' });
    await window.showTextDocument(document);
    await commands.executeCommand('editor.action.showSnippets');
  },
};
