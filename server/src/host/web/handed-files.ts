// A file system of the files that a client sent: a browser's worker cannot read files. Paths are URIs.
import type { FileStat, FileSystem, FolderEntry } from '../../sources/file-system.ts';
import { folderOf, nameOf } from '../../sources/paths.ts';
import type { HandedFiles } from '../../lsp/protocol/workspace.ts';

export class HandedFileSystem implements FileSystem {
  readonly #texts = new Map<string, string>();
  /** What each folder holds, by its URI. */
  readonly #folders = new Map<string, Map<string, FolderEntry>>();

  take({ files }: HandedFiles): void {
    for (const { uri, text } of files)
      if (text === null) this.#remove(uri);
      else this.#add(uri, text);
  }

  readonly list = (folder: string) => [...(this.#folders.get(folder)?.values() ?? [])];

  readonly read = (path: string) => {
    const text = this.#texts.get(path);
    return text === undefined
      ? ({ ok: false, reason: 'not found' } as const)
      : ({ ok: true, text, encoding: 'utf-8' } as const);
  };

  readonly stat = (path: string): FileStat | undefined => {
    if (this.#texts.has(path)) return { kind: 'file', real: path };
    return this.#folders.has(path) ? { kind: 'folder', real: path } : undefined;
  };

  readonly uriOf = (path: string) => path;

  readonly pathOf = (uri: string) => uri;

  #add(uri: string, text: string): void {
    if (!this.#texts.has(uri)) this.#enter(uri, 'file');
    this.#texts.set(uri, text);
  }

  /** Names it in its folder, and the folder in the one above. */
  #enter(uri: string, kind: FolderEntry['kind']): void {
    const folder = folderOf(uri);
    const isKnown = this.#folders.has(folder);
    const entries = this.#folders.get(folder) ?? new Map<string, FolderEntry>();
    this.#folders.set(folder, entries.set(nameOf(uri), { name: nameOf(uri), kind }));
    if (!isKnown && folder.includes('/') && folderOf(folder) !== folder) this.#enter(folder, 'folder');
  }

  /** A folder that is emptied stays: that changes nothing. */
  #remove(uri: string): void {
    this.#texts.delete(uri);
    this.#folders.get(folderOf(uri))?.delete(nameOf(uri));
  }
}
