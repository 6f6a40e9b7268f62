// A node of the tree with its path. Null and empty text count as absent, as for the API server and protobuf.
import type { FieldPath } from '../../base/field-path.ts';
import type { YamlNode } from '../../yaml/node.ts';
import { entryOf } from '../../yaml/read.ts';
import { apiScalar } from '../api-value.ts';

export interface Place {
  readonly node: YamlNode | undefined;
  readonly path: FieldPath;
}

export function field(place: Place, ...keys: readonly string[]): Place {
  return keys.reduce<Place>((here, key) => {
    const value = entryOf(here.node, key)?.value;
    const isNull = value?.kind === 'scalar' && value.value === null;
    return { node: isNull ? undefined : value, path: [...here.path, key] };
  }, place);
}

/** Items of a list; empty if it is not a list. */
export function each({ node, path }: Place, ...keys: readonly string[]): Place[] {
  if (keys.length > 0) return each(field({ node, path }, ...keys));
  return node?.kind === 'seq' ? node.items.map((item, i) => ({ node: item, path: [...path, i] })) : [];
}

/** Entries of a map, each with its key; those that are null are pruned. */
export function entries({ node, path }: Place): { readonly key: string; readonly place: Place }[] {
  return node?.kind === 'map'
    ? node.entries
        .filter(({ value }) => !(value.kind === 'scalar' && value.value === null))
        .map(({ key, value }) => ({
          key: String(key.value),
          place: { node: value, path: [...path, String(key.value)] },
        }))
    : [];
}

export function text(place: Place, ...keys: readonly string[]): string {
  const { node } = field(place, ...keys);
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : '';
}

/** A value that is text and nothing that only YAML takes for something else. */
export function isText({ node }: Place): boolean {
  return node?.kind === 'scalar' && typeof node.value === 'string';
}

export function number(place: Place, ...keys: readonly string[]): number | undefined {
  const { node } = field(place, ...keys);
  const value = node?.kind === 'scalar' ? apiScalar(node) : undefined;
  return typeof value === 'number' ? value : undefined;
}

export function isTrue(place: Place, ...keys: readonly string[]): boolean {
  const { node } = field(place, ...keys);
  return node?.kind === 'scalar' && apiScalar(node) === true;
}

/** Whether the field is there at all: an empty map is, an empty list or text is not. */
export function has(place: Place, ...keys: readonly string[]): boolean {
  const { node } = field(place, ...keys);
  if (!node) return false;
  if (node.kind === 'seq') return node.items.length > 0;
  return node.kind === 'map' || (node.value !== '' && node.value !== null);
}
