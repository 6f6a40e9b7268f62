// Writes plain values as YAML that Kubernetes' readers (YAML 1.1) and ours (YAML 1.2) take for the same value.
import { type Plain, isList, isMap } from './plain.ts';
import type { YamlScalar } from './node.ts';
import { DEFAULT_STYLE } from './style.ts';
import type { Style } from './style.ts';

type Quote = Style['quote'];

/** A whole document, without `---`, with its last line break. */
export function printDocument(plain: Plain, style: Style = DEFAULT_STYLE): string {
  const lines = style.json ? [printFlow(plain, style, { columns: style.indent, at: 0 })] : linesOf(plain, style);
  return lines.join('\n').replaceAll('\n', style.newline) + style.newline;
}

/** A value in a block: `head` follows the key's colon or the dash, `tail` are the lines below, counted from the key's or dash's column. */
export interface Printed {
  readonly head: string;
  readonly tail: readonly string[];
  /** The last line is text of a block scalar: nothing may follow on it. */
  readonly endsInText: boolean;
}

export type Preferred = YamlScalar['style'] | undefined;

/** A value behind `key:`. `preferred` is how its neighbours or its predecessor are quoted. */
export function printBehindKey(value: Plain, style: Style, preferred?: Preferred): Printed {
  if (isEmptyOrScalar(value)) return printInline(value, style, preferred);
  const lines = linesOf(value, style);
  return { head: '', tail: indented(lines, isList(value) ? style.dash : style.indent), endsInText: endsInText(value) };
}

/** A value behind `-`. */
export function printBehindDash(value: Plain, style: Style, preferred?: Preferred): Printed {
  if (isEmptyOrScalar(value)) return printInline(value, style, preferred);
  const [head = '', ...tail] = linesOf(value, style);
  return { head: ' '.repeat(style.item - 2) + head, tail: indented(tail, style.item), endsInText: endsInText(value) };
}

function isEmptyOrScalar(value: Plain): boolean {
  return typeof value !== 'object' || value === null || Object.keys(value).length === 0;
}

function printInline(value: Plain, style: Style, preferred: Preferred): Printed {
  if (typeof value === 'string' && fitsLiteral(value)) {
    const lines = value.replace(/\n$/, '').split('\n');
    return { head: value.endsWith('\n') ? '|' : '|-', tail: indented(lines, style.indent), endsInText: true };
  }
  return { head: printFlow(value, style, undefined, preferred), tail: [], endsInText: false };
}

/** True if a block value is printed with a block scalar last: nothing may follow on its last line. */
export function endsInText(value: Plain): boolean {
  if (typeof value === 'string') return fitsLiteral(value);
  if (typeof value !== 'object' || value === null) return false;
  const last = Object.values(value).at(-1);
  return last !== undefined && endsInText(last);
}

function linesOf(value: Plain, style: Style): string[] {
  if (isEmptyOrScalar(value)) {
    const { head, tail } = printInline(value, style, undefined);
    return [head, ...tail];
  }
  if (isList(value)) return value.flatMap((item) => itemLines(item, style));
  return Object.entries(isMap(value) ? value : {}).flatMap(([key, inner]) => entryLines(key, inner, style));
}

/** The lines of `key: value`. */
export function entryLines(key: string, value: Plain, style: Style, preferred?: Preferred): string[] {
  const { head, tail } = printBehindKey(value, style, preferred);
  return [`${printKey(key, style)}:${head && ` ${head}`}`, ...tail];
}

/** The lines of `- value`. */
export function itemLines(value: Plain, style: Style, preferred?: Preferred): string[] {
  const { head, tail } = printBehindDash(value, style, preferred);
  return [`- ${head}`, ...tail];
}

/** Lines moved right; empty ones stay empty. */
export function indented(lines: readonly string[], columns: number): string[] {
  return lines.map((line) => (line === '' ? '' : ' '.repeat(columns) + line));
}

export function printKey(key: string, style: Style, preferred?: Preferred): string {
  if (style.json || preferred === 'double') return doubleQuoted(key);
  if (preferred === 'single' && fitsSingle(key)) return singleQuoted(key);
  return isPlainSafe(key, true) && key !== '<<' ? key : quoted(key, style.quote);
}

