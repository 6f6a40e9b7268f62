// Line handling and keys in the fast parser.
import { CR, endOfLine, HASH, LF, type Reader, SPACE, TAB } from './fast-reader.ts';
import { isMarker } from './chunks.ts';
import type { YamlEntry, YamlScalar } from './node.ts';

/** From the end of a line to the next one with content; false gives up. */
export function nextLine(r: Reader): boolean {
  if (!contentBehind(r)) return false;
  if (r.column !== 0) return true;
  return isMarker(r.text, r.at, '...') ? nothingBehind(r) : !isMarker(r.text, r.at, '---');
}

function contentBehind(r: Reader): boolean {
  const at = r.text.charCodeAt(r.at) === CR ? r.at + 1 : r.at;
  return at >= r.text.length ? atEnd(r) : lineFrom(r, at + 1);
}

/** `...` ends the document: only comments may follow, and a second one belongs to another document. */
function nothingBehind(r: Reader): boolean {
  const end = endOfLine(r, r.at + 3);
  if (end < 0) return false;
  r.at = end;
  return contentBehind(r) && r.column < 0;
}

/** Skips blank lines and comments from the start of a line on. */
export function lineFrom(r: Reader, from: number): boolean {
  const { text } = r;
  for (let lineStart = from; ; ) {
    let i = lineStart;
    let code = text.charCodeAt(i);
    while (code === SPACE) code = text.charCodeAt(++i);
    if (code === HASH) {
      const newline = text.indexOf('\n', i);
      const end = newline < 0 ? text.length : newline;
      r.comments.push({ start: i, end: text.charCodeAt(end - 1) === CR ? end - 1 : end });
      i = end;
    } else if (code === CR) i++;
    else if (code !== LF && code === code) {
      if (code === TAB) return false;
      r.at = i;
      r.lineStart = lineStart;
      r.column = i - lineStart;
      return true;
    }
    if (i >= text.length) return atEnd(r);
    lineStart = i + 1;
  }
}

function atEnd(r: Reader): true {
  r.at = r.text.length;
  r.column = -1;
  return true;
}

/** Past this many keys a set is quicker than looking through them. */
const MANY_KEYS = 16;

/** False for a key that a map with these entries has already, and for a merge key; `many` is what `manyKeys` gave last. */
export function isNewKey(entries: readonly YamlEntry[], many: Set<string> | undefined, key: YamlScalar): boolean {
  const name = String(key.value);
  if (name === '<<' && key.style === 'plain') return false;
  if (many) return !many.has(name);
  for (const { key: other } of entries) if (String(other.value) === name) return false;
  return true;
}

/** The names of the keys of a map that just got one more entry; undefined for the few that most maps have. */
export function manyKeys(entries: readonly YamlEntry[], many: Set<string> | undefined): Set<string> | undefined {
  if (many) return many.add(String(entries.at(-1)!.key.value));
  return entries.length < MANY_KEYS ? undefined : new Set(entries.map(({ key }) => String(key.value)));
}
