// Queries on a tree. All of them return `undefined` if there is no such value.
import { keptFor } from '../base/kept-for.ts';
import type { Span } from '../base/span.ts';
import { contains } from '../base/span.ts';
import type { FieldPath } from '../base/field-path.ts';
import type { Plain } from './plain.ts';
import type { YamlEntry, YamlMap, YamlNode, YamlSeq } from './node.ts';

type Maybe = YamlNode | undefined;

/** The entry of `key`; the last one where the key is given twice. */
export function entryOf(map: Maybe, key: string): YamlEntry | undefined {
  if (map?.kind !== 'map') return undefined;
  if (map.entries.length > fewEntries) return entriesOf(map).get(key);
  for (let i = map.entries.length - 1; i >= 0; i--) {
    const entry = map.entries[i]!;
    const name = entry.key.value;
    if (typeof name === 'string' ? name === key : String(name) === key) return entry;
  }
  return undefined;
}

const fewEntries = 64;

/** By key: what asks for each of thousands of keys would else read the map thousands of times. */
const entriesOf = keptFor(
  ({ entries }: YamlMap): ReadonlyMap<string, YamlEntry> =>
    new Map(entries.map((entry) => [String(entry.key.value), entry])),
);

/** The node at a path such as `['spec', 'ports', 0]`. */
export function at(node: Maybe, path: FieldPath): Maybe {
  let here = node;
  for (const step of path) {
    here = typeof step === 'number' && here?.kind === 'seq' ? here.items[step] : entryOf(here, String(step))?.value;
  }
  return here;
}

export function asString(node: Maybe): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}

export function asNumber(node: Maybe): number | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'number' ? node.value : undefined;
}

export function asBool(node: Maybe): boolean | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'boolean' ? node.value : undefined;
}

export function asMap(node: Maybe): YamlMap | undefined {
  return node?.kind === 'map' ? node : undefined;
}

export function asSeq(node: Maybe): YamlSeq | undefined {
  return node?.kind === 'seq' ? node : undefined;
}

/** Where a key is given twice the last one counts, as Kubernetes reads it. */
export function toPlain(node: YamlNode): Plain {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'seq') return node.items.map(toPlain);
  const plain: { [key: string]: Plain } = {};
  for (const { key, value } of node.entries) setOwn(plain, String(key.value), toPlain(value));
  return plain;
}

/** `__proto__` is a key like any other in a manifest. */
function setOwn(plain: { [key: string]: Plain }, key: string, value: Plain): void {
  if (key === '__proto__')
    Object.defineProperty(plain, key, { value, enumerable: true, configurable: true, writable: true });
  else plain[key] = value;
}

/** Where an offset stands. */
export interface Place {
  /** Path of `node`; of the entry's value where the offset is on a key. */
  readonly path: FieldPath;
  /** The innermost node around the offset; the key's scalar where it is on a key. */
  readonly node: YamlNode;
  readonly onKey: boolean;
}

/** The innermost place around an offset of the document; undefined outside the root. Merged entries are at other positions and are skipped. */
export function nodeAt(root: Maybe, offset: number): Place | undefined {
  if (!root || !contains(root.span, offset)) return undefined;
  const path: (string | number)[] = [];
  let node = root;
  for (;;) {
    const inner = innerAt(node, offset);
    if (!inner) return { path, node, onKey: false };
    path.push(inner.step);
    if (inner.onKey) return { path, node: inner.node, onKey: true };
    node = inner.node;
  }
}

interface Inner {
  readonly step: string | number;
  readonly node: YamlNode;
  readonly onKey: boolean;
}

function innerAt(node: YamlNode, offset: number): Inner | undefined {
  if (node.kind === 'seq') {
    const index = node.items.findIndex((item) => contains(item.span, offset));
    return index < 0 ? undefined : { step: index, node: node.items[index]!, onKey: false };
  }
  if (node.kind !== 'map') return undefined;
  for (const { key, value, merged } of node.entries) {
    if (merged) continue;
    const step = String(key.value);
    if (contains(key.span, offset)) return { step, node: key, onKey: true };
    if (contains(value.span, offset)) return { step, node: value, onKey: false };
  }
  return undefined;
}

/** The span of the value at `path`, else of the nearest one above it that is there. */
export function pathSpan(root: YamlNode, path: FieldPath): Span {
  for (let length = path.length; length > 0; length--) {
    const node = at(root, path.slice(0, length));
    if (node) return node.span;
  }
  return root.span;
}
