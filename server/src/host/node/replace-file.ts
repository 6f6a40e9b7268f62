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

/**
 * `write` is for tests of a disk that is full. A link stays one: the file that it leads to is replaced. What is no regular file
 * (a device, a pipe) is written to: it may have no end that could be read, and nothing may take its place.
 */
export function replaceFile(
  path: string,
  text: string,
  write: (file: number, bytes: Uint8Array) => void = writeFileSync,
): void {
  const old = statSync(path, { throwIfNoEntry: false });
  if (old && !old.isFile()) return writeTo(openSync(path, 'w'), Buffer.from(text), write);
  const target = old ? realpathSync(path) : path;
  const bytes = encodeText(text, old ? encodingOf(readFileSync(target)) : 'utf-8');
  // Beside it, as a rename from another disk would copy.
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
  try {
    writeTo(openSync(temporary, 'w'), bytes, (file, content) => {
      write(file, content);
      if (old) fchmodSync(file, old.mode);
      fsyncSync(file);
    });
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function writeTo(file: number, bytes: Uint8Array, write: (file: number, bytes: Uint8Array) => void): void {
  try {
    write(file, bytes);
  } finally {
    closeSync(file);
  }
}
