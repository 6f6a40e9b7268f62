// The files of a packed chart: a tar archive, read as Go's archive/tar does (go@1.26 src/archive/tar/reader.go). What Go would read in a
// way that is not followed here ends it.

export interface PackedFile {
  /** As its header, a longer one before it, or both say. */
  readonly names: readonly string[];
  readonly content: Uint8Array;
}

const block = 512;
/** Go takes no larger headers either. */
const largestHeader = 1024 * 1024;

/** Undefined for what cannot be read; nothing comes behind it. */
export function* packedFiles(archive: Uint8Array): Generator<PackedFile | undefined> {
  let said: Said = { names: [] };
  for (let at = 0; at + block <= archive.length; ) {
    const header = archive.subarray(at, at + block);
    if (header.every((byte) => byte === 0)) return;
    const type = String.fromCharCode(header[156]!);
    // Links, devices and folders have no content, whatever size they give.
    const size = /[1-6]/.test(type) ? 0 : (said.size ?? sizeOf(header));
    const end = at + block + size;
    if (!(end <= archive.length) || type === 'S') return yield undefined;
    const content = archive.subarray(at + block, end);
    at += block * (1 + Math.ceil(size / block));
    if (type === 'x' || type === 'L') {
      const more = extended(type, content);
      if (!more) return yield undefined;
      said = { ...said, ...more, names: [...said.names, ...more.names] };
    } else if (type !== 'g' && type !== 'K') {
      yield { names: [...said.names, nameOf(header)], content };
      said = { names: [] };
    }
  }
}

/** What extended headers say of the file behind them. */
interface Said {
  readonly names: readonly string[];
  readonly size?: number;
}

function extended(type: 'x' | 'L', content: Uint8Array): Said | undefined {
  if (content.length > largestHeader) return undefined;
  return type === 'x' ? recordsOf(textOf(content)) : { names: [cText(content)] };
}

function nameOf(header: Uint8Array): string {
  const [prefix, name] = [cText(header.subarray(345, 500)), cText(header.subarray(0, 100))];
  return textOf(header.subarray(257, 263)) === 'ustar\0' && prefix !== '' ? `${prefix}/${name}` : name;
}

/** In octal digits, or in binary where the first bit is set; NaN for other text. */
function sizeOf(header: Uint8Array): number {
  const field = header.subarray(124, 136);
  if (field[0]! & 0x80) return field.reduce((sum, byte, at) => sum * 256 + (at === 0 ? byte & 0x7f : byte), 0);
  const digits = cText(field).trim();
  return /^[0-7]*$/.test(digits) ? Number.parseInt(digits || '0', 8) : Number.NaN;
}

/** Records of `LENGTH KEY=VALUE`; undefined for broken ones and for files with holes. */
function recordsOf(text: string): Said | undefined {
  let said: Said = { names: [] };
  for (let at = 0; at < text.length; ) {
    const length = Number(/^\d+(?= )/.exec(text.slice(at, at + 20))?.[0]);
    const record = text.slice(at, at + length);
    const [, key, value] = /^\d+ ([^=]+)=(.*)\n$/s.exec(record) ?? [];
    if (key === undefined || value === undefined || record.length < length || key.startsWith('GNU.sparse'))
      return undefined;
    if (key === 'path') said = { ...said, names: [...said.names, bytesText(value)] };
    if (key === 'size') said = { ...said, size: /^\d+$/.test(value) ? Number(value) : Number.NaN };
    at += record.length;
  }
  return said;
}

/** A character for each byte. */
function textOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

function cText(bytes: Uint8Array): string {
  return bytesText(textOf(bytes).replace(/\0.*/s, ''));
}

function bytesText(characters: string): string {
  return new TextDecoder().decode(Uint8Array.from(characters, (one) => one.charCodeAt(0)));
}
