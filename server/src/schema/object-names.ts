// What the API server takes as names, labels and annotations of an object. apimachinery pkg/apis/meta/v1/validation ValidateObjectMeta.
import type { YamlMap, YamlNode } from '../yaml/node.ts';
import { asMap, asString, entryOf } from '../yaml/read.ts';
import { isPlaceholder } from '../model/placeholders.ts';
import { finding, type SchemaFinding } from './findings.ts';
import { isKubernetesLabel, isLabelValue, isQualifiedName, isSubdomain } from '../names/kubernetes-names.ts';

export function addNameFaults(metadata: YamlMap, found: SchemaFinding[]): void {
  const name = misnamed(metadata, 'name', isSubdomain);
  if (name)
    found.push(
      refused(
        'name',
        name.node,
        `"${name.text}" is no name of an object: lower-case letters, digits, "-" and ".", at most 253.`,
      ),
    );
  const namespace = misnamed(metadata, 'namespace', isKubernetesLabel);
  if (namespace)
    found.push(
      refused(
        'namespace',
        namespace.node,
        `"${namespace.text}" is no name of a namespace: lower-case letters, digits and "-", at most 63.`,
      ),
    );
  addKeyFaults(metadata, 'labels', found);
  addKeyFaults(metadata, 'annotations', found);
}

function addKeyFaults(metadata: YamlMap, field: string, found: SchemaFinding[]): void {
  for (const { key, value } of asMap(entryOf(metadata, field)?.value)?.entries ?? []) {
    const text = asString(value);
    if (!isKey(String(key.value), field))
      found.push(refused(field, key, `"${String(key.value)}" is no key of ${field}.`));
    else if (field === 'labels' && text !== undefined && text !== '' && !isLabelValue(text) && !isPlaceholder(text))
      found.push(
        refused(field, value, `"${text}" is no value of a label: letters, digits, "-", "_" and ".", at most 63.`),
      );
  }
}

/** What is written and no name, where it is more than a place to fill in. */
function misnamed(
  metadata: YamlMap,
  field: string,
  isName: (text: string) => boolean,
): { readonly node: YamlNode; readonly text: string } | undefined {
  const node = entryOf(metadata, field)?.value;
  const text = asString(node);
  if (!node || text === undefined || text === '' || isName(text)) return undefined;
  return isPlaceholder(text) || /^[A-Z]{2,}$/.test(text) ? undefined : { node, text };
}

function refused(field: string, { span }: YamlNode, message: string): SchemaFinding {
  return finding('invalid-value', span, message, { path: ['metadata', field], nearest: undefined });
}

/** Annotations are compared in lower case. */
function isKey(key: string, field: string): boolean {
  return isQualifiedName(field === 'annotations' ? key.toLowerCase() : key) || isPlaceholder(key);
}
