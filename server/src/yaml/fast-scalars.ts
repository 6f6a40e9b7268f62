// Plain scalars in the fast parser. Each function reads only what it is sure of and otherwise gives up.
import { COLON, CR, DASH, HASH, isBlank, LF, PLUS, SPACE, TAB, type Reader } from './fast-reader.ts';
import type { YamlScalar } from './node.ts';

/** End of the plain word from `from` on this line, at a key's colon or before a comment; -1 gives up. */
export function plainEnd(r: Reader, from: number): number {
  const { text } = r;
  r.colon = -1;
  let end = from;
  for (let i = from; ; i++) {
    const code = text.charCodeAt(i);
    // Most characters are letters: one comparison.
    if (code > COLON) end = i + 1;
    else if (code === SPACE) {
      if (text.charCodeAt(i + 1) === HASH) return end;
    } else if (code === COLON) {
      if (isBlank(text.charCodeAt(i + 1))) {
        r.colon = i;
        return end;
      }
      if (text.charCodeAt(i + 1) === TAB) return -1;
      end = i + 1;
    } else if (code === LF || code === CR || code !== code) return end;
    else if (code === TAB) return -1;
    else end = i + 1;
  }
}

/** What a plain word means in YAML 1.2's core schema. */
export function plainValue(word: string): YamlScalar['value'] {
  const first = word.charCodeAt(0);
  if (first >= 58 && first !== 126 && !WORD_START[first]) return word;
  if (first < 58) return first >= 48 || first === DASH || first === PLUS || first === 46 ? numberValue(word) : word;
  return WORDS.has(word) ? WORDS.get(word)! : word;
}

const WORDS = new Map<string, boolean | null>([
  ['~', null],
  ['null', null],
  ['Null', null],
  ['NULL', null],
  ['true', true],
  ['True', true],
  ['TRUE', true],
  ['false', false],
  ['False', false],
  ['FALSE', false],
]);
const WORD_START: Readonly<Record<number, true>> = { 110: true, 78: true, 116: true, 84: true, 102: true, 70: true };

function numberValue(word: string): number | string {
  if (DECIMAL.test(word)) return parseInt(word, 10);
  if (FLOAT.test(word)) return parseFloat(word);
  if (/^0o[0-7]+$/.test(word)) return parseInt(word.slice(2), 8);
  if (/^0x[0-9a-fA-F]+$/.test(word)) return parseInt(word.slice(2), 16);
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(word)) return word.charCodeAt(0) === DASH ? -Infinity : Infinity;
  return /^\.(?:nan|NaN|NAN)$/.test(word) ? NaN : word;
}

const DECIMAL = /^[-+]?[0-9]+$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
