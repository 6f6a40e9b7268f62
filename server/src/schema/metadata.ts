// The little that is checked of `metadata`: what the API server holds every object to.
import { nearest } from '../base/nearest.ts';
import type { FieldPath } from '../base/field-path.ts';
import type { YamlEntry, YamlMap, YamlNode } from '../yaml/node.ts';
import { isIstioLabel } from '../model/istio-label-names.ts';
import { at, entryOf } from '../yaml/read.ts';
import { apiScalar } from './api-value.ts';
import { finding, type SchemaFinding } from './findings.ts';
import { addNameFaults } from './object-names.ts';
import type { SchemaNode } from './schema-node.ts';
import { invalidType } from './values.ts';
import { pathText } from './value-wording.ts';

const stringMap: SchemaNode = { type: 'object' };
const string: SchemaNode = { type: 'string' };

/** The fields of `metadata`; apimachinery pkg/apis/meta/v1/types.go ObjectMeta. */
export const metadataFields: Readonly<Record<string, SchemaNode>> = {
  name: string,
  generateName: string,
  namespace: string,
  labels: stringMap,
  annotations: stringMap,
  finalizers: { type: 'array' },
  ownerReferences: { type: 'array' },
  managedFields: { type: 'array' },
  // The cluster's own; a manifest that was read back from it has them.
  uid: {},
  resourceVersion: {},
  generation: {},
  creationTimestamp: {},
  deletionTimestamp: {},
  deletionGracePeriodSeconds: {},
  selfLink: {},
  clusterName: {},
};

/** `isCustom` where the kind is Istio's or the Gateway API's, whose names are held to one form. */
export function checkMetadata(
  root: YamlMap,
  kind: string,
  kindAt: YamlNode,
  isCustom: boolean,
): readonly SchemaFinding[] {
  const entry = entryOf(root, 'metadata');
  if (!entry || isNull(entry.value)) return [missing(kind, entry?.key ?? kindAt, [], 'metadata')];
  if (entry.value.kind !== 'map') return [invalidType(['metadata'], entry.value, { type: 'object' })];
  const found: SchemaFinding[] = [];
  for (const field of entry.value.entries) if (!isGood(field)) found.push(...checkField(field, kind));
  if (!isSet(entry.value, 'name') && !isSet(entry.value, 'generateName'))
    found.push(missing(kind, entry.key, ['metadata'], 'name'));
  if (isCustom) addNameFaults(entry.value, found);
  return found;
}

function isSet(map: YamlMap, field: string): boolean {
  const entry = entryOf(map, field);
  return entry !== undefined && !isNull(entry.value);
}

/** Most are: what there is to say of the others is put together only for them. */
function isGood({ key: { value: name }, value }: YamlEntry): boolean {
  if (typeof name !== 'string' || !Object.hasOwn(metadataFields, name)) return false;
  const wanted = metadataFields[name]!;
  return wanted === stringMap && value.kind === 'map'
    ? value.entries.every((entry) => isOfType(entry.value, string))
    : isOfType(value, wanted);
}

function missing(kind: string, at: YamlNode, path: FieldPath, field: string): SchemaFinding {
  const placeholder = field === 'metadata' ? { name: 'name' } : 'name';
  return finding('missing-field', at.span, `\`${pathText([...path, field])}\` is missing; ${kind} requires it.`, {
    path,
    field,
    placeholder,
  });
}

function checkField({ key, value }: YamlEntry, kind: string): readonly SchemaFinding[] {
  const name = String(key.value);
  const path = ['metadata', name];
  const wanted = Object.hasOwn(metadataFields, name) ? metadataFields[name] : undefined;
  if (!wanted) {
    const alike = similarName(name);
    const hint = alike === undefined ? '' : `; the most similar name is \`${alike}\``;
    return [
      finding('unknown-field', key.span, `${kind} has no field \`${pathText(path)}\`${hint}.`, {
        path,
        nearest: alike,
        wrapped: false,
      }),
    ];
  }
  if (wanted !== stringMap || value.kind !== 'map') return checkType(path, value, wanted);
  return value.entries.flatMap((entry) => checkType([...path, String(entry.key.value)], entry.value, string));
}

function similarName(name: string): string | undefined {
  return nearest(name, ['name', 'namespace', 'labels', 'annotations', 'generateName', 'finalizers', 'ownerReferences']);
}

function checkType(path: FieldPath, node: YamlNode, wanted: SchemaNode): readonly SchemaFinding[] {
  return isOfType(node, wanted) ? [] : [invalidType(path, node, wanted)];
}

function isOfType(node: YamlNode, { type }: SchemaNode): boolean {
  return type === undefined || isNull(node) || typeOf(node) === type;
}

function typeOf(node: YamlNode): string {
  if (node.kind === 'map') return 'object';
  return node.kind === 'seq' ? 'array' : typeof apiScalar(node);
}

/**
 * Istio's labels on Kubernetes' own kinds, of which nothing else is checked: an unquoted `true` or `yes` is a boolean, and the API server
 * refuses the object.
 */
export function checkIstioLabels(root: YamlMap): readonly SchemaFinding[] {
  const found: SchemaFinding[] = [];
  for (const path of podTemplates) {
    const metadata = entryOf(at(root, path), 'metadata')?.value;
    for (const place of metadata ? labelPlaces : []) {
      const fields = entryOf(metadata, place)?.value;
      if (fields?.kind !== 'map') continue;
      for (const { key, value } of fields.entries)
        if (!isOfType(value, string) && isIstioLabel(String(key.value)))
          found.push(invalidType([...path, 'metadata', place, String(key.value)], value, string));
    }
  }
  return found;
}

const labelPlaces = ['labels', 'annotations'];

/** The object itself, and the pods that it makes. */
const podTemplates: readonly FieldPath[] = [[], ['spec', 'template'], ['spec', 'jobTemplate', 'spec', 'template']];

function isNull(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}
