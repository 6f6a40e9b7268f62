// Misspelt forms of the keys `apiVersion` and `kind`: the API server rejects such an object, and nothing reads it.
import { nearest } from '../base/nearest.ts';
import { entryOf } from '../yaml/read.ts';
import type { YamlMap, YamlScalar } from '../yaml/node.ts';
import { groupOf, isKindOfIstioOrGatewayApi, isOwnGroup } from './kind-of.ts';

export interface MistypedKey {
  readonly key: YamlScalar;
  readonly expected: 'apiVersion' | 'kind';
}

/** Empty unless both names, so corrected, are those of one of Istio's or the Gateway API's kinds: other YAML may use any key. */
export function mistypedKeys(root: YamlMap): readonly MistypedKey[] {
  const { entries } = root;
  if (entryOf(root, 'apiVersion') && entryOf(root, 'kind')) return [];
  if (!entries.some(({ value }) => value.kind === 'scalar' && isVersionOfOwnGroup(value.value))) return [];
  const names = (['apiVersion', 'kind'] as const).map((expected) => ({ expected, entry: entryLike(root, expected) }));
  const [apiVersion, kind] = names.map(({ entry }) => (entry?.value.kind === 'scalar' ? entry.value.value : undefined));
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return [];
  if (!isKindOfIstioOrGatewayApi(apiVersion, kind)) return [];
  return names.flatMap(({ expected, entry }) =>
    entry && entry.key.value !== expected && !entry.merged ? [{ key: entry.key, expected }] : [],
  );
}

function isVersionOfOwnGroup(value: YamlScalar['value']): boolean {
  return typeof value === 'string' && isOwnGroup(groupOf(value));
}

function entryLike({ entries }: YamlMap, expected: 'apiVersion' | 'kind'): YamlMap['entries'][number] | undefined {
  const exact = entries.find(({ key }) => key.value === expected);
  if (exact) return exact;
  const maxDistance = expected === 'kind' ? 1 : 2;
  return entries.find(({ key }) => nearest(String(key.value), [expected], { maxDistance }) !== undefined);
}
