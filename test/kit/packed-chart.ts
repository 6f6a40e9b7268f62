// Packed charts for tests: a tar archive as Go and tar write it, in gzip.
import { gzipSync } from 'node:zlib';

const block = 512;

interface Entry {
  readonly name: string;
  readonly content: string | Uint8Array;
  /** `0` is a file, `x` an extended header, `L` a long name. */
  readonly type?: string;
  readonly prefix?: string;
  /** As it stands in the header. */
  readonly size?: string;
}

export function tarOf(entries: readonly Entry[]): Buffer {
  const parts = entries.flatMap(({ name, content, type = '0', prefix = '', size }) => {
    const bytes = Buffer.from(content as string);
    const header = Buffer.alloc(block);
    header.write(name, 0, 100);
    header.write(size ?? `${bytes.length.toString(8).padStart(11, '0')}\0`, 124, 12, 'latin1');
    header.write(type, 156);
    header.write('ustar\x0000', 257);
    header.write(prefix, 345);
    header.fill(' ', 148, 156);
    header.write(
      `${header
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
    );
    return [header, bytes, Buffer.alloc((block - (bytes.length % block)) % block)];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * block)]);
}

export function packedChart(entries: readonly Entry[]): Buffer {
  return gzipSync(tarOf(entries));
}

/** A record of an extended header. */
export function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const length = (digits: number) => Buffer.byteLength(rest) + digits;
  const digits = String(length(String(length(1)).length)).length;
  return `${length(digits)}${rest}`;
}
