// A file system that shows nothing outside some folders, wherever links lead. Only this product's configuration files above them are
// read, as they hold the settings of what is below.
import { isConfigFile } from './config-file.ts';
import type { FileSystem } from './file-system.ts';
import { folderOf, isInside, join, nameOf } from './paths.ts';

/** `roots`: paths without links. */
export function confinedFiles(files: FileSystem, roots: readonly string[]): FileSystem {
  const isAllowed = (real: string) =>
    roots.some((root) => isInside(root, real) || (isConfigFile(real) && isInside(folderOf(real), root)));
  const stat: FileSystem['stat'] = (path) => {
    const found = files.stat(path);
    if (!found) return undefined;
    if (found.kind !== 'other' && isAllowed(found.real)) return found;
    // A link in a folder that may be read is there, wherever it leads; of another folder nothing is told.
    const folder = files.stat(folderOf(path));
    return folder && isAllowed(folder.real)
      ? { kind: 'other', real: join(folder.real, nameOf(path)), reason: outside.reason }
      : undefined;
  };
  const isReadable = (path: string) => !['other', undefined].includes(stat(path)?.kind);
  return {
    stat,
    list: (folder) => (isReadable(folder) ? files.list(folder) : outside),
    read: (path) => (isReadable(path) ? files.read(path) : outside),
    uriOf: files.uriOf,
  };
}

const outside = { ok: false, reason: 'not found in the given folders' } as const;