/** How far brackets are broken into lines: one line where undefined. */
export type Layout = { readonly columns: number; readonly at: number } | undefined;

/** A value inside brackets, or a scalar anywhere, on one line unless a layout is given. */
export function printFlow(value: Plain, style: Style, layout?: Layout, preferred?: Preferred): string {
  if (typeof value === 'string') return printString(value, style, preferred);
  if (typeof value === 'number') return printNumber(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const inner = layout && { ...layout, at: layout.at + layout.columns };
  const parts = isList(value)
    ? value.map((item) => printFlow(item, style, inner))
    : Object.entries(value).map(([key, item]) => `${printKey(key, style)}: ${printFlow(item, style, inner)}`);
  return bracketed(parts, isList(value) ? '[]' : '{}', !isList(value) && style.padded ? ' ' : '', inner, layout);
}

function bracketed(parts: readonly string[], brackets: string, padding: string, inner: Layout, outer: Layout): string {
  const [open, close] = [brackets[0]!, brackets[1]!];
  if (parts.length === 0) return brackets;
  if (!inner || !outer) return open + padding + parts.join(', ') + padding + close;
  const gap = `\n${' '.repeat(inner.at)}`;
  return `${open}${gap}${parts.join(`,${gap}`)}\n${' '.repeat(outer.at)}${close}`;
}

function printNumber(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

function printString(value: string, style: Style, preferred: Preferred): string {
  if (style.json || preferred === 'double') return doubleQuoted(value);
  if (preferred === 'single' && fitsSingle(value)) return singleQuoted(value);
  return isPlainSafe(value, false) ? value : quoted(value, style.quote);
}

function quoted(value: string, quote: Quote): string {
  if (!fitsSingle(value)) return doubleQuoted(value);
  // Whichever needs no escapes; else the file's own.
  if (quote === 'single' && value.includes("'") && !/["\\]/.test(value)) return doubleQuoted(value);
  if (quote === 'double' && /["\\]/.test(value) && !value.includes("'")) return singleQuoted(value);
  return quote === 'single' ? singleQuoted(value) : doubleQuoted(value);
}

function singleQuoted(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

function fitsSingle(value: string): boolean {
  return !UNPRINTABLE.test(value) && !/[\n\t]/.test(value);
}

function doubleQuoted(value: string): string {
  return JSON.stringify(value).replace(
    UNPRINTABLE_ALL,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Text of several lines that a block scalar holds without tricks. */
function fitsLiteral(value: string): boolean {
  return /^[^\s][^]*\n/.test(value) && !/\n\n$|[ \t](?:\n|$)|\t/.test(value) && !UNPRINTABLE.test(value);
}

/** True if no reader takes the plain word for anything but this string, in a block or inside brackets. */
function isPlainSafe(value: string, isKey: boolean): boolean {
  if (value === '' || UNPRINTABLE.test(value) || NOT_PLAIN.test(value)) return false;
  if (isKey && (value.length > 200 || value.startsWith('?'))) return false;
  return !OTHER_TYPES.some((type) => type.test(value));
}

const NOT_PLAIN =
  /^[\s,[\]{}#&*!|>'"%@`]|^[-?:](?:[\s,[\]{}]|$)|^(?:---|\.\.\.)|\s$|[\t\n\r]|:(?:[\s,[\]{}]|$)|\s#|[,[\]{}]/;
const UNPRINTABLE =
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const UNPRINTABLE_ALL = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g;

// Words that YAML 1.1 or 1.2 reads as null, a boolean, a number, a date or a merge.
const OTHER_TYPES = [
  /^(?:~|null|y|yes|n|no|true|false|on|off|<<|=)$/i,
  /^[-+]?(?:0b[01_]+|0o[0-7_]+|0x[\da-f_]+|\d[\d_]*)$/i,
  /^[-+]?(?:\d[\d_]*)?(?:\.[\d_]*)?(?:e[-+]?\d+)?$/i,
  /^[-+]?\.inf$|^\.nan$/i,
  /^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/,
  /^\d{4}-\d\d?-\d\d?(?:$|[Tt\s])/,
];
