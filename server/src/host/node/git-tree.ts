// The tree of a commit as `git ls-tree` lists it, and the contents of its files.
import { posix } from 'node:path';
import {
  largestFile,
  linkToItself,
  linkToNothing,
  type Failure,
  type FileStat,
  type FolderEntry,
} from '../../sources/file-system.ts';

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
  /** Links, each with what it leads to once that was read. */
  readonly #links = new Map<string, string | undefined>();
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
    if (entry.mode === '120000') this.#links.set(path, undefined);
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

  /** Reads where links lead to: `blobs` has the text of each of `linkIds`. */
  followLinks(blobs: ReadonlyMap<string, Buffer>): void {
    for (const path of this.#links.keys()) this.#links.set(path, blobs.get(this.#files.get(path)!.id)?.toString());
  }

  linkIds(): readonly string[] {
    return [...this.#links.keys()]
      .map((path) => this.#files.get(path)!)
      .flatMap(({ id, size }) => (size <= longestPath ? [id] : []));
  }

  list(folder: string): readonly FolderEntry[] | undefined {
    const found = this.#folders.get(this.#resolved(folder).path);
    return found && [...found].map(([name, kind]) => ({ name, kind }));
  }

  stat(path: string): FileStat | undefined {
    const { path: real, reason } = this.#resolved(path);
    if (reason !== undefined) return { kind: 'other', real, reason };
    if (this.#folders.has(real)) return { kind: 'folder', real };
    if (this.#files.has(real)) return { kind: 'file', real };
    return this.#links.has(trimmed(path)) ? { kind: 'other', real, reason: linkToNothing } : undefined;
  }

  fileAt(path: string): Entry | undefined {
    const { path: real, reason } = this.#resolved(path);
    return reason === undefined ? this.#files.get(real) : undefined;
  }

  /** Without links, or why there is no such path. */
  #resolved(path: string): { readonly path: string; readonly reason?: string } {
    let at = trimmed(path);
    for (let followed = 0; followed < mostLinks; followed++) {
      const link = this.#links.size === 0 ? undefined : this.#linkIn(at);
      if (link === undefined) return { path: at };
      const target = this.#links.get(link);
      if (target === undefined || target === '') return { path: at, reason: linkToNothing };
      const led = posix.isAbsolute(target) ? posix.normalize(target) : posix.join(posix.dirname(link), target);
      at = trimmed(led + at.slice(link.length));
      if (at !== this.#root && !at.startsWith(`${this.#root}/`))
        return { path: at, reason: 'the symbolic link leads out of the repository' };
    }
    return { path: at, reason: linkToItself };
  }

  /** The first link on the way to the path. */
  #linkIn(path: string): string | undefined {
    for (let end = this.#root.length; end !== -1 && end < path.length; ) {
      end = path.indexOf('/', end + 1);
      const part = end === -1 ? path : path.slice(0, end);
      if (this.#links.has(part)) return part;
    }
    return undefined;
  }
}

/** As Linux has them. */
const mostLinks = 40;
const longestPath = 4096;

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
