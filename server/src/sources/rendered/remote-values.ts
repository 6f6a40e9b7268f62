// What kustomize and helm would fetch: addresses in the fields that they load something from.
import { isRemote } from '../../model/kustomization.ts';
import { splitDocuments } from '../../yaml/chunks.ts';
import type { YamlNode } from '../../yaml/node.ts';
import { parseDocument } from '../../yaml/parse.ts';

/**
 * Fields of kustomizations, and of the configurations of generators and transformers, whose values are files, folders, repositories or
 * charts, in lower case as Go takes the names of fields in any. kustomize@api/v0.21.1 api/types/kustomization.go;
 * api/internal/loader/fileloader.go Load fetches addresses in each of them.
 */
const loading: ReadonlySet<string> = new Set([
  'additionalvaluesfiles',
  'bases',
  'chart',
  'charthome',
  'components',
  'configurations',
  'crds',
  'env',
  'envs',
  'files',
  'generators',
  'openapi',
  'patchesstrategicmerge',
  'path',
  'paths',
  'repo',
  'resources',
  'transformers',
  'validators',
  'valuesfile',
]);

/** Lists of configurations, which may be written in place. */
const inline: ReadonlySet<string> = new Set(['generators', 'transformers', 'validators']);

/** Configurations in configurations, and so on: nobody writes more. */
const deepest = 5;

/** The first address in a file; in text that is not valid YAML, whatever looks like one. */
export function remoteValueIn(text: string, depth = 0): string | undefined {
  for (const { text: part } of splitDocuments(text)) {
    const { root, errors, isUnread } = parseDocument(part);
    const found = errors.length > 0 || isUnread ? remoteInBroken(part, isUnread) : root && valueIn(root, '', depth);
    if (found !== undefined) return found;
  }
  return undefined;
}

function valueIn(node: YamlNode, key: string, depth: number): string | undefined {
  if (node.kind === 'scalar')
    return typeof node.value === 'string' && loading.has(key) ? inText(node.value, key, depth) : undefined;
  const inside: readonly (readonly [YamlNode, string])[] =
    node.kind === 'seq'
      ? node.items.map((item) => [item, key])
      : node.entries.map((entry) => [entry.value, String(entry.key.value).toLowerCase()]);
  for (const [value, name] of inside) {
    const found = valueIn(value, name, depth);
    if (found !== undefined) return found;
  }
  return undefined;
}

function inText(value: string, key: string, depth: number): string | undefined {
  if (!value.includes('\n')) return isRemote(value) ? value : undefined;
  if (!inline.has(key)) return undefined;
  return depth < deepest ? remoteValueIn(value, depth + 1) : remoteWord(value);
}

/** Escapes and tags can hide an address, and the tool may read what is not read here. */
function remoteInBroken(text: string, isUnread = false): string | undefined {
  const word = remoteWord(text);
  if (word !== undefined) return word;
  if (isUnread) return 'files that a document too large to be read may name';
  return /[\\!]/.test(text) ? 'files that a document with errors may name' : undefined;
}

function remoteWord(text: string): string | undefined {
  return text
    .split(/[\s"'=,[\]{}]+/)
    .find((word) => isRemote(word.replace(/^[\w-]+:(?=\S)(?!\/\/)/, '')) || isRemote(word));
}
