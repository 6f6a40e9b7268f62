// The story as a workspace of the user's own, to try things out without manifests at hand.
import { commands, extensions, FileType, Uri, window, workspace } from 'vscode';
import type { EgressCommand } from '../extension-context.ts';

const extensionId = 'istio-egress.istio-egress';
const folderName = 'istio-egress-sample';

/** As `freeFolder` names them. */
export function isSampleFolder({ path }: Uri): boolean {
  return /\/istio-egress-sample(-\d+)?\/?$/.test(path);
}

/** Callers may pass the folder into which the sample's folder is written. Gives the address of the sample; opens it unless told where. */
export const openSample: EgressCommand = {
  id: 'istioEgress.openSample',
  async run(_egress, given) {
    const parent = given instanceof Uri ? given : await chosenFolder();
    const extension = extensions.getExtension(extensionId);
    if (!parent || !extension) return undefined;
    const sample = await freeFolder(parent);
    await copyFolder(Uri.joinPath(extension.extensionUri, 'examples'), sample);
    if (given === undefined) await commands.executeCommand('vscode.openFolder', sample);
    return sample.toString();
  },
};

/** The walkthrough, which the editor itself shows once after the extension was installed. */
export const getStarted: EgressCommand = {
  id: 'istioEgress.getStarted',
  run: (_egress, given) => showWalkthrough(given === true),
};

export async function showWalkthrough(toSide: boolean): Promise<void> {
  await commands.executeCommand('workbench.action.openWalkthrough', `${extensionId}#getStarted`, toSide);
}

async function chosenFolder(): Promise<Uri | undefined> {
  const [folder] =
    (await window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      openLabel: 'Write the Sample Here',
      title: 'The folder in which the sample gets a folder of its own',
    })) ?? [];
  return folder;
}

/** Nothing that is there is written over. */
async function freeFolder(parent: Uri): Promise<Uri> {
  const taken = new Set((await workspace.fs.readDirectory(parent)).map(([name]) => name));
  for (let n = 1; ; n++) {
    const name = n === 1 ? folderName : `${folderName}-${n}`;
    if (!taken.has(name)) return Uri.joinPath(parent, name);
  }
}

async function copyFolder(from: Uri, to: Uri): Promise<void> {
  await workspace.fs.createDirectory(to);
  for (const [name, type] of await workspace.fs.readDirectory(from))
    if (type === FileType.File)
      await workspace.fs.writeFile(Uri.joinPath(to, name), await workspace.fs.readFile(Uri.joinPath(from, name)));
}
