// What the API server takes as names, labels and annotations of an object. apimachinery pkg/apis/meta/v1/validation ValidateObjectMeta.
import type { YamlMap, YamlNode } from '../yaml/node.ts';
import { asMap, asString, entryOf } from '../yaml/read.ts';
import { isPlaceholder } from '../model/placeholders.ts';
import { finding, type SchemaFinding } from './findings.ts';
import { isKubernetesLabel, isLabelValue, isQualifiedName, isSubdomain } from '../names/kubernetes-names.ts';

export function* checkNames(metadata: YamlMap): Generator<SchemaFinding> {
  const name = valueOf(metadata, 'name');
  if (name && !isSubdomain(name.text))
    yield refused(
      'name',
      name.node,
      `"${name.text}" is no name of an object: lower-case letters, digits, "-" and ".", at most 253.`,
    );
  const namespace = valueOf(metadata, 'namespace');
  if (namespace && !isKubernetesLabel(namespace.text))
    yield refused(
      'namespace',
      namespace.node,
      `"${namespace.text}" is no name of a namespace: lower-case letters, digits and "-", at most 63.`,
    );
  for (const field of ['labels', 'annotations']) yield* checkKeys(metadata, field);
}

function* checkKeys(metadata: YamlMap, field: string): Generator<SchemaFinding> {
  for (const { key, value } of asMap(entryOf(metadata, field)?.value)?.entries ?? []) {
    const text = asString(value);
    if (!isKey(String(key.value), field)) yield refused(field, key, `"${String(key.value)}" is no key of ${field}.`);
    else if (field === 'labels' && text !== undefined && text !== '' && !isPlaceholder(text) && !isLabelValue(text))
      yield refused(field, value, `"${text}" is no value of a label: letters, digits, "-", "_" and ".", at most 63.`);
  }
}

/** What is written, where it is more than a place to fill in. */
function valueOf(metadata: YamlMap, field: string): { readonly node: YamlNode; readonly text: string } | undefined {
  const node = entryOf(metadata, field)?.value;
  const text = asString(node);
  return node && text !== undefined && text !== '' && !isPlaceholder(text) && !/^[A-Z]{2,}$/.test(text)
    ? { node, text }
    : undefined;
}

function refused(field: string, { span }: YamlNode, message: string): SchemaFinding {
  return finding('invalid-value', span, message, { path: ['metadata', field], nearest: undefined });
}

/** Annotations are compared in lower case. */
function isKey(key: string, field: string): boolean {
  return isPlaceholder(key) || isQualifiedName(field === 'annotations' ? key.toLowerCase() : key);
}
