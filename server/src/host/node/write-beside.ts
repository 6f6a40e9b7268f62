// Files that are written as a whole.
import { closeSync, openSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Takes the place of `target`: who reads meanwhile sees the old file or the new one. It is filled beside it, as a rename from another disk
 * would copy, and is gone if that fails. `mode` is that of a new file.
 */
export function writeBeside(target: string, write: (file: number) => void, mode?: number): void {
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
  try {
    writeInto(temporary, write, mode);
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** What is there is lost. */
export function writeInto(path: string, write: (file: number) => void, mode?: number): void {
  const file = openSync(path, 'w', mode);
  try {
    write(file);
  } finally {
    closeSync(file);
  }
}
