// The tree of a commit as `git ls-tree` lists it, and the contents of its files.
import { posix } from 'node:path';
import { largestFile, type Failure, type FileStat, type FolderEntry } from '../../sources/file-system.ts';

export type Answer = { readonly ok: true; readonly out: Buffer } | Failure;
export type Ask = (args: readonly string[], input?: string) => Answer;

interface Entry {
  readonly mode: string;
  readonly id: string;
  readonly size: number;
}

export class Tree {
  readonly submodules: readonly string[];
  readonly #files = new Map<string, Entry>();
  readonly #folders = new Map<string, Map<string, FolderEntry['kind']>>();
  readonly #links = new Set<string>();
  readonly #root: string;

  /** `listing` as `git ls-tree -r -z --long` writes it. */
  constructor(root: string, listing: string) {
    this.#root = root;
    this.#folders.set(root, new Map());
    const submodules: string[] = [];
    for (const line of listing.split('\0').filter(Boolean)) {
      const tab = line.indexOf('\t');
      const [mode, , id, size] = line.slice(0, tab).split(/ +/) as [string, string, string, string];
      const path = `${root}/${line.slice(tab + 1)}`;
      if (mode === '160000') submodules.push(path);
      else this.#add(path, { mode, id, size: Number(size) });
    }
    this.submodules = submodules;
  }

  #add(path: string, entry: Entry): void {
    this.#files.set(path, entry);
    if (entry.mode === '120000') this.#links.add(path);
    let kind: FolderEntry['kind'] = entry.mode === '120000' ? 'link' : 'file';
    for (let at = path; at !== this.#root; at = posix.dirname(at)) {
      const parent = posix.dirname(at);
      const known = this.#folders.get(parent) ?? new Map<string, FolderEntry['kind']>();
      this.#folders.set(parent, known.set(posix.basename(at), kind));
      kind = 'folder';
    }
  }

  /** Files but links, and none that is too large to be read. Paths are below the root. */
  filesToRead(isRead: (path: string) => boolean): readonly { readonly path: string; readonly id: string }[] {
    return [...this.#files].flatMap(([path, { id, size }]) =>
      isRead(path) && !this.#links.has(path) && size <= largestFile
        ? [{ path: path.slice(this.#root.length + 1), id }]
        : [],
    );
  }

  list(folder: string): readonly FolderEntry[] | undefined {
    const found = this.#folders.get(trimmed(folder));
    return found && [...found].map(([name, kind]) => ({ name, kind }));
  }

  /** Links are not followed: what they lead to is read at its own place, if it is in the tree. */
  stat(path: string): FileStat | undefined {
    const at = trimmed(path);
    if (this.#folders.has(at)) return { kind: 'folder', real: at };
    return this.#files.has(at) && !this.#links.has(at) ? { kind: 'file', real: at } : undefined;
  }

  fileAt(path: string): Entry | undefined {
    return this.#links.has(path) ? undefined : this.#files.get(path);
  }
}

function trimmed(path: string): string {
  return path.length > 1 ? path.replace(/\/$/, '') : path;
}

/** By their ids. */
export function blobsOf(
  ask: Ask,
  ids: readonly string[],
): { readonly ok: true; readonly blobs: ReadonlyMap<string, Buffer> } | Failure {
  const blobs = new Map<string, Buffer>();
  if (ids.length === 0) return { ok: true, blobs };
  const answer = ask(['cat-file', '--batch'], `${ids.join('\n')}\n`);
  if (!answer.ok) return answer;
  for (let at = 0; at < answer.out.length; ) {
    const end = answer.out.indexOf(10, at);
    const [id, type, size] = answer.out.toString('latin1', at, end).split(' ') as [string, string, string];
    if (type !== 'blob')
      return { ok: false, reason: `${id} is not in this clone: fetch it with \`git fetch --refetch origin\`` };
    const start = end + 1;
    blobs.set(id, answer.out.subarray(start, start + Number(size)));
    at = start + Number(size) + 1;
  }
  return { ok: true, blobs };
}
