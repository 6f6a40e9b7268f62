// Keys of an object that were meant to be `apiVersion` or `kind`: with them the API server refuses the object, and nothing reads it.
import { nearest } from '../base/nearest.ts';
import type { YamlMap, YamlScalar } from '../yaml/node.ts';
import { isKindOfIstioOrGatewayApi } from './kind-of.ts';

export interface MistypedKey {
  readonly key: YamlScalar;
  readonly meant: 'apiVersion' | 'kind';
}

/** Empty unless both names, so corrected, are those of one of Istio's or the Gateway API's kinds: other YAML may use any key. */
export function mistypedKeys(root: YamlMap): readonly MistypedKey[] {
  const names = (['apiVersion', 'kind'] as const).map((meant) => ({ meant, entry: entryMeantAs(root, meant) }));
  const [apiVersion, kind] = names.map(({ entry }) => (entry?.value.kind === 'scalar' ? entry.value.value : undefined));
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return [];
  if (!isKindOfIstioOrGatewayApi(apiVersion, kind)) return [];
  return names.flatMap(({ meant, entry }) =>
    entry && entry.key.value !== meant && !entry.merged ? [{ key: entry.key, meant }] : [],
  );
}

function entryMeantAs({ entries }: YamlMap, meant: 'apiVersion' | 'kind'): YamlMap['entries'][number] | undefined {
  const exact = entries.find(({ key }) => key.value === meant);
  if (exact) return exact;
  const maxDistance = meant === 'kind' ? 1 : 2;
  return entries.find(({ key }) => nearest(String(key.value), [meant], { maxDistance }) !== undefined);
}
