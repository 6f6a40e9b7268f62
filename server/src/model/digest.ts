// A hash of the content of an object, to distinguish an identical copy from a different version. Order of keys, comments, quoting, the namespace (two
// copies are only compared within one), the version of the API and what a server adds are left out; so are secrets.
import type { YamlMap, YamlNode } from '../yaml/node.ts';
import type { Kind } from './kinds.ts';

const leftOut: ReadonlySet<unknown> = new Set(['apiVersion', 'status']);
const leftOutOfMetadata: ReadonlySet<unknown> = new Set([
  'namespace',
  'resourceVersion',
  'managedFields',
  'uid',
  'creationTimestamp',
  'generation',
  'selfLink',
  'ownerReferences',
]);
const leftOutOfAnnotations: ReadonlySet<unknown> = new Set(['kubectl.kubernetes.io/last-applied-configuration']);
const nothing: ReadonlySet<unknown> = new Set();

/** Equal for equal content; 32 bits, which is plenty between objects of one name. */
export function digest(root: YamlMap, kind: Kind): number {
  let sum = 0;
  for (const { key, value } of root.entries) {
    if (leftOut.has(key.value) || isEmpty(value)) continue;
    sum = (sum + pair(key.value, hashTopLevel(key.value, value, kind))) | 0;
  }
  return sum;
}

function hashTopLevel(key: unknown, value: YamlNode, kind: Kind): number {
  if (value.kind !== 'map') return hashNode(value);
  if (key === 'metadata') return hashMetadata(value);
  if (kind === 'Secret' && (key === 'data' || key === 'stringData')) return hashKeys(value);
  return hashNode(value);
}

function hashMetadata(metadata: YamlMap): number {
  let sum = 1;
  for (const { key, value } of metadata.entries) {
    if (leftOutOfMetadata.has(key.value) || isEmpty(value)) continue;
    const hash =
      key.value === 'annotations' && value.kind === 'map' ? hashMap(value, leftOutOfAnnotations) : hashNode(value);
    if (hash !== emptyMap) sum = (sum + pair(key.value, hash)) | 0;
  }
  return sum;
}

function hashKeys(map: YamlMap): number {
  return map.entries.reduce((sum, { key }) => (sum + pair(key.value, 0)) | 0, emptyMap);
}

const emptyMap = 17;

/** A sum, so that the order of keys does not count. */
function hashMap(map: YamlMap, without: ReadonlySet<unknown>): number {
  let sum = emptyMap;
  for (const { key, value } of map.entries) {
    if (!without.has(key.value)) sum = (sum + pair(key.value, hashNode(value))) | 0;
  }
  return sum;
}

function hashNode(node: YamlNode): number {
  if (node.kind === 'map') return hashMap(node, nothing);
  if (node.kind === 'scalar')
    return typeof node.value === 'string'
      ? hashScalar(node.value, textSeed)
      : hashScalar(String(node.value), otherSeed);
  let hash = 31;
  for (const item of node.items) hash = mix(hash, hashNode(item));
  return hash;
}

function isEmpty(node: YamlNode): boolean {
  return node.kind === 'scalar' ? node.value === null : node.kind === 'map' && node.entries.length === 0;
}

function pair(key: unknown, value: number): number {
  return mix(hashScalar(typeof key === 'string' ? key : String(key), textSeed), value);
}

const textSeed = 0x811c9dc5 | 0;
/** Numbers, booleans and null are other values than their names. */
const otherSeed = 0x1505;

/** FNV-1a over code units. It runs over every scalar that is read, so it is as short as can be. */
function hashScalar(text: string, seed: number): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

function mix(a: number, b: number): number {
  let hash = (Math.imul(a, 31) + b) | 0;
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return hash ^ (hash >>> 15);
}
