// Scalars of the fast lane. Each function reads what it is sure of and gives the rest up.
import type { Span } from '../base/span.ts';
import type { YamlScalar } from './node.ts';

/** Where the fast lane stands. Functions move it forward; one that gives up leaves it anywhere. */
export interface Reader {
  readonly text: string;
  at: number;
  /** Offset of the first character of the current line. */
  lineStart: number;
  /** Column of the first character with content in the current line, -1 at the end of the text. */
  column: number;
  /** Set by `plainEnd`: offset of the colon that makes the word a key, else -1. */
  colon: number;
  readonly comments: Span[];
}

export const TAB = 9;
export const LF = 10;
export const CR = 13;
export const SPACE = 32;
export const DOUBLE = 34;
export const HASH = 35;
export const SINGLE = 39;
export const COMMA = 44;
export const DASH = 45;
export const COLON = 58;
const BACKSLASH = 92;
const PLUS = 43;

export function scalar(value: YamlScalar['value'], style: YamlScalar['style'], start: number, end: number): YamlScalar {
  return { kind: 'scalar', value, style, span: { start, end } };
}

/** True for the end of the text (NaN), a space or the end of a line; tabs are given up elsewhere. */
export function isBlank(code: number): boolean {
  return code === SPACE || code === LF || code === CR || code !== code;
}

/** True where a plain word may start with this character without a look at the next. */
export function startsPlain(code: number): boolean {
  return code > 127 ? code !== 0xfeff : PLAIN_START[code] === 1;
}

const PLAIN_START = new Uint8Array(128);
for (let code = 33; code < 127; code++)
  PLAIN_START[code] = '-?:,[]{}#&*!|>\'"%@`'.includes(String.fromCharCode(code)) ? 0 : 1;

/** A dash or a colon starts a word where one follows at once: `-1`, `:authority`. */
export function startsPlainBefore(code: number, next: number): boolean {
  return (code === DASH || code === COLON) && !isBlank(next) && next !== TAB;
}

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

/** A quoted string on one line; the reader stands behind it. */
export function quoted(r: Reader): YamlScalar | undefined {
  return r.text.charCodeAt(r.at) === DOUBLE ? doubleQuoted(r) : singleQuoted(r);
}

function singleQuoted(r: Reader): YamlScalar | undefined {
  const { text, at: start } = r;
  for (let i = start + 1, hasQuote = false; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === LF || code === CR) return undefined;
    if (code !== SINGLE) continue;
    if (text.charCodeAt(i + 1) === SINGLE) {
      hasQuote = true;
      i++;
      continue;
    }
    r.at = i + 1;
    const inside = text.slice(start + 1, i);
    return scalar(hasQuote ? inside.replaceAll("''", "'") : inside, 'single', start, i + 1);
  }
  return undefined;
}

function doubleQuoted(r: Reader): YamlScalar | undefined {
  const { text, at: start } = r;
  for (let i = start + 1, hasEscape = false; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === LF || code === CR) return undefined;
    if (code === BACKSLASH) {
      hasEscape = true;
      i++;
      if (isBlank(text.charCodeAt(i))) return undefined;
    } else if (code === DOUBLE) {
      r.at = i + 1;
      const inside = text.slice(start + 1, i);
      const value = hasEscape ? unescaped(inside) : inside;
      return value === undefined ? undefined : scalar(value, 'double', start, i + 1);
    }
  }
  return undefined;
}

/** A quoted string over several lines, each deeper than `parentColumn`. */
export function quotedLines(r: Reader, start: number, parentColumn: number): YamlScalar | undefined {
  const { text } = r;
  const mark = text.charCodeAt(start);
  const end = parentColumn < 0 ? -1 : closingQuote(text, start + 1, mark);
  if (end < 0 || hasShallowLine(text, start, end, parentColumn)) return undefined;
  const inside = unfolded(text.slice(start + 1, end).split('\n'));
  const value = mark === SINGLE ? inside.replaceAll("''", "'") : unescaped(inside);
  r.at = end + 1;
  return value === undefined ? undefined : scalar(value, mark === SINGLE ? 'single' : 'double', start, end + 1);
}

/** Lines without the white space at their breaks; a break is a space, of several one is dropped. */
function unfolded(lines: readonly string[]): string {
  let value = '';
  let breaks = 0;
  lines.forEach((line, i) => {
    const [start, end] = [i === 0 ? 0 : whiteFrom(line), i === lines.length - 1 ? line.length : whiteBefore(line)];
    if (start < end || i === 0 || i === lines.length - 1) {
      value +=
        (breaks > 1 ? '\n'.repeat(breaks - 1) : breaks === 1 ? ' ' : '') + line.slice(start, Math.max(start, end));
      breaks = 0;
    }
    breaks++;
  });
  return value;
}

function whiteFrom(line: string): number {
  let at = 0;
  while (isWhite(line.charCodeAt(at))) at++;
  return at;
}

function whiteBefore(line: string): number {
  let at = line.length;
  while (at > 0 && isWhite(line.charCodeAt(at - 1))) at--;
  return at;
}

function isWhite(code: number): boolean {
  return code === SPACE || code === TAB || code === CR;
}

function closingQuote(text: string, from: number, mark: number): number {
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (mark === DOUBLE && code === BACKSLASH) {
      i++;
      if (isBlank(text.charCodeAt(i)) || text.charCodeAt(i) === TAB) return -1;
    } else if (code === mark) {
      if (mark === DOUBLE || text.charCodeAt(i + 1) !== SINGLE) return i;
      i++;
    }
  }
  return -1;
}

function hasShallowLine(text: string, start: number, end: number, column: number): boolean {
  for (
    let newline = text.indexOf('\n', start);
    newline >= 0 && newline < end;
    newline = text.indexOf('\n', newline + 1)
  ) {
    let i = newline + 1;
    while (text.charCodeAt(i) === SPACE) i++;
    const code = text.charCodeAt(i);
    if (i - newline - 1 <= column && code !== LF && code !== CR) return true;
  }
  return false;
}

/** The common escapes; the others are given up. */
function unescaped(inside: string): string | undefined {
  let isKnown = true;
  const value = inside.replace(
    /\\(?:u([0-9a-fA-F]{4})|([^]))/g,
    (_, hex: string | undefined, char: string | undefined) => {
      if (hex) return String.fromCharCode(parseInt(hex, 16));
      const known = ESCAPES[char!];
      if (known === undefined) isKnown = false;
      return known ?? '';
    },
  );
  return isKnown ? value : undefined;
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  '0': '\0',
  '"': '"',
  '\\': '\\',
  '/': '/',
};

/** The end of a line on which nothing but a comment follows; -1 gives up. */
export function endOfLine(r: Reader, from: number): number {
  const { text } = r;
  let i = from;
  let code = text.charCodeAt(i);
  while (code === SPACE) code = text.charCodeAt(++i);
  if (code === HASH) {
    if (i === from) return -1;
    const newline = text.indexOf('\n', i);
    const end = newline < 0 ? text.length : text.charCodeAt(newline - 1) === CR ? newline - 1 : newline;
    r.comments.push({ start: i, end });
    return end;
  }
  return code === LF || code === CR || code !== code ? i : -1;
}
