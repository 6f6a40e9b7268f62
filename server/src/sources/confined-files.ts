// A file system that shows nothing outside some folders, wherever links lead. Only this product's configuration files above them are
// read, as they hold the settings of what is below.
import { isConfigFile } from './config-file.ts';
import type { FileSystem } from './file-system.ts';
import { folderOf, isInside } from './paths.ts';

/** `roots`: paths without links. */
export function confinedFiles(files: FileSystem, roots: readonly string[]): FileSystem {
  const isAllowed = (real: string) =>
    roots.some((root) => isInside(root, real) || (isConfigFile(real) && isInside(folderOf(real), root)));
  const stat: FileSystem['stat'] = (path) => {
    const found = files.stat(path);
    return found && isAllowed(found.real) ? found : undefined;
  };
  return {
    stat,
    list: (folder) => (stat(folder) ? files.list(folder) : outside),
    read: (path) => (stat(path) ? files.read(path) : outside),
    uriOf: files.uriOf,
  };
}

const outside = { ok: false, reason: 'not found in the given folders' } as const;
