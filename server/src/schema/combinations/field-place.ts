// A node of the tree with its path. Null and empty text count as absent, as for the API server and protobuf.
import type { FieldPath } from '../../base/field-path.ts';
import type { YamlNode } from '../../yaml/node.ts';
import { entryOf } from '../../yaml/read.ts';
import { apiScalar } from '../api-value.ts';

export interface Place {
  readonly node: YamlNode | undefined;
  readonly path: FieldPath;
}

/** A place within another. Its path is put together only for a fault: most places are looked at and have none. */
class InnerPlace implements Place {
  readonly node: YamlNode | undefined;
  private readonly around: Place;
  private readonly step: string | number;

  constructor(node: YamlNode | undefined, around: Place, step: string | number) {
    this.node = node;
    this.around = around;
    this.step = step;
  }

  get path(): FieldPath {
    return [...this.around.path, this.step];
  }
}

export function field(place: Place, ...keys: readonly string[]): Place {
  let here = place;
  for (const key of keys) {
    const value = entryOf(here.node, key)?.value;
    here = new InnerPlace(isNull(value) ? undefined : value, here, key);
  }
  return here;
}

function isNull(node: YamlNode | undefined): boolean {
  return node?.kind === 'scalar' && node.value === null;
}

/** Items of a list; empty if it is not a list. */
export function each(place: Place, ...keys: readonly string[]): Place[] {
  const list = keys.length > 0 ? field(place, ...keys) : place;
  const { node } = list;
  return node?.kind === 'seq' ? node.items.map((item, i) => new InnerPlace(item, list, i)) : [];
}

/** Entries of a map, each with its key; those that are null are pruned. */
export function entries(map: Place): { readonly key: string; readonly place: Place }[] {
  return map.node?.kind === 'map'
    ? map.node.entries
        .filter(({ value }) => !isNull(value))
        .map(({ key, value }) => ({ key: String(key.value), place: new InnerPlace(value, map, String(key.value)) }))
    : [];
}

/** The value at the keys, without its place. */
function valueAt({ node }: Place, keys: readonly string[]): YamlNode | undefined {
  let here = node;
  for (const key of keys) {
    const value = entryOf(here, key)?.value;
    here = isNull(value) ? undefined : value;
  }
  return here;
}

export function text(place: Place, ...keys: readonly string[]): string {
  const node = valueAt(place, keys);
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : '';
}

/** A value that is text and nothing that only YAML takes for something else. */
export function isText({ node }: Place): boolean {
  return node?.kind === 'scalar' && typeof node.value === 'string';
}

export function number(place: Place, ...keys: readonly string[]): number | undefined {
  const node = valueAt(place, keys);
  const value = node?.kind === 'scalar' ? apiScalar(node) : undefined;
  return typeof value === 'number' ? value : undefined;
}

export function isTrue(place: Place, ...keys: readonly string[]): boolean {
  const node = valueAt(place, keys);
  return node?.kind === 'scalar' && apiScalar(node) === true;
}

/** Whether the field is there at all: an empty map is, an empty list or text is not. */
export function has(place: Place, ...keys: readonly string[]): boolean {
  const node = valueAt(place, keys);
  if (!node) return false;
  if (node.kind === 'seq') return node.items.length > 0;
  return node.kind === 'map' || (node.value !== '' && node.value !== null);
}
