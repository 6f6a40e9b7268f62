// A file system that reads a file again only where the disk says that it may be another one than last time.
import type { FileSystem, FileText } from './file-system.ts';

interface Kept {
  readonly stamp: string;
  readonly file: FileText;
}

export interface KeptFiles extends FileSystem {
  /** Of what was read before the last turn, and not since, nothing is kept. */
  readonly turn: () => void;
  readonly forget: () => void;
}

export function keptFiles(files: FileSystem): KeptFiles {
  let before: ReadonlyMap<string, Kept> = new Map();
  let now = new Map<string, Kept>();
  return {
    ...files,
    read(path) {
      // Taken before the file is read: one that is written meanwhile is read again next time.
      const stamp = files.stampOf?.(path);
      if (stamp === undefined) return files.read(path);
      const kept = now.get(path) ?? before.get(path);
      const file = kept?.stamp === stamp ? kept.file : files.read(path);
      if (file.ok) now.set(path, { stamp, file });
      return file;
    },
    turn() {
      before = now;
      now = new Map();
    },
    forget() {
      before = now = new Map();
    },
  };
}
