// Standard output and error, written at once: to load Node's streams takes longer than to check a few files. Terminals have streams, as
// they may want another encoding, and so has all that prints as long as someone reads.
import { writeSync } from 'node:fs';
import { isDevice } from './terminal.ts';

/** Standard output or error. */
type Descriptor = 1 | 2;

/** Whoever reads may have had enough, as `head` has. A report that is cut has to fail. */
const isStream = ['log', 'lsp', 'mcp'].includes(process.argv[2] ?? '');

/** There pipes are not written at once, whoever reads. */
const needsStreams = isStream || process.platform === 'win32';

const streams = new Map<Descriptor, NodeJS.WriteStream>();

export function writeTo(to: Descriptor, text: string): void {
  if (needsStreams || streams.has(to) || isDevice(to)) return void streamOf(to).write(text);
  const bytes = Buffer.from(text);
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(to, bytes, written);
  } catch (error) {
    // A pipe that is full, and that whoever made it does not let wait.
    if (codeOf(error) === 'EAGAIN') streamOf(to).write(bytes.subarray(written));
    else failed(to, error);
  }
}

/** Node's own, which ends the process where it cannot be written to. */
export function streamOf(to: Descriptor): NodeJS.WriteStream {
  const known = streams.get(to);
  if (known) return known;
  const stream = to === 1 ? process.stdout : process.stderr;
  stream.on('error', (error) => failed(to, error));
  streams.set(to, stream);
  return stream;
}

/** What others write to has to end the process too. */
export function watchStreams(): void {
  if (isStream) for (const one of [1, 2] as const) streamOf(one);
}

function failed(to: Descriptor, error: unknown): never {
  if (to === 2) process.exit(2);
  const isClosed = codeOf(error) === 'EPIPE';
  if (isClosed && isStream) process.exit();
  const message = error instanceof Error ? error.message : String(error);
  const why = isClosed ? 'the reader closed the pipe before all output was written' : message;
  writeTo(2, `istio-egress: cannot write to standard output: ${why}\n`);
  process.exit(2);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
