// A tree's content as the API server gets it. kubectl, helm and their like read YAML 1.1 (sigs.k8s.io/yaml over go.yaml.in/yaml/v2
// resolve.go): a plain `yes` is a boolean to them and `0o17` a number, whatever YAML 1.2 says.
import type { YamlEntry, YamlNode, YamlScalar } from '../yaml/node.ts';

/**
 * `undefined` means a null in a map: the API server prunes it before it validates (apiextensions-apiserver
 * pkg/apiserver/schema/defaulting/prunenulls.go), but its key must be one that the schema knows.
 */
export type ApiValue = string | number | boolean | null | undefined | ApiValue[] | { [key: string]: ApiValue };

export function apiValue(node: YamlNode): ApiValue {
  if (node.kind === 'scalar') return apiScalar(node);
  return node.kind === 'seq' ? node.items.map(apiValue) : apiMap(node.entries);
}

/** Of the entries of a map. */
export function apiMap(entries: readonly YamlEntry[]): ApiValue {
  const object: { [key: string]: ApiValue } = {};
  for (const { key, value } of entries) {
    const plain = apiValue(value);
    set(object, String(key.value), plain === null ? undefined : plain);
  }
  return object;
}

export function apiScalar({ value, style }: YamlScalar): string | number | boolean | null {
  if (style !== 'plain' || typeof value !== 'string') return value;
  const word = value.length <= longestWord ? words.get(value) : undefined;
  return word ?? oldNumber(value) ?? value;
}

const words: ReadonlyMap<string, boolean> = new Map([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
]);

const longestWord = 3;

/** Numbers that only YAML 1.1 knows: with underscores, in binary. */
function oldNumber(text: string): number | undefined {
  if (!startsAsNumber(text)) return undefined;
  if (!/^[-+]?\d[\d_]*(\.[\d_]*)?$|^[-+]?0b[01_]+$|^[-+]?0x[\da-fA-F_]+$/.test(text)) return undefined;
  const bare = text.replaceAll('_', '');
  const number = Number(bare.replace(/^[-+]/, ''));
  if (Number.isNaN(number)) return undefined;
  return bare.startsWith('-') ? -number : number;
}

/** Few texts do, and most are asked about. */
function startsAsNumber(text: string): boolean {
  const first = text.charCodeAt(0);
  return (first >= 48 && first <= 57) || first === 43 || first === 45;
}

/** `__proto__` is a key like any other in a manifest. */
function set(object: { [key: string]: ApiValue }, key: string, value: ApiValue): void {
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}
