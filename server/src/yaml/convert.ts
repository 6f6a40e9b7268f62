// Converts the `yaml` package's objects to our tree; no other module uses them.
import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Alias, Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import type { Span } from '../base/span.ts';
import type { YamlEntry, YamlError, YamlMap, YamlNode, YamlScalar, YamlSeq } from './node.ts';

/** Kubernetes objects are some twenty levels deep; past this, walkers above could run out of stack. */
const MAX_DEPTH = 200;
/** How many nodes aliases may bring in, so that a few lines cannot grow into millions of values. */
const MAX_ALIASED_NODES = 50_000;

export interface Converted {
  readonly root: YamlNode | undefined;
  readonly errors: readonly YamlError[];
}

/** Reads a document's contents; `text` is what the package parsed. */
export function convert(contents: Node | null, text: string): Converted {
  const work: Work = { text, errors: [], anchors: new Map(), nodes: 0, aliased: 0 };
  if (!contents || isAbsent(contents)) return { root: undefined, errors: [] };
  return { root: nodeOf(work, contents, 0), errors: work.errors };
}

interface Work {
  readonly text: string;
  readonly errors: YamlError[];
  readonly anchors: Map<string, { readonly node: YamlNode; readonly size: number }>;
  nodes: number;
  aliased: number;
}

function isAbsent(node: Node): boolean {
  return isScalar(node) && node.source === '' && (node.type ?? 'PLAIN') === 'PLAIN' && !node.tag && !node.anchor;
}

function nodeOf(work: Work, node: Node, depth: number): YamlNode {
  const before = work.nodes++;
  if (isAlias(node)) return aliased(work, node);
  if (depth > MAX_DEPTH) return tooDeep(work, node);
  const anchor = (node as { anchor?: string }).anchor;
  // An anchor is unknown to the aliases inside its own node: a value cannot contain itself.
  if (anchor) work.anchors.delete(anchor);
  const read = inner(work, node, depth);
  if (anchor) work.anchors.set(anchor, { node: read, size: work.nodes - before });
  return read;
}

function inner(work: Work, node: Exclude<Node, Alias>, depth: number): YamlNode {
  if (isMap(node)) return mapOf(work, node, depth);
  return isSeq(node) ? seqOf(work, node, depth) : scalarOf(work, node);
}

function aliased(work: Work, alias: Alias): YamlNode {
  const span = spanOf(alias);
  const target = work.anchors.get(alias.source);
  if (!target) return aliasError(work, span, `The anchor &${alias.source} is not defined above this alias.`);
  work.nodes += target.size;
  work.aliased += target.size;
  if (work.aliased > MAX_ALIASED_NODES)
    return aliasError(work, span, 'The aliases in this document expand to too much content: this one is read as null.');
  return { ...target.node, span };
}

function aliasError(work: Work, span: Span, message: string): YamlScalar {
  work.errors.push({ code: 'alias', message, span });
  return { kind: 'scalar', value: null, style: 'plain', span };
}

function tooDeep(work: Work, node: Node): YamlScalar {
  const span = spanOf(node);
  work.errors.push({ code: 'syntax', message: `Values nested deeper than ${MAX_DEPTH} levels are not read.`, span });
  return { kind: 'scalar', value: null, style: 'plain', span };
}

function scalarOf(work: Work, node: Node): YamlScalar {
  const scalar = node as Scalar;
  const span = spanOf(scalar);
  if (scalar.type === 'BLOCK_LITERAL' || scalar.type === 'BLOCK_FOLDED') {
    return { kind: 'scalar', value: valueOf(scalar), style: 'block', span: blockSpan(work.text, span) };
  }
  if (span.start === span.end)
    return { kind: 'scalar', value: valueOf(scalar), style: 'plain', span: behindIndicator(work.text, span.start) };
  return { kind: 'scalar', value: valueOf(scalar), style: STYLES[scalar.type ?? 'PLAIN'] ?? 'plain', span };
}

const STYLES: Partial<Record<string, YamlScalar['style']>> = { QUOTE_SINGLE: 'single', QUOTE_DOUBLE: 'double' };

function valueOf(scalar: Scalar): YamlScalar['value'] {
  const value: unknown = scalar.value;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null)
    return value;
  return typeof value === 'bigint' ? Number(value) : (scalar.source ?? null);
}

