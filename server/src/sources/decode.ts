// Decodes a file as the editor does. Text that is not valid Unicode is refused, not guessed.
import type { Failure, FileText, TextEncoding } from './file-system.ts';

const strict = { fatal: true, ignoreBOM: true } as const;

/** Decodes by the byte order mark, which is left out of the text; without one the bytes must be UTF-8. */
export function decodeText(bytes: Uint8Array): FileText | Failure {
  const { encoding, length } = byteOrderMark(bytes);
  // A control character that no text has, early in the file: an image, an archive, UTF-16 without its mark.
  if (encoding === 'utf-8' && bytes.subarray(0, 512).includes(0)) return { ok: false, reason: 'not a text file' };
  const name = encoding === 'utf-8-bom' ? 'utf-8' : encoding;
  try {
    return { ok: true, text: new TextDecoder(name, strict).decode(bytes.subarray(length)), encoding };
  } catch {
    // The decoder's own words ("invalid data") say nothing more.
    return { ok: false, reason: `not valid ${name.toUpperCase().replace(/LE$|BE$/, '')} text` };
  }
}

/** By the byte order mark. */
export function encodingOf(bytes: Uint8Array): TextEncoding {
  return byteOrderMark(bytes).encoding;
}

/** The reverse of `decodeText`, with the byte order mark of the encoding. */
export function encodeText(text: string, encoding: TextEncoding): Uint8Array {
  if (encoding === 'utf-8') return new TextEncoder().encode(text);
  const marked = `\u{feff}${text}`;
  if (encoding === 'utf-8-bom') return new TextEncoder().encode(marked);
  const view = new DataView(new ArrayBuffer(marked.length * 2));
  for (let i = 0; i < marked.length; i++) view.setUint16(i * 2, marked.charCodeAt(i), encoding === 'utf-16le');
  return new Uint8Array(view.buffer);
}

function byteOrderMark(bytes: Uint8Array): { readonly encoding: TextEncoding; readonly length: number } {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { encoding: 'utf-8-bom', length: 3 };
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { encoding: 'utf-16le', length: 2 };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { encoding: 'utf-16be', length: 2 };
  return { encoding: 'utf-8', length: 0 };
}
