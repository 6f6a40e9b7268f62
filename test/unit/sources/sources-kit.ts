import type { FileSystem, FolderEntry } from '../../../server/src/sources/file-system.ts';

/** A disk in memory: texts by path, with the folders that their paths imply. */
export class MemoryFiles implements FileSystem {
  readonly #texts = new Map<string, string>();

  put(path: string, text: string): void {
    this.#texts.set(path, text);
  }

  remove(path: string): void {
    this.#texts.delete(path);
  }

  readonly list: FileSystem['list'] = (folder) => {
    const start = folder.endsWith('/') ? folder : `${folder}/`;
    const entries = new Map<string, FolderEntry>();
    for (const path of this.#texts.keys()) {
      if (!path.startsWith(start)) continue;
      const [name = '', ...more] = path.slice(start.length).split('/');
      entries.set(name, { name, kind: more.length > 0 ? 'folder' : 'file' });
    }
    return entries.size > 0 ? [...entries.values()] : { ok: false, reason: 'not found' };
  };

  readonly read: FileSystem['read'] = (path) => {
    const text = this.#texts.get(path);
    return text === undefined ? { ok: false, reason: 'not found' } : { ok: true, text, encoding: 'utf-8' };
  };

  readonly stat: FileSystem['stat'] = (path) => {
    if (this.#texts.has(path)) return { kind: 'file', real: path };
    return 'ok' in this.list(path) ? undefined : { kind: 'folder', real: path };
  };

  readonly uriOf: FileSystem['uriOf'] = (path) => path;
}

export function memoryFiles(entries: Readonly<Record<string, string>>): MemoryFiles {
  const memory = new MemoryFiles();
  for (const [path, text] of Object.entries(entries)) memory.put(path, text);
  return memory;
}
