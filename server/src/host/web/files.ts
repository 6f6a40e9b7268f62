// A worker has no disk: it knows the texts that its client sends.
import type { FileSystem, FolderEntry } from '../../sources/file-system.ts';

/** Texts by URI, with the folders that their URIs imply. */
export class MemoryFiles implements FileSystem {
  readonly #texts = new Map<string, string>();

  put(uri: string, text: string): void {
    this.#texts.set(uri, text);
  }

  remove(uri: string): void {
    this.#texts.delete(uri);
  }

  readonly list: FileSystem['list'] = (folder) => {
    const start = folder.endsWith('/') ? folder : `${folder}/`;
    const entries = new Map<string, FolderEntry>();
    for (const uri of this.#texts.keys()) {
      if (!uri.startsWith(start)) continue;
      const [name = '', ...more] = uri.slice(start.length).split('/');
      entries.set(name, { name, kind: more.length > 0 ? 'folder' : 'file' });
    }
    return entries.size > 0 ? [...entries.values()] : { ok: false, reason: 'not found' };
  };

  readonly read: FileSystem['read'] = (uri) => {
    const text = this.#texts.get(uri);
    return text === undefined ? { ok: false, reason: 'not found' } : { ok: true, text, encoding: 'utf-8' };
  };

  readonly stat: FileSystem['stat'] = (uri) => {
    if (this.#texts.has(uri)) return { kind: 'file', real: uri };
    return 'ok' in this.list(uri) ? undefined : { kind: 'folder', real: uri };
  };

  readonly uriOf: FileSystem['uriOf'] = (uri) => uri;
  readonly pathOf: FileSystem['pathOf'] = (uri) => uri;
}
