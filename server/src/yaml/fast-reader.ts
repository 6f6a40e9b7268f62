// State and characters that the fast parser's modules share.
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
export const PLUS = 43;

export function scalar(value: YamlScalar['value'], style: YamlScalar['style'], start: number, end: number): YamlScalar {
  return { kind: 'scalar', value, style, span: { start, end } };
}

/** True for the end of the text (NaN), a space or the end of a line; tabs are given up elsewhere. */
export function isBlank(code: number): boolean {
  return code === SPACE || code === LF || code === CR || code !== code;
}

/** True if a plain word may start with this character without a look at the next. */
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

/** The end of a line on which nothing but a comment follows; -1 gives up. */
export function endOfLine(r: Reader, from: number): number {
  const { text } = r;
  let i = from;
  let code = text.charCodeAt(i);
  while (code === SPACE) code = text.charCodeAt(++i);
  if (code === HASH) {
    if (i === from) return -1;
    const newline = text.indexOf('\n', i);
    const end = lineEndBefore(text, newline);
    r.comments.push({ start: i, end });
    return end;
  }
  return code === LF || code === CR || code !== code ? i : -1;
}

/** Where a line ends whose newline stands there, before its carriage return; -1 means the end of the text. */
export function lineEndBefore(text: string, newline: number): number {
  if (newline < 0) return text.length;
  return text.charCodeAt(newline - 1) === CR ? newline - 1 : newline;
}
