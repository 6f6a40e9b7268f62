// A proposed manifest as a new file, with what is to be filled in above it.
import { window, workspace } from 'vscode';
import type { ExplainedLine } from '../../../server/src/lsp/protocol/egress.ts';

export async function openProposal({ title, fill, yaml }: NonNullable<ExplainedLine['proposal']>): Promise<void> {
  const head = [title, ...fill].map((line) => `# ${line}\n`).join('');
  await window.showTextDocument(await workspace.openTextDocument({ language: 'yaml', content: `${head}${yaml}` }));
}
