// JSON in a line: the format of Istio's JSON access log and of ztunnel, objects that log collectors put around a
// line, and JSON that was cut off.
import { isRecord } from '../../base/is-record.ts';
import { textFields } from './envoy-text.ts';
import { noSource, type LogEntry, type LogField } from './entry.ts';
import { mergeSources, sourceOfPrefix, sourceOfWrapper } from './source.ts';

type Json = Readonly<Record<string, unknown>>;
type ReadText = (line: string) => LogEntry | undefined;

/** A brace can stand in any text; only the first few are tried. */
const mostStarts = 8;
const mostDepth = 4;

/** `readText` reads a line that stands in a string of the object. */
export function readJsonLine(line: string, readText: ReadText): LogEntry | undefined {
  let at = line.indexOf('{');
  for (let tried = 0; at >= 0 && tried < mostStarts; tried++) {
    const end = endOfObject(line, at);
    const json = end === undefined ? undefined : parse(line.slice(at, end));
    const entry = json && readObject(json, readText, mostDepth);
    if (entry) return { ...entry, source: mergeSources(entry.source, sourceOfPrefix(line.slice(0, at))) };
    at = line.indexOf('{', end !== undefined && json ? end : at + 1);
  }
  return readCut(line);
}

/** Behind the brace that closes the one at `start`. */
export function endOfObject(text: string, start: number): number | undefined {
  let depth = 0;
  let isQuoted = false;
  for (let i = start; i < text.length; i++) {
    const char = text[i]!;
    if (isQuoted && char === '\\') i++;
    else if (char === '"') isQuoted = !isQuoted;
    else if (!isQuoted && char === '{') depth++;
    else if (!isQuoted && char === '}' && --depth === 0) return i + 1;
  }
  return undefined;
}

function parse(text: string): Json | undefined {
  // Copied from a string of another JSON text or from a shell, quotes are escaped.
  for (const candidate of [text, text.replaceAll('\\"', '"')])
    try {
      const value: unknown = JSON.parse(candidate);
      return isRecord(value) ? value : undefined;
    } catch {
      // The other spelling, or another format, is tried.
    }
  return undefined;
}

function readObject(json: Json, readText: ReadText, depth: number): LogEntry | undefined {
  const own = readFields(Object.entries(json).map(([name, value]) => ({ name, value: textOf(value) })));
  if (own) return { ...own, source: sourceOfWrapper(json) };
  for (const value of Object.values(json)) {
    const entry = readInner(value, readText, depth - 1);
    if (entry) return { ...entry, source: mergeSources(entry.source, sourceOfWrapper(json)) };
  }
  return undefined;
}

function readInner(value: unknown, readText: ReadText, depth: number): LogEntry | undefined {
  if (depth < 0) return undefined;
  if (typeof value === 'string') return value.length > 20 ? readText(value) : undefined;
  if (Array.isArray(value)) {
    for (const item of value) {
      const entry = readInner(item, readText, depth - 1);
      if (entry) return entry;
    }
    return undefined;
  }
  return isRecord(value) ? readObject(value, readText, depth) : undefined;
}

/** The fields that tell an access log from other structured logs. */
const telling = ['response_code', 'response_flags', 'response_code_details', 'upstream_cluster'];

/** Fields by the keys of Istio's JSON format, in the order of the text format; undefined for another kind of log. */
export function readFields(written: readonly LogField[]): Omit<LogEntry, 'source'> | undefined {
  const isZtunnel = written.some(({ name }) => name === 'dst.addr' || name === 'src.addr');
  if (isZtunnel) return { format: 'ztunnel', fields: written };
  const fields = written.map(({ name, value }) => fieldOf(keyOf(name), value));
  const known = fields.filter(({ name }) => textFields.includes(name));
  if (known.length < 2 || !known.some(({ name }) => telling.includes(name))) return undefined;
  const rank = ({ name }: LogField) => (textFields.includes(name) ? textFields.indexOf(name) : textFields.length);
  return { format: 'envoy-json', fields: fields.toSorted((a, b) => rank(a) - rank(b)) };
}

/** `responseCode` and `response-code` are the same key. */
function keyOf(name: string): string {
  const key = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase();
  return textFields.includes(key) ? key : name;
}

function fieldOf(name: string, value: string): LogField {
  return { name, value: name === 'upstream_cluster' ? value.replace(/;+$/, '') : value };
}

const pair = /\\?"([\w.-]+)\\?"\s*:\s*(?:\\?"((?:[^"\\]|\\[^"])*)\\?"|(-?[\d.]+|null|true|false))/g;

/** JSON that lost its beginning or its end, read as far as it goes. */
function readCut(line: string): LogEntry | undefined {
  const fields = [...line.matchAll(pair)].map(([, name, quoted, plain]) => ({
    name: name!,
    value: quoted ?? (plain === 'null' ? '-' : plain!),
  }));
  const entry = readFields(fields);
  return entry && { ...entry, source: noSource };
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '-';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
