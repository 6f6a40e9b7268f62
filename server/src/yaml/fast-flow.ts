// Flow collections (brackets) in the fast parser: plain or quoted values that end on their line.
import { quoted } from './fast-quoted.ts';
import {
  COLON,
  COMMA,
  CR,
  DASH,
  DOUBLE,
  endOfLine,
  HASH,
  LF,
  type Reader,
  scalar,
  SINGLE,
  SPACE,
  startsPlain,
  TAB,
} from './fast-reader.ts';
import { plainValue } from './fast-scalars.ts';
import { isNewKey, manyKeys, nextLine } from './fast-lines.ts';
import type { YamlEntry, YamlMap, YamlNode, YamlScalar, YamlSeq } from './node.ts';

const MAX_DEPTH = 100;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_MAP = 123;
const CLOSE_MAP = 125;

/** The reader stands at the opening bracket, and behind the closing one afterwards. Lines below must be deeper than `parentColumn`. */
export function fastFlow(r: Reader, parentColumn: number, depth: number): YamlMap | YamlSeq | undefined {
  if (depth > MAX_DEPTH) return undefined;
  return r.text.charCodeAt(r.at) === OPEN_LIST ? flowSeq(r, parentColumn, depth) : flowMap(r, parentColumn, depth);
}

function flowSeq(r: Reader, parentColumn: number, depth: number): YamlSeq | undefined {
  const start = r.at++;
  const items: YamlNode[] = [];
  for (let code = skipSpace(r, parentColumn); code !== CLOSE_LIST; code = skipSpace(r, parentColumn)) {
    const item = flowNode(r, code, parentColumn, depth);
    if (!item || !separator(r, parentColumn, CLOSE_LIST)) return undefined;
    items.push(item);
  }
  return { kind: 'seq', flow: true, items, span: { start, end: ++r.at } };
}

function flowMap(r: Reader, parentColumn: number, depth: number): YamlMap | undefined {
  const start = r.at++;
  const entries: YamlEntry[] = [];
  let many: Set<string> | undefined;
  for (let code = skipSpace(r, parentColumn); code !== CLOSE_MAP; code = skipSpace(r, parentColumn)) {
    const key = flowScalar(r, code);
    if (!key || r.text.charCodeAt(r.at) !== COLON || !isNewKey(entries, many, key)) return undefined;
    const value = flowValue(r, key, parentColumn, depth);
    if (!value || !separator(r, parentColumn, CLOSE_MAP)) return undefined;
    entries.push({ key, value });
    many = manyKeys(entries, many);
  }
  return { kind: 'map', flow: true, entries, span: { start, end: ++r.at } };
}

function flowValue(r: Reader, key: YamlScalar, parentColumn: number, depth: number): YamlNode | undefined {
  const behindColon = ++r.at;
  const { lineStart } = r;
  const first = skipSpace(r, parentColumn);
  if (first === COMMA || first === CLOSE_MAP)
    return lineStart === r.lineStart ? scalar(null, 'plain', behindColon, behindColon) : undefined;
  // `{a:1}` is one word; behind a quoted key the value may follow at once.
  if (behindColon === r.at && key.style === 'plain') return undefined;
  return flowNode(r, first, parentColumn, depth);
}

/** Moves past a comma; true as well before the closing bracket. */
function separator(r: Reader, parentColumn: number, close: number): boolean {
  const code = skipSpace(r, parentColumn);
  if (code === COMMA) r.at++;
  return code === COMMA || code === close;
}

function flowNode(r: Reader, code: number, parentColumn: number, depth: number): YamlNode | undefined {
  if (code === OPEN_LIST || code === OPEN_MAP) return fastFlow(r, parentColumn, depth + 1);
  return flowScalar(r, code);
}

function flowScalar(r: Reader, code: number): YamlScalar | undefined {
  if (code === DOUBLE || code === SINGLE) return quoted(r);
  const next = r.text.charCodeAt(r.at + 1);
  if (!startsPlain(code) && !(code === DASH && next > SPACE && !isFlowIndicator(next))) return undefined;
  return flowPlain(r);
}

function flowPlain(r: Reader): YamlScalar | undefined {
  const { text, at: start } = r;
  let end = start;
  for (let i = start; ; i++) {
    const code = text.charCodeAt(i);
    if (code === TAB || code !== code) return undefined;
    const isComment = code === SPACE && text.charCodeAt(i + 1) === HASH;
    if (code === SPACE && !isComment) continue;
    if (
      isComment ||
      code === LF ||
      code === CR ||
      isFlowIndicator(code) ||
      (code === COLON && endsWord(text.charCodeAt(i + 1)))
    ) {
      // What may not follow here (`[a:]`, `[a: b]`, a word that goes on in the next line) is left to the full lane.
      r.at = end;
      return scalar(plainValue(text.slice(start, end)), 'plain', start, end);
    }
    end = i + 1;
  }
}

function endsWord(code: number): boolean {
  return code === SPACE || code === TAB || code === LF || code === CR || code !== code || isFlowIndicator(code);
}

function isFlowIndicator(code: number): boolean {
  return code === COMMA || code === OPEN_LIST || code === CLOSE_LIST || code === OPEN_MAP || code === CLOSE_MAP;
}

/** Moves to the next character that is not a space, line break or comment, and returns it; NaN if the fast lane cannot read on. */
function skipSpace(r: Reader, parentColumn: number): number {
  const { text } = r;
  let code = text.charCodeAt(r.at);
  while (code === SPACE) code = text.charCodeAt(++r.at);
  while (code === LF || code === CR || (code === HASH && text.charCodeAt(r.at - 1) === SPACE)) {
    const end = endOfLine(r, code === HASH ? r.at - 1 : r.at);
    r.at = end;
    if (end < 0 || !nextLine(r) || r.column <= parentColumn) return NaN;
    code = text.charCodeAt(r.at);
  }
  return code;
}
