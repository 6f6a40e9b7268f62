// Reads the workspace's files through VS Code for a server without a disk, as in a browser.
import { FileType, Uri, workspace, type LogOutputChannel } from 'vscode';
import type { BaseLanguageClient, Middleware } from 'vscode-languageclient';
import type { HandedFiles } from '../../../server/src/lsp/protocol/workspace.ts';

/** Past this many a worker's memory and the user's patience end. */
const mostFiles = 5000;
const atOnce = 16;

/** All files of a folder that may be manifests or say something of them. */
export async function readFiles(folders: readonly Uri[], output: LogOutputChannel): Promise<HandedFiles> {
  const uris: Uri[] = [];
  for (const folder of folders) await collect(folder, uris, output);
  if (uris.length > mostFiles) output.warn(`Only the first ${mostFiles} of ${uris.length} files are checked.`);
  return readAll(uris.slice(0, mostFiles));
}

/** Sends the texts ahead of the standard notifications, which name files and folders only. */
export function handOver(
  client: () => BaseLanguageClient,
  output: LogOutputChannel,
): NonNullable<Middleware['workspace']> {
  const send = (files: HandedFiles) => client().sendNotification('istioEgress/handedFiles', files);
  return {
    async didChangeWatchedFile(event, next) {
      await send(await readAll([Uri.parse(event.uri)]));
      return next(event);
    },
    async didChangeWorkspaceFolders(event, next) {
      await send(
        await readFiles(
          event.added.map(({ uri }) => uri),
          output,
        ),
      );
      return next(event);
    },
  };
}

async function collect(folder: Uri, uris: Uri[], output: LogOutputChannel): Promise<void> {
  if (uris.length > mostFiles) return;
  try {
    for (const [name, type] of await workspace.fs.readDirectory(folder)) {
      const uri = Uri.joinPath(folder, name);
      if ((type & FileType.Directory) !== 0) {
        if (!name.startsWith('.') && name !== 'node_modules') await collect(uri, uris, output);
      } else if (/\.(ya?ml|json)$|^Kustomization$/i.test(name)) uris.push(uri);
    }
  } catch (error) {
    output.warn(`${folder.toString()} could not be listed: ${String(error)}`);
  }
}

async function readAll(uris: readonly Uri[]): Promise<HandedFiles> {
  const files: HandedFiles['files'][number][] = [];
  for (let at = 0; at < uris.length; at += atOnce)
    files.push(...(await Promise.all(uris.slice(at, at + atOnce).map(readOne))));
  return { files };
}

async function readOne(uri: Uri): Promise<HandedFiles['files'][number]> {
  try {
    return { uri: uri.toString(), text: new TextDecoder().decode(await workspace.fs.readFile(uri)) };
  } catch {
    // The file is gone: the server gets no text for it.
    return { uri: uri.toString(), text: null };
  }
}
