// The fast parser: the usual block style, in one pass over the text.
// It gives up on anything unusual, and the complete parser reads the document; both give the same tree.
import { flatName } from '../base/flat-text.ts';
import { quoted, quotedLines } from './fast-quoted.ts';
import {
  COLON,
  CR,
  DASH,
  DOUBLE,
  endOfLine,
  HASH,
  isBlank,
  LF,
  type Reader,
  scalar,
  SINGLE,
  SPACE,
  startsPlain,
  startsPlainBefore,
} from './fast-reader.ts';
import { plainEnd, plainValue } from './fast-scalars.ts';
import { isMarker } from './chunks.ts';
import { fastFlow } from './fast-flow.ts';
import { isNewKey, lineFrom, manyKeys, nextLine } from './fast-lines.ts';
import { blockScalar } from './fast-text.ts';
import type { YamlDocument, YamlEntry, YamlMap, YamlNode, YamlScalar, YamlSeq } from './node.ts';

const MAX_DEPTH = 100;
const MAX_KEY = 1000;
const BOM = 0xfeff;

/** Reads one document; undefined if it is not sure to read it as the full lane does. */
export function parseFast(text: string): YamlDocument | undefined {
  return tryFast(text).document;
}

/** The same, and about where it gave up. */
export function tryFast(text: string): { readonly document: YamlDocument | undefined; readonly stoppedAt: number } {
  const r: Reader = { text, at: 0, lineStart: 0, column: 0, colon: -1, comments: [] };
  const hasOddBreaks = text.includes('\r') && /\r(?!\n)/.test(text);
  return { document: hasOddBreaks ? undefined : documentFrom(r), stoppedAt: r.at };
}

function documentFrom(r: Reader): YamlDocument | undefined {
  if (!startOfContent(r)) return undefined;
  if (r.column < 0) return { root: undefined, errors: [], comments: r.comments };
  const root = blockNode(r, -1, 0);
  return root && r.column < 0 ? { root, errors: [], comments: r.comments } : undefined;
}

/** Moves to the first line with content, past a `---` line. */
function startOfContent(r: Reader): boolean {
  if (!lineFrom(r, r.text.charCodeAt(0) === BOM ? 1 : 0)) return false;
  if (r.column !== 0 || !isMarker(r.text, r.at, '---')) return r.column !== 0 || !startsOddly(r);
  const end = endOfLine(r, r.at + 3);
  if (end < 0) return false;
  r.at = end;
  return nextLine(r);
}

/** A directive, or `...` where no document is. */
function startsOddly(r: Reader): boolean {
  return r.text.charCodeAt(r.at) === 37 || isMarker(r.text, r.at, '...');
}

/**
 * Reads the node whose first character the reader stands at, in a line of its own or behind a dash, and moves to the
 * next line that is not part of it. `parentColumn` is that of the map or list around it.
 */
function blockNode(r: Reader, parentColumn: number, depth: number): YamlNode | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const { text, at } = r;
  const code = text.charCodeAt(at);
  if (code === DASH && isBlank(text.charCodeAt(at + 1))) return blockSeq(r, at - r.lineStart, depth);
  const key = keyAt(r, code);
  if (key) return blockMap(r, key, at - r.lineStart, depth);
  r.at = at;
  return inlineValue(r, code, parentColumn);
}

/** A key and its colon, the reader standing behind it; undefined if there is none. */
function keyAt(r: Reader, code: number): YamlScalar | undefined {
  const { text, at } = r;
  if (code === DOUBLE || code === SINGLE) {
    const key = quoted(r);
    if (!key || text.charCodeAt(r.at) !== COLON || !isBlank(text.charCodeAt(r.at + 1))) return undefined;
    r.at++;
    return key;
  }
  if (!startsPlain(code) && !startsPlainBefore(code, text.charCodeAt(at + 1))) return undefined;
  const end = plainEnd(r, at);
  if (end < 0 || r.colon < 0 || r.colon - at > MAX_KEY) return undefined;
  r.at = r.colon + 1;
  return scalar(plainValue(flatName(text, at, end)), 'plain', at, end);
}

function blockMap(r: Reader, firstKey: YamlScalar, column: number, depth: number): YamlMap | undefined {
  const entries: YamlEntry[] = [];
  let many: Set<string> | undefined;
  let key: YamlScalar | undefined = firstKey;
  for (;;) {
    if (!isNewKey(entries, many, key)) return undefined;
    const value = valueOf(r, column, depth);
    if (!value) return undefined;
    entries.push({ key, value });
    many = manyKeys(entries, many);
    if (r.column < column)
      return { kind: 'map', flow: false, entries, span: { start: firstKey.span.start, end: value.span.end } };
    if (r.column > column) return undefined;
    key = keyAt(r, r.text.charCodeAt(r.at));
    if (!key) return undefined;
  }
}

