// Writes a file so that it holds either the old text or the new one, whatever happens meanwhile.
import { fchmodSync, fsyncSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { encodeText, encodingOf } from '../../sources/decode.ts';
import { writeBeside, writeInto } from './write-beside.ts';

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
  if (old && !old.isFile()) return writeInto(path, (file) => write(file, Buffer.from(text)));
  const target = old ? realpathSync(path) : path;
  const bytes = encodeText(text, old ? encodingOf(readFileSync(target)) : 'utf-8');
  writeBeside(target, (file) => {
    write(file, bytes);
    if (old) fchmodSync(file, old.mode);
    fsyncSync(file);
  });
}
