// Writes a file so that it holds either the old text or the new one, whatever happens meanwhile.
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { encodeText, encodingOf } from '../../sources/decode.ts';

/** `write` is for tests of a disk that is full. A link stays one: the file that it leads to is replaced. */
export function replaceFile(
  path: string,
  text: string,
  write: (file: number, bytes: Uint8Array) => void = writeFileSync,
): void {
  const old = statSync(path, { throwIfNoEntry: false });
  const target = old ? realpathSync(path) : path;
  const bytes = encodeText(text, old ? encodingOf(readFileSync(target)) : 'utf-8');
  // Beside it, as a rename from another disk would copy.
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
  try {
    const file = openSync(temporary, 'w');
    try {
      write(file, bytes);
      if (old) fchmodSync(file, old.mode);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