/** What stands behind a key's colon, on its line or below. */
function valueOf(r: Reader, column: number, depth: number): YamlNode | undefined {
  const { text } = r;
  const behindColon = r.at;
  let i = behindColon;
  let code = text.charCodeAt(i);
  while (code === SPACE) code = text.charCodeAt(++i);
  if (code === LF || code === CR || code === HASH || code !== code) return valueBelow(r, behindColon, column, depth);
  r.at = i;
  return inlineValue(r, code, column);
}

function valueBelow(r: Reader, behindColon: number, column: number, depth: number): YamlNode | undefined {
  const end = endOfLine(r, behindColon);
  if (end < 0) return undefined;
  r.at = end;
  if (!nextLine(r)) return undefined;
  const isSeq = r.column === column && r.text.charCodeAt(r.at) === DASH && isBlank(r.text.charCodeAt(r.at + 1));
  if (r.column > column || isSeq) return blockNode(r, column, depth + 1);
  return scalar(null, 'plain', behindColon, behindColon);
}

/** A scalar or a bracketed value with nothing but a comment behind it; nothing deeper may follow below. */
function inlineValue(r: Reader, code: number, parentColumn: number): YamlNode | undefined {
  const node = scalarOrFlow(r, code, parentColumn);
  if (!node) return undefined;
  if (node.kind === 'scalar' && node.style === 'block')
    return nextLine(r) && r.column <= parentColumn ? node : undefined;
  const comments = r.comments.length;
  const end = endOfLine(r, r.at);
  if (end < 0) return undefined;
  r.at = end;
  if (!nextLine(r)) return undefined;
  if (r.column <= parentColumn) return node;
  return node.kind === 'scalar' && node.style === 'plain' && r.comments.length === comments
    ? plainLines(r, node, parentColumn)
    : undefined;
}

/** A plain scalar that continues in the following lines: single line breaks are spaces. */
function plainLines(r: Reader, first: YamlScalar, parentColumn: number): YamlScalar | undefined {
  const { text } = r;
  const { start } = first.span;
  let { end } = first.span;
  let value = text.slice(start, end);
  do {
    const at = r.at;
    const lineEnd = plainEnd(r, at);
    if (lineEnd < 0 || r.colon >= 0) return undefined;
    let breaks = 0;
    for (let i = text.indexOf('\n', end); i >= 0 && i < at; i = text.indexOf('\n', i + 1)) breaks++;
    value += (breaks > 1 ? '\n'.repeat(breaks - 1) : ' ') + text.slice(at, lineEnd);
    end = lineEnd;
    const comments = r.comments.length;
    r.at = endOfLine(r, lineEnd);
    if (r.at < 0 || !nextLine(r)) return undefined;
    if (r.column > parentColumn && r.comments.length > comments) return undefined;
  } while (r.column > parentColumn);
  return scalar(value, 'plain', start, end);
}

function scalarOrFlow(r: Reader, code: number, parentColumn: number): YamlNode | undefined {
  const { text, at } = r;
  if (startsPlain(code) || startsPlainBefore(code, text.charCodeAt(at + 1))) {
    const end = plainEnd(r, at);
    if (end < 0 || r.colon >= 0) return undefined;
    r.at = end;
    return scalar(plainValue(text.slice(at, end)), 'plain', at, end);
  }
  if (code === DOUBLE || code === SINGLE) return quoted(r) ?? quotedLines(r, at, parentColumn);
  if (code === 91 || code === 123) return fastFlow(r, parentColumn, 0);
  return (code === 124 || code === 62) && parentColumn >= 0 ? blockScalar(r, parentColumn) : undefined;
}

function blockSeq(r: Reader, column: number, depth: number): YamlSeq | undefined {
  const { text } = r;
  const start = r.at;
  const items: YamlNode[] = [];
  for (;;) {
    const item = itemOf(r, column, depth);
    if (!item) return undefined;
    items.push(item);
    const isNext = r.column === column && text.charCodeAt(r.at) === DASH && isBlank(text.charCodeAt(r.at + 1));
    if (isNext) continue;
    // At the dash's column only the map around the list may go on.
    return r.column > column ? undefined : { kind: 'seq', flow: false, items, span: { start, end: item.span.end } };
  }
}

function itemOf(r: Reader, column: number, depth: number): YamlNode | undefined {
  const { text } = r;
  const behindDash = r.at + 1;
  let i = behindDash;
  let code = text.charCodeAt(i);
  while (code === SPACE) code = text.charCodeAt(++i);
  if (code !== LF && code !== CR && code !== HASH && code === code) {
    r.at = i;
    return blockNode(r, column, depth + 1);
  }
  const end = endOfLine(r, behindDash);
  if (end < 0) return undefined;
  r.at = end;
  if (!nextLine(r)) return undefined;
  return r.column > column ? blockNode(r, column, depth + 1) : scalar(null, 'plain', behindDash, behindDash);
}
