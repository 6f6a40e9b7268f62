// A new file of the workspace, beside the one that is open.
import { FileType, Uri, window, workspace } from 'vscode';

/** Writes the file under a name that is free and shows it; without a folder it is an unsaved document. */
export async function showNewFile(stem: string, text: string): Promise<Uri> {
  const folder = await folderForNewFiles();
  const document = folder
    ? await workspace.openTextDocument(await written(folder, stem, text))
    : await workspace.openTextDocument({ language: 'yaml', content: text });
  await window.showTextDocument(document);
  return document.uri;
}

async function folderForNewFiles(): Promise<Uri | undefined> {
  const open = window.activeTextEditor?.document.uri;
  if (open && workspace.getWorkspaceFolder(open)) return Uri.joinPath(open, '..');
  return workspace.workspaceFolders?.[0]?.uri;
}

async function written(folder: Uri, stem: string, text: string): Promise<Uri> {
  let uri = Uri.joinPath(folder, `${stem}.yaml`);
  for (let n = 2; await exists(uri); n++) uri = Uri.joinPath(folder, `${stem}-${n}.yaml`);
  await workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return uri;
}

async function exists(uri: Uri): Promise<boolean> {
  try {
    return (await workspace.fs.stat(uri)).type !== FileType.Unknown;
  } catch {
    return false;
  }
}
