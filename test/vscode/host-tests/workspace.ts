// The folder that the editor has open: a copy of the story.
import * as vscode from 'vscode';
import { until } from './until.ts';

export const story = [
  'authorization-policy',
  'client',
  'destination-rule',
  'namespace',
  'service-entry',
  'story.egress-test',
  'telemetry',
  'waypoint',
].map((name) => `${name}.yaml`);

export function file(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!folder) throw new Error('no folder is open');
  return vscode.Uri.joinPath(folder.uri, name);
}

/** How many YAML files the folder has now. */
export async function yamlFiles(): Promise<number> {
  return (await vscode.workspace.fs.readDirectory(file(''))).filter(([name]) => name.endsWith('.yaml')).length;
}

export async function show(name: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(file(name)));
}

/** Changes the text in the editor, as typing does; nothing is saved. */
export async function replace(name: string, from: string, to: string): Promise<void> {
  const editor = await show(name);
  const at = editor.document.getText().indexOf(from);
  if (at < 0) throw new Error(`${name} does not have ${JSON.stringify(from)}`);
  const range = new vscode.Range(editor.document.positionAt(at), editor.document.positionAt(at + from.length));
  await editor.edit((edit) => edit.replace(range, to));
}

export async function revert(name: string): Promise<void> {
  await show(name);
  await vscode.commands.executeCommand('workbench.action.files.revert');
}

export function findings(name: string): readonly { readonly rule: string; readonly diagnostic: vscode.Diagnostic }[] {
  return vscode.languages
    .getDiagnostics(file(name))
    .filter(({ source }) => source === 'istio-egress')
    .map((diagnostic) => {
      const { code } = diagnostic;
      return { rule: String(typeof code === 'object' ? code.value : code), diagnostic };
    });
}

export function finding(name: string, rule: string): Promise<vscode.Diagnostic> {
  return until(`${rule} in ${name}`, () => findings(name).find((found) => found.rule === rule)?.diagnostic);
}

export function noFindings(): Promise<true> {
  return until('no findings in the story', () => story.every((name) => findings(name).length === 0) && true);
}
