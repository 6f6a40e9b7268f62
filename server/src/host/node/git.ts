// The user's own git, by arguments and never a shell. It reads objects only: no checkout, no hook, no network.
import { spawnSync } from 'node:child_process';
import { posix } from 'node:path';
import type { Commit, Git, RevisionFiles } from '../../cli/git.ts';
import { decodeText } from '../../sources/decode.ts';
import { largestFile, type Failure, type FileStat, type FolderEntry } from '../../sources/file-system.ts';
import { uriOfPath } from './files.ts';
import { findExecutable } from './find-executable.ts';

const largestOutput = 1024 * 1024 * 1024;

export function nodeGit(cwd: string): Git {
  const git = findExecutable('git', undefined);
  const ask = (args: readonly string[], input?: string): Answer =>
    git.found ? run(git.path, cwd, args, input) : { ok: false, reason: `git was not found: ${git.reason}` };
  return {
    commitOf: (revision) => commitOf(ask, revision),
    mergeBase: (a, b) => mergeBase(ask, a, b),
    filesAt: (commit) => filesAt(ask, commit),
  };
}

type Answer = { readonly ok: true; readonly out: Buffer } | Failure;
type Ask = (args: readonly string[], input?: string) => Answer;

/** Objects that a partial clone lacks are not fetched, and nobody is asked for a password. */
const quiet = { GIT_NO_LAZY_FETCH: '1', GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };

function run(file: string, cwd: string, args: readonly string[], input = ''): Answer {
  const { status, stdout, stderr, error } = spawnSync(file, ['-c', 'core.fsmonitor=false', ...args], {
    cwd,
    input,
    maxBuffer: largestOutput,
    env: { ...process.env, ...quiet },
    windowsHide: true,
  });
  if (error) return { ok: false, reason: `git cannot be run: ${error.message}` };
  if (status === 0) return { ok: true, out: stdout };
  return {
    ok: false,
    reason:
      stderr
        .toString()
        .trim()
        .split('\n')[0]!
        .replace(/^fatal: /, '') || `git ended with ${status}`,
  };
}

function commitOf(ask: Ask, revision: string): Commit | Failure {
  const inside = ask(['rev-parse', '--is-inside-work-tree']);
  if (!inside.ok) return inside;
  const found = ask(['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]);
  if (found.ok) return { ok: true, commit: found.out.toString().trim() };
  return { ok: false, reason: `git does not know ${revision} here${isShallow(ask) ? shallowAdvice(revision) : ''}` };
}

function mergeBase(ask: Ask, a: string, b: string): Commit | Failure {
  const found = ask(['merge-base', '--end-of-options', a, b]);
  if (found.ok) return { ok: true, commit: found.out.toString().trim() };
  const advice = isShallow(ask) ? '; this clone is shallow: fetch its history with `git fetch --unshallow`' : '';
  return { ok: false, reason: `${a} and ${b} have no common commit here${advice}` };
}

function isShallow(ask: Ask): boolean {
  const answer = ask(['rev-parse', '--is-shallow-repository']);
  return answer.ok && answer.out.toString().trim() === 'true';
}

function shallowAdvice(revision: string): string {
  return `; this clone is shallow: fetch it with \`git fetch --depth=1 origin ${revision.replace(/^origin\//, '')}\``;
}

interface Entry {
  readonly mode: string;
  readonly id: string;
  readonly size: number;
}

function filesAt(ask: Ask, commit: string): RevisionFiles | Failure {
  const [top, listed] = [
    ask(['rev-parse', '--show-toplevel']),
    ask(['ls-tree', '-r', '-z', '--long', '--full-tree', commit]),
  ];
  if (!top.ok) return top;
  if (!listed.ok) return listed;
  const tree = new Tree(top.out.toString().replace(/\r?\n$/, ''), listed.out.toString());
  const texts = blobsOf(ask, tree.idsToRead());
  if (!texts.ok) return texts;
  return {
    ok: true,
    submodules: tree.submodules,
    list: (folder) => tree.list(folder) ?? { ok: false, reason: 'not found' },
    stat: (path) => tree.stat(path),
    uriOf: uriOfPath,
    read(path) {
      const entry = tree.fileAt(path);
      if (!entry) return { ok: false, reason: 'not found' };
      if (entry.size > largestFile) return { ok: false, reason: `larger than ${largestFile / 1024 / 1024} MB` };
      const bytes = texts.blobs.get(entry.id);
      return bytes ? decodeText(bytes) : { ok: false, reason: 'not read' };
    },
  };
}

/** Only such files are read: they can be manifests, settings or parts of charts. */
const isRead = /(\.(ya?ml|json|tpl|properties|env)|\/(Kustomization|\.helmignore))$/;

class Tree {
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

  idsToRead(): readonly string[] {
    const wanted = [...this.#files].filter(
      ([path, { size }]) => isRead.test(path) && !this.#links.has(path) && size <= largestFile,
    );
    return [...new Set(wanted.map(([, { id }]) => id))];
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

function blobsOf(
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
