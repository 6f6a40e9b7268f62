// What is known of a field before anything is in it: for hover and completion.
import type { FieldPath } from '../base/field-path.ts';
import { schemaName } from './catalogue.ts';
import { docOf, namesOf, settingsOf, type Setting } from './docs.ts';
import { kubernetesField, kubernetesFields, type KubernetesField } from './kubernetes-fields.ts';
import { metadataFields } from './metadata.ts';
import { fieldsOf, schemaAt } from './tree.ts';
import type { SchemaNode } from './schema-node.ts';

export interface FieldDescription {
  /** `string`, `list of maps`, `map of strings`, ... */
  readonly type: string;
  /** What the field may be, where that is a closed list. */
  readonly enum?: readonly string[];
  /** First minor that has a value, of those that not all have: of Istio, or of the Gateway API for its own fields. */
  readonly valuesSince?: Readonly<Record<string, string>>;
  readonly required: boolean;
  /** One or two sentences. */
  readonly doc?: string;
  /** First supported minor of Istio that has it; absent where all have it, and for the Gateway API's fields. */
  readonly since?: string;
  /** First minor of the Gateway API that has it, where not all have it. */
  readonly gatewayApiSince?: string;
  /** True for a field that only the Gateway API's experimental definitions have. */
  readonly experimental?: true;
  readonly default?: string;
}

export interface FieldEntry extends FieldDescription {
  readonly name: string;
}

/** Undefined if the kind does not have the field. Labels and annotations of Istio are described on any kind. */
export function describeField(apiVersion: string, kind: string, path: FieldPath): FieldDescription | undefined {
  const last = path.at(-1);
  if (last === undefined) return undefined;
  const inPod = podMetadata(path);
  if (inPod) return describeTop(inPod, 'Pod');
  const own = kubernetesField(apiVersion, kind, path);
  if (own) return describeOwn(own, path);
  if (path[0] !== 'spec') return describeTop(path, kind);
  const schema = schemaName(apiVersion, kind);
  const node = schema === undefined ? undefined : schemaAt(schema, path);
  return schema === undefined || !node ? undefined : describe(schema, path, node);
}

/** The fields that the map at `path` can have, those of later releases too. */
export function fieldsAt(apiVersion: string, kind: string, path: FieldPath): readonly FieldEntry[] {
  if (path.length === 0) return topFields(apiVersion, kind);
  const inPod = podMetadata(path);
  if (inPod) return metadataAt(inPod, 'Pod');
  if (path[0] === 'metadata') return metadataAt(path, kind);
  const own = kubernetesField(apiVersion, kind, path);
  if (own) return ownEntries(own.fields, path);
  const schema = path[0] === 'spec' ? schemaName(apiVersion, kind) : undefined;
  if (schema === undefined) return [];
  return Object.entries(fieldsOf(schema, path)).map(([name, node]) => ({
    name,
    ...describe(schema, [...path, name], node),
  }));
}

/** Under the template of a workload there are labels and annotations of its pods. */
function podMetadata(path: FieldPath): FieldPath | undefined {
  const at = path[0] === 'spec' ? path.lastIndexOf('template') : -1;
  const isMetadata = at > 0 && path[at + 1] === 'metadata' && path.length > at + 2;
  return isMetadata ? path.slice(at + 1) : undefined;
}

function topFields(apiVersion: string, kind: string): readonly FieldEntry[] {
  const own = kubernetesFields(apiVersion, kind);
  const hasSpec = !own && !specless.has(kind);
  const top = entries(['apiVersion', 'kind', 'metadata', ...(hasSpec ? ['spec'] : [])], (name) =>
    describeField(apiVersion, kind, [name]),
  );
  return [...top, ...ownEntries(own, [])];
}

const specless: ReadonlySet<string> = new Set(['Namespace', 'ServiceAccount']);

function ownEntries(fields: KubernetesField['fields'], path: FieldPath): readonly FieldEntry[] {
  return Object.entries(fields ?? {}).map(([name, field]) => ({ name, ...describeOwn(field, [...path, name]) }));
}

