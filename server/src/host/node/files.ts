// The disk, for sources. Synchronous, into one buffer that is used again: several times faster than Node's promises for small files.
import { isAscii } from 'node:buffer';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  statSync,
  type Dirent,
} from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeText } from '../../sources/decode.ts';
import {
  largestFile,
  linkToItself,
  linkToNothing,
  notAFile,
  type Failure,
  type FileStat,
  type FileSystem,
  type FileText,
  type FolderEntry,
  type Unzipped,
} from '../../sources/file-system.ts';
import { zlib } from './when-used.ts';

/**
 * A file system over this machine's disk. Paths have `/` between names on every platform. `waits`: pipes are read to their end, which
 * only the user can name; nobody may ever write into one that lies in a folder.
 */
export function nodeFiles({ waits = false }: { readonly waits?: boolean } = {}): FileSystem {
  const reader = new Reader(waits);
  return {
    list: listFolder,
    read: (path) => reader.read(path),
    stat: statPath,
    uriOf: uriOfPath,
    stampOf,
    unzip(packed, most) {
      const found = typeof packed === 'string' ? reader.bytes(packed) : { ok: true as const, bytes: packed };
      return found.ok ? unzipped(found.bytes, most) : found;
    },
  };
}

/** Escaped as VS Code does it, so that an editor's documents and the disk's files have one name. */
export function uriOfPath(path: string): string {
  if (/^\/[\w./~-]*$/.test(path)) return `file://${path}`;
  const drive = /^([A-Za-z]):/.exec(path)?.[1];
  const rooted = drive === undefined ? path : `/${drive.toLowerCase()}${path.slice(1)}`;
  return `file://${rooted
    .split('/')
    .map((name) => encodeURIComponent(name).replace(/[!'()*]/g, escaped))
    .join('/')}`;
}

function escaped(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** The path of a `file:` URI; undefined for others, such as an editor's unsaved texts. */
export function pathOfUri(uri: string): string | undefined {
  if (!uri.startsWith('file:')) return undefined;
  try {
    return slashed(fileURLToPath(uri));
  } catch {
    // A URI of another machine (`file://host/...`) or with a broken escape has no path on this machine.
    return undefined;
  }
}

/** A path as sources write it. */
export function slashed(path: string): string {
  return process.platform === 'win32' ? path.replaceAll('\\', '/') : path;
}

function listFolder(folder: string): readonly FolderEntry[] | Failure {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => entryOf(entry) ?? []);
  } catch (error) {
    return failure(error);
  }
}

function entryOf(entry: Dirent): FolderEntry {
  if (entry.isDirectory()) return { name: entry.name, kind: 'folder' };
  if (entry.isFile()) return { name: entry.name, kind: 'file' };
  return { name: entry.name, kind: entry.isSymbolicLink() ? 'link' : 'other' };
}

function statPath(path: string): FileStat | undefined {
  try {
    const stat = statSync(path);
    if (!stat.isDirectory() && !stat.isFile()) return unreadable(path, notAFile);
    return { kind: stat.isDirectory() ? 'folder' : 'file', real: slashed(realpathSync(path)) };
  } catch {
    // Nothing there, or a link that leads nowhere or in a circle.
    return isLink(path) ? unreadable(path, linkToNothing) : undefined;
  }
}

/** Clocks of file systems are as coarse as two seconds: what is younger may change again without another time. */
const settledNanoseconds = 2_500_000_000n;

/** Both times: that of the text can be set to any. */
function stampOf(path: string): string | undefined {
  try {
    const stat = statSync(path, { bigint: true });
    const { dev, ino, size, mtimeNs, ctimeNs } = stat;
    const newest = mtimeNs > ctimeNs ? mtimeNs : ctimeNs;
    const isSettled = newest < BigInt(Date.now()) * 1_000_000n - settledNanoseconds;
    return stat.isFile() && isSettled ? [dev, ino, size, mtimeNs, ctimeNs].join() : undefined;
  } catch {
    return undefined;
  }
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

/** A link to a pipe may have no path, and one to nothing has none: its own folder has. */
function unreadable(path: string, reason: string): FileStat {
  return { kind: 'other', real: posix.join(slashed(realpathSync(posix.dirname(path))), posix.basename(path)), reason };
}

class Reader {
  readonly #flags: number;
  #buffer = Buffer.allocUnsafeSlow(64 * 1024);

  constructor(waits: boolean) {
    // Windows has no such flag, and no pipes in folders.
    this.#flags = constants.O_RDONLY | (waits ? 0 : (constants.O_NONBLOCK ?? 0));
  }

  read(path: string): FileText | Failure {
    const found = this.bytes(path);
    return found.ok ? textOf(found.bytes) : found;
  }

  /** Those of the next file are in the same place. */
  bytes(path: string): { readonly ok: true; readonly bytes: Buffer } | Failure {
    let file: number | undefined;
    try {
      file = openSync(path, this.#flags);
      const length = this.#fill(file);
      // A pipe into which nobody writes is empty; to ask each file would cost as much as to read it.
      if (length === 0 && fstatSync(file).isFIFO()) return { ok: false, reason: notAFile };
      return length > largestFile
        ? { ok: false, reason: `larger than ${largestFile / 1024 / 1024} MB` }
        : { ok: true, bytes: this.#buffer.subarray(0, length) };
    } catch (error) {
      return failure(error);
    } finally {
      if (file !== undefined) closeSync(file);
    }
  }

  /** Reads to the end, or one byte past the largest size that is taken. */
  #fill(file: number): number {
    let length = 0;
    for (;;) {
      const read = readSync(file, this.#buffer, length, this.#buffer.length - length, null);
      length += read;
      if (read === 0 || length > largestFile) return length;
      if (length === this.#buffer.length) this.#grow();
    }
  }

  #grow(): void {
    const larger = Buffer.allocUnsafeSlow(Math.min(this.#buffer.length * 4, largestFile + 1));
    this.#buffer.copy(larger);
    this.#buffer = larger;
  }
}

function unzipped(packed: Uint8Array, most: number): Unzipped | Failure {
  try {
    return { ok: true, bytes: zlib().gunzipSync(packed, { maxOutputLength: Math.max(1, most) }) };
  } catch (error) {
    const isLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    return { ok: false, reason: isLarge ? 'it is too large' : 'not packed with gzip' };
  }
}

/** Most manifests are ASCII, which needs no decoder: a third of the time of reading them. */
function textOf(bytes: Buffer): FileText | Failure {
  return isAscii(bytes) && !bytes.includes(0)
    ? { ok: true, text: bytes.toString('latin1'), encoding: 'utf-8' }
    : decodeText(bytes);
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'not found',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'a folder, not a file',
  ENOTDIR: 'not a folder',
  ELOOP: linkToItself,
  EMFILE: 'too many open files',
  EAGAIN: notAFile,
  ENXIO: notAFile,
};

function failure(error: unknown): Failure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return { ok: false, reason: reasons[code] ?? (code || String(error)) };
}
