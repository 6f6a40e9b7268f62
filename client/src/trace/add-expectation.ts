// Add to Expectations: writes what a trace says now as a case that is tested from then on.
import { Range, window, workspace, WorkspaceEdit, type Uri } from 'vscode';
import type { TraceResult } from '../../../server/src/lsp/protocol/egress.ts';
import type { EgressContext } from '../extension-context.ts';
import { showMessage } from '../ui/notify.ts';
import { showNewFile } from '../documents/new-file.ts';
import { appended, expectationText, type ExpectedRequest } from './expectation.ts';

/** More files than this are not offered: the list is read by people. */
const mostFiles = 200;

export async function addExpectation(
  egress: EgressContext,
  request: ExpectedRequest,
  verdict: TraceResult['verdict'],
): Promise<void> {
  if (verdict === 'undetermined')
    return showMessage(egress, 'info', 'The files do not determine this request, so nothing can be expected.');
  const text = expectationText(request, verdict);
  const files = await workspace.findFiles('**/*.egress-test.{yaml,yml}', '**/node_modules/**', mostFiles);
  if (files.length === 0) {
    await showNewFile('requests.egress-test', text);
    return;
  }
  const file = files.length === 1 ? files[0] : await chooseFile(files);
  if (file) await appendTo(file, text);
}

async function chooseFile(files: readonly Uri[]): Promise<Uri | undefined> {
  const items = files
    .map((uri) => ({ label: workspace.asRelativePath(uri), uri }))
    .sort((a, b) => (a.label < b.label ? -1 : 1));
  const chosen = await window.showQuickPick(items, { title: 'Add to which file of expectations?' });
  return chosen?.uri;
}

/** Unsaved, so that it can be looked at and undone. */
async function appendTo(uri: Uri, text: string): Promise<void> {
  const document = await workspace.openTextDocument(uri);
  const before = document.getText();
  const kept = before.trimEnd().length;
  const end = new Range(document.positionAt(kept), document.positionAt(before.length));
  const edit = new WorkspaceEdit();
  edit.replace(uri, end, appended(before, text).slice(kept));
  await workspace.applyEdit(edit);
  const editor = await window.showTextDocument(document);
  const last = document.lineAt(document.lineCount - 1).range;
  editor.revealRange(last);
}
