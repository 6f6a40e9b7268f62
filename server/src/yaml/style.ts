// The style of a file, so that inserted text looks like the author's.
import { columnOf } from './lines.ts';
import type { YamlDocument, YamlMap, YamlNode, YamlScalar } from './node.ts';

export interface Style {
  /** Columns from a map to the map below one of its keys. */
  readonly indent: number;
  /** Columns from a key to the dashes of its list. */
  readonly dash: number;
  /** Columns from a dash to its value; 2 for `- a`. */
  readonly item: number;
  /** For strings that need quotes. */
  readonly quote: 'single' | 'double';
  /** Spaces inside braces: `{ a: 1 }`. */
  readonly padded: boolean;
  readonly newline: '\n' | '\r\n';
  /** The document is JSON: quoted keys, brackets everywhere. */
  readonly json: boolean;
}

export const DEFAULT_STYLE: Style = {
  indent: 2,
  dash: 0,
  item: 2,
  quote: 'double',
  padded: false,
  newline: '\n',
  json: false,
};

/** What most of the document does; where it shows nothing, Kubernetes' own habits. */
export function styleOf(text: string, tree: YamlDocument): Style {
  const seen: Seen = { indent: [], dash: [], item: [], quote: [], padded: [] };
  if (tree.root) look(text, tree.root, seen);
  const newline = text.indexOf('\n');
  return {
    // A broken text can show what no text can be written in.
    indent: Math.max(1, mostOf(seen.indent) ?? DEFAULT_STYLE.indent),
    dash: mostOf(seen.dash) ?? DEFAULT_STYLE.dash,
    item: Math.max(2, mostOf(seen.item) ?? DEFAULT_STYLE.item),
    quote: mostOf(seen.quote) ?? DEFAULT_STYLE.quote,
    padded: mostOf(seen.padded) ?? DEFAULT_STYLE.padded,
    newline: newline > 0 && text[newline - 1] === '\r' ? '\r\n' : '\n',
    json: isJson(tree.root),
  };
}

interface Seen {
  readonly indent: number[];
  readonly dash: number[];
  readonly item: number[];
  readonly quote: ('single' | 'double')[];
  readonly padded: boolean[];
}

function look(text: string, node: YamlNode, seen: Seen): void {
  if (isAlias(text, node)) return;
  if (node.kind === 'scalar') return lookAtScalar(node, seen);
  if (node.kind === 'map') return lookAtMap(text, node, seen);
  const column = columnOf(text, node.span.start);
  for (const item of node.items) {
    if (!node.flow && isBlock(item)) seen.item.push(columnOf(text, item.span.start) - column);
    look(text, item, seen);
  }
}

function lookAtMap(text: string, map: YamlMap, seen: Seen): void {
  const column = columnOf(text, map.span.start);
  if (map.flow && map.entries.length > 0 && map.span.start + 1 < text.length)
    seen.padded.push(text[map.span.start + 1] === ' ');
  for (const { key, value, merged } of map.entries) {
    if (merged) continue;
    if (!map.flow && isBlock(value) && !isAlias(text, value))
      (value.kind === 'map' ? seen.indent : seen.dash).push(columnOf(text, value.span.start) - column);
    lookAtScalar(key, seen);
    look(text, value, seen);
  }
}

function lookAtScalar({ style }: YamlScalar, seen: Seen): void {
  if (style === 'single' || style === 'double') seen.quote.push(style);
}

function isBlock(node: YamlNode): boolean {
  return node.kind !== 'scalar' && !node.flow;
}

/** An alias refers to a value that is written elsewhere. */
export function isAlias(text: string, { span }: YamlNode): boolean {
  return text[span.start] === '*' && span.end > span.start;
}

function isJson(root: YamlNode | undefined): boolean {
  if (!root || root.kind === 'scalar' || !root.flow) return false;
  return root.kind === 'seq' || root.entries.every(({ key }) => key.style === 'double');
}

/** The most frequent value that makes sense; the first of several. */
function mostOf<T>(values: readonly T[]): T | undefined {
  const counts = new Map<T, number>();
  for (const value of values)
    if (typeof value !== 'number' || (value >= 0 && value <= 16)) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best: T | undefined;
  for (const [value, count] of counts) if (best === undefined || count > counts.get(best)!) best = value;
  return best;
}