function describeOwn({ type, doc, required, values }: KubernetesField, path: FieldPath): FieldDescription {
  const isItem = typeof path.at(-1) === 'number';
  const isList = type.startsWith('list');
  return {
    type: isItem ? itemType(type) : type,
    required: required === true && !isItem,
    ...(values && (isItem || !isList) ? { enum: values } : {}),
    ...(doc === '' ? {} : { doc }),
  };
}

function itemType(type: string): string {
  return type === 'list of maps' ? 'map' : 'string';
}

function entries(
  names: readonly string[],
  describeName: (name: string) => FieldDescription | undefined,
): readonly FieldEntry[] {
  return names.flatMap((name) => {
    const description = describeName(name);
    return description ? [{ name, ...description }] : [];
  });
}

function describe(schema: string, path: FieldPath, node: SchemaNode): FieldDescription {
  const isIstio = schema.startsWith('istio/');
  const parent = schemaAt(schema, path.slice(0, -1));
  const { 'x-since': since, 'x-channel': channel, default: usual } = node;
  const doc = docOf(schema, namesOf(schema, path));
  return {
    type: typeText(node),
    required: parent?.required?.includes(String(path.at(-1))) ?? false,
    ...valuesOf(node),
    ...(doc === undefined ? {} : { doc }),
    ...(since === undefined || isIstio ? {} : { gatewayApiSince: since }),
    ...(since === undefined || !isIstio ? {} : { since }),
    ...(channel ? { experimental: true as const } : {}),
    ...(usual === undefined ? {} : { default: String(usual) }),
  };
}

function valuesOf({ 'x-values': since, ...node }: SchemaNode): Pick<FieldDescription, 'enum' | 'valuesSince'> {
  if (node.enum) return { enum: node.enum.map(String), ...(since ? { valuesSince: since } : {}) };
  return node.type === 'boolean' ? { enum: ['true', 'false'] } : {};
}

function typeText(node: SchemaNode): string {
  if (node['x-kubernetes-int-or-string']) return 'integer or string';
  if (node.type === 'array') return `list of ${kindOfItems(node.items)}`;
  if (node.type !== 'object') return node.format === 'duration' ? 'duration' : (node.type ?? 'any');
  return typeof node.additionalProperties === 'object' ? `map of ${kindOfItems(node.additionalProperties)}` : 'map';
}

function kindOfItems(node: SchemaNode | undefined): string {
  if (node?.type === 'object' || node?.$ref !== undefined) return 'maps';
  if (node?.type === undefined) return 'values';
  return node.type === 'array' ? 'lists' : `${node.type}s`;
}

function describeTop(path: FieldPath, kind: string): FieldDescription | undefined {
  const [top, field, key] = path;
  if (path.length === 1) return describeNamed(`${String(top)}`, String(top) === 'metadata' ? 'map' : 'string', true);
  if (top !== 'metadata' || typeof field !== 'string') return undefined;
  if (path.length === 2) return describeNamed(`metadata.${field}`, metadataType(field), field === 'name');
  const setting =
    path.length === 3 && (field === 'labels' || field === 'annotations')
      ? settingsOf(field, kind)[String(key)]
      : undefined;
  return setting && describeSetting(setting);
}

function describeNamed(name: string, type: string, required: boolean): FieldDescription | undefined {
  const doc = docOf('metadata', name.split('.'));
  return doc === undefined ? undefined : { type, required, doc };
}

function metadataType(field: string): string {
  const type = metadataFields[field]?.type;
  if (type === 'object') return 'map of strings';
  return type === 'array' ? 'list of maps' : (type ?? 'string');
}

function metadataAt(path: FieldPath, kind: string): readonly FieldEntry[] {
  const field = path[1];
  if (path.length === 1) return entries(Object.keys(metadataFields), (name) => describeTop(['metadata', name], kind));
  if (path.length > 2 || (field !== 'labels' && field !== 'annotations')) return [];
  return Object.entries(settingsOf(field, kind)).map(([name, setting]) => ({ name, ...describeSetting(setting) }));
}

function describeSetting({ doc, values, since }: Setting): FieldDescription {
  return {
    type: 'string',
    required: false,
    doc,
    ...(values ? { enum: values } : {}),
    ...(since === undefined ? {} : { since }),
  };
}
