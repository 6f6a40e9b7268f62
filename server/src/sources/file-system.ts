// The file system interface for sources. Synchronous on purpose: asynchronous reading is several times slower. Callers that must
// stay responsive use a generator in short slices.
import { isInside } from './paths.ts';

export interface FileSystem {
  /** What a folder holds, in any order. */
  readonly list: (folder: string) => readonly FolderEntry[] | Failure;
  /** A file's text as an editor shows it: decoded, without a byte order mark. */
  readonly read: (path: string) => FileText | Failure;
  /** Follows links; undefined if nothing of the name is there. */
  readonly stat: (path: string) => FileStat | undefined;
  readonly uriOf: (path: string) => string;
  /**
   * The same as long as a file is: another text has another one. Undefined where that cannot be said, as of a file that was changed only now. Not where
   * nobody reads files twice.
   */
  readonly stampOf?: (path: string) => string | undefined;
  /** What gzip packed, a file or its content, if it is at most so many bytes. Not where no program runs that reads packed files. */
  readonly unzip?: (packed: string | Uint8Array, most: number) => Unzipped | Failure;
}

export interface Unzipped {
  readonly ok: true;
  readonly bytes: Uint8Array;
}

export interface FolderEntry {
  readonly name: string;
  /** A link is followed by `stat` only; `other` has no text that ends. */
  readonly kind: 'file' | 'folder' | 'link' | 'other';
}

export type FileStat = {
  /** The path without links, to find out whether two paths are the same file. */
  readonly real: string;
} & (
  | { readonly kind: 'file' | 'folder' }
  /** Something has the name and cannot be read: a pipe, a socket, a device, a link to nothing. `reason` is a clause for messages. */
  | { readonly kind: 'other'; readonly reason: string }
);

export const notAFile = 'a pipe, socket or device, not a file';
export const linkToNothing = 'the target of the symbolic link does not exist';
export const linkToItself = 'the symbolic link points to itself';

export interface FileText {
  readonly ok: true;
  readonly text: string;
  readonly encoding: TextEncoding;
}

export type TextEncoding = 'utf-8' | 'utf-8-bom' | 'utf-16le' | 'utf-16be';

/** `reason` is a clause for messages: `permission denied`. */
export interface Failure {
  readonly ok: false;
  readonly reason: string;
}

/** Larger files are not hand-written manifests; they are reported, not read. */
export const largestFile = 10 * 1024 * 1024;

/** The same, as if nothing was beside a folder. */
export function filesWithin(files: FileSystem, folder: string): FileSystem {
  const outside: Failure = { ok: false, reason: 'not found' };
  return {
    list: (path) => (isInside(folder, path) ? files.list(path) : outside),
    read: (path) => (isInside(folder, path) ? files.read(path) : outside),
    stat: (path) => (isInside(folder, path) ? files.stat(path) : undefined),
    uriOf: files.uriOf,
    unzip: (packed, most) =>
      files.unzip && (typeof packed !== 'string' || isInside(folder, packed)) ? files.unzip(packed, most) : outside,
  };
}