/** A block scalar reaches to the end of its last line with text, or is its header alone. */
function blockSpan(text: string, { start, end }: Span): Span {
  const newline = text.indexOf('\n', start);
  const headerLine = newline < 0 || newline > end ? end : newline;
  let at = end;
  while (at > headerLine && isWhite(text.charCodeAt(at - 1))) at--;
  if (at > headerLine) return { start, end: at };
  let header = start + 1;
  while (header < headerLine && !isWhite(text.charCodeAt(header)) && text[header] !== '#') header++;
  return { start, end: header };
}

/** The package puts an absent value behind the spaces that follow its indicator. */
function behindIndicator(text: string, offset: number): Span {
  let at = offset;
  while (at > 0 && (text[at - 1] === ' ' || text[at - 1] === '\t')) at--;
  return { start: at, end: at };
}

function isWhite(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13;
}

function seqOf(work: Work, seq: YAMLSeq, depth: number): YamlSeq {
  const items = seq.items.map((item) => nodeOf(work, item as Node, depth + 1));
  const span = spanOf(seq);
  return {
    kind: 'seq',
    flow: seq.flow === true,
    items,
    span: { start: span.start, end: endOf(span, seq.flow, items.at(-1)) },
  };
}

function mapOf(work: Work, map: YAMLMap, depth: number): YamlMap {
  const written = map.items.map((pair) => entryOf(work, pair as Pair<Node, Node | null>, depth));
  const span = spanOf(map);
  const first = written[0]?.key.span.start ?? span.start;
  const end = endOf(span, map.flow, written.at(-1)?.value);
  const start = map.flow || work.text[span.start] === '?' ? Math.min(span.start, first) : first;
  return { kind: 'map', flow: map.flow === true, entries: withMerged(work, written), span: { start, end } };
}

/** Blocks end with their last value, brackets at the closing one; where that is missing the last value may be further on. */
function endOf(span: Span, flow: boolean | undefined, last: YamlNode | undefined): number {
  if (!last) return span.end;
  return flow ? Math.max(span.end, last.span.end) : last.span.end;
}

interface Written extends YamlEntry {
  readonly merges: boolean;
}

function entryOf(work: Work, pair: Pair<Node, Node | null>, depth: number): Written {
  const key = keyOf(work, pair.key, depth);
  const value = pair.value ? nodeOf(work, pair.value, depth + 1) : absentAt(key.span.end);
  return { key, value, merges: key.style === 'plain' && key.value === '<<' };
}

function absentAt(offset: number): YamlScalar {
  return { kind: 'scalar', value: null, style: 'plain', span: { start: offset, end: offset } };
}

function keyOf(work: Work, key: Node, depth: number): YamlScalar {
  const read = nodeOf(work, key, depth + 1);
  if (read.kind === 'scalar') return read;
  return { kind: 'scalar', value: work.text.slice(read.span.start, read.span.end), style: 'plain', span: read.span };
}

/** Replaces `<<` entries by what they bring in. What the map says itself wins, then the earlier of several merged maps. */
function withMerged(work: Work, written: readonly Written[]): YamlEntry[] {
  const own = new Set<string>();
  for (const entry of written) if (!isMerge(entry)) noteKey(work, own, entry.key);
  const taken = new Set(own);
  return written.flatMap((entry) =>
    isMerge(entry) ? mergedFrom(entry.value, taken) : [{ key: entry.key, value: entry.value }],
  );
}

function isMerge({ merges, value }: Written): boolean {
  return (
    merges &&
    (value.kind === 'map' ||
      (value.kind === 'seq' && value.items.length > 0 && value.items.every((item) => item.kind === 'map')))
  );
}

function mergedFrom(value: YamlNode, taken: Set<string>): YamlEntry[] {
  if (value.kind === 'seq') return value.items.flatMap((item) => mergedFrom(item, taken));
  if (value.kind !== 'map') return [];
  return value.entries
    .filter(({ key }) => {
      const name = String(key.value);
      return !taken.has(name) && taken.add(name);
    })
    .map(({ key, value: merged }) => ({ key, value: merged, merged: true }));
}

function noteKey(work: Work, seen: Set<string>, key: YamlScalar): void {
  const name = String(key.value);
  if (!seen.has(name)) return void seen.add(name);
  work.errors.push({
    code: 'duplicate-key',
    message: `The key "${name}" is duplicated; only the last value is used.`,
    span: key.span,
  });
}

function spanOf(node: Node): Span {
  const [start, end] = node.range ?? [0, 0];
  return { start, end };
}
