// Reads a file or standard input in pieces: the text need not fit into memory, and standard input may never end.
import { createReadStream } from 'node:fs';
import { TextDecoder } from 'node:util';
import { streamOf } from './output.ts';

/** Rejects if the file cannot be read. Undefined means standard input. */
export async function* textStream(path: string | undefined): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  for await (const chunk of path === undefined ? process.stdin : createReadStream(path)) {
    const bytes = chunk as Buffer;
    decoder ??= decoderFor(bytes);
    yield decoder.decode(bytes, { stream: true });
  }
  if (decoder) yield decoder.decode();
}

/** As a byte order mark says, which the decoder then takes away. */
function decoderFor(start: Buffer): TextDecoder {
  const mark = start.length >= 2 ? start.readUInt16BE(0) : 0;
  if (mark === 0xfffe) return new TextDecoder('utf-16le');
  return new TextDecoder(mark === 0xfeff ? 'utf-16be' : 'utf-8');
}

/** Resolves once there is room for more, so that a slow reader does not fill the memory. */
export function print(text: string): Promise<void> {
  return new Promise((resolve) => {
    const stream = streamOf(1);
    if (stream.write(text)) resolve();
    else stream.once('drain', resolve);
  });
}
