// Quoted scalars in the fast parser. Each function reads only what it is sure of and otherwise gives up.
import { CR, DOUBLE, isBlank, LF, scalar, SINGLE, SPACE, TAB, type Reader } from './fast-reader.ts';
import type { YamlScalar } from './node.ts';

const BACKSLASH = 92;

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
      value += between(breaks) + line.slice(start, Math.max(start, end));
      breaks = 0;
    }
    breaks++;
  });
  return value;
}

function between(breaks: number): string {
  return breaks === 1 ? ' ' : '\n'.repeat(Math.max(0, breaks - 1));
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
