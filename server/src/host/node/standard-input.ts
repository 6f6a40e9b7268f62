// Standard input as one text. What is no text, or never ends, is refused instead of guessed.
import { readSync } from 'node:fs';
import { decodeText } from '../../sources/decode.ts';

/** Rendered charts may be larger than a file that people write. */
const largestInput = 64 * 1024 * 1024;

/** Throws with the reason. */
export function readStandardInput(): string {
  const chunks: Buffer[] = [];
  let length = 0;
  for (;;) {
    const chunk = nextChunk();
    if (chunk.length === 0) break;
    length += chunk.length;
    if (length > largestInput) throw new Error(`larger than ${largestInput / 1024 / 1024} MB`);
    chunks.push(chunk);
  }
  const read = decodeText(Buffer.concat(chunks));
  if (!read.ok) throw new Error(read.reason);
  return read.text;
}

/** Empty at the end. A pipe that another process made non-blocking says EAGAIN where nothing has come yet. */
function nextChunk(): Buffer {
  const buffer = Buffer.allocUnsafe(64 * 1024);
  for (;;) {
    try {
      return buffer.subarray(0, readSync(0, buffer));
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EOF') return buffer.subarray(0, 0);
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}
