// What the API server takes as names, labels and annotations of an object. apimachinery pkg/util/validation/validation.go IsDNS1123Subdomain,
// IsDNS1123Label, IsQualifiedName, IsValidLabelValue; pkg/apis/meta/v1/validation ValidateObjectMeta.
import type { YamlMap, YamlNode } from '../yaml/node.ts';
import { asMap, asString, entryOf } from '../yaml/read.ts';
import { isPlaceholder } from './combinations/names.ts';
import { finding, type SchemaFinding } from './findings.ts';

const subdomain = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const label = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const qualified = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

export function* checkNames(metadata: YamlMap): Generator<SchemaFinding> {
  const name = valueOf(metadata, 'name');
  if (name && !(isAtMost(name.text, 253) && subdomain.test(name.text)))
    yield refused(
      'name',
      name.node,
      `"${name.text}" is no name of an object: lower-case letters, digits, "-" and ".", at most 253.`,
    );
  const namespace = valueOf(metadata, 'namespace');
  if (namespace && !(isAtMost(namespace.text, 63) && label.test(namespace.text)))
    yield refused(
      'namespace',
      namespace.node,
      `"${namespace.text}" is no name of a namespace: lower-case letters, digits and "-", at most 63.`,
    );
  for (const field of ['labels', 'annotations']) {
    for (const { key, value } of asMap(entryOf(metadata, field)?.value)?.entries ?? []) {
      const text = asString(value);
      if (!isQualified(String(key.value), field))
        yield refused(field, key, `"${String(key.value)}" is no key of ${field}.`);
      else if (
        field === 'labels' &&
        text !== undefined &&
        text !== '' &&
        !isPlaceholder(text) &&
        !(isAtMost(text, 63) && qualified.test(text))
      )
        yield refused(field, value, `"${text}" is no value of a label: letters, digits, "-", "_" and ".", at most 63.`);
    }
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

function isAtMost(text: string, most: number): boolean {
  return text.length <= most;
}

/** A prefix is a domain; annotations are compared in lower case. */
function isQualified(key: string, field: string): boolean {
  const [name = '', prefix, ...more] = (field === 'annotations' ? key.toLowerCase() : key).split('/').reverse();
  return (
    isPlaceholder(key) ||
    (more.length === 0 &&
      isAtMost(name, 63) &&
      qualified.test(name) &&
      (prefix === undefined || (isAtMost(prefix, 253) && subdomain.test(prefix))))
  );
}
