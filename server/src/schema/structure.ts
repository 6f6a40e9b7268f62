// The verdict of the compiled validators, brought home to the nodes of the tree.
import { groupBy } from '../base/group-by.ts';
import { nearest } from '../base/nearest.ts';
import type { FieldPath } from '../base/field-path.ts';
import type { YamlMap, YamlNode } from '../yaml/node.ts';
import { at, entryOf } from '../yaml/read.ts';
import { apiMap, type ApiValue } from './api-value.ts';
import { isNewer } from './catalogue.ts';
import { finding, type SchemaFinding } from './findings.ts';
import { placeholderFor } from './placeholder.ts';
import { fieldsOf, schemaAt } from './tree.ts';
import { loadValidators, type ValidatorError } from './validators.gen.js';
import { invalidType, invalidValue } from './values.ts';
import { pathText } from './value-wording.ts';

export interface Subject {
  readonly root: YamlMap;
  readonly kind: string;
  /** Where the kind stands: for what is missing at the top. */
  readonly kindAt: YamlNode;
  readonly schema: string;
  readonly istioVersion: string;
}

/** Checked elsewhere, or the cluster's own. */
const notOurs: ReadonlySet<unknown> = new Set(['apiVersion', 'kind', 'metadata', 'status']);

export function checkStructure(subject: Subject): readonly SchemaFinding[] {
  const { root, schema } = subject;
  const validate = loadValidators()[validatorName(schema)];
  if (!validate || validate(valueOf(root))) return [];
  const errors = validate.errors ?? [];
  if (errors.every((error) => isOldEnough(error, subject.istioVersion))) return [];
  const faults = errors.map((error) => ({ ...error, path: pathOf(root, error.instancePath) }));
  return [...byPath(faults)].flatMap((group) => fromGroup(group, subject));
}

/** A note of what only some releases have, and the target is one of them. */
function isOldEnough({ params }: ValidatorError, istioVersion: string): boolean {
  return params?.since !== undefined && !isNewer(params.since, istioVersion);
}

const validatorNames = new Map<string, string>();

function validatorName(schema: string): string {
  const name = validatorNames.get(schema) ?? schema.replaceAll(/\W/g, '_');
  validatorNames.set(schema, name);
  return name;
}

function valueOf(root: YamlMap): ApiValue {
  return apiMap(root.entries.filter(({ key }) => !notOurs.has(key.value)));
}

interface Fault extends ValidatorError {
  readonly path: FieldPath;
}

function byPath(faults: readonly Fault[]): Iterable<readonly Fault[]> {
  return groupBy(faults, ({ instancePath }) => instancePath).values();
}

/** A JSON pointer as a path; whether a step is a name or an index is the tree's to say. */
function pathOf(root: YamlNode, pointer: string): FieldPath {
  const path: (string | number)[] = [];
  let node: YamlNode | undefined = root;
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const step: string | number = node?.kind === 'seq' ? Number(name) : name;
    path.push(step);
    node = node && at(node, [step]);
  }
  return path;
}

/** What is wrong at one place: its fields one by one, but of the faults of its value only the first that explains the others. */
function fromGroup(group: readonly Fault[], subject: Subject): readonly SchemaFinding[] {
  const fields = group.flatMap((fault) => fromField(fault, subject));
  const value =
    group.find(({ keyword }) => keyword === 'type') ??
    group.find(({ keyword }) => keyword === 'enum') ??
    group.find(({ keyword }) => !aboutFields.has(keyword));
  const newer = group.flatMap((fault) => fromRelease(fault, subject));
  return [...fields, ...newer, ...(value ? fromValue(value, subject) : [])];
}

const aboutFields: ReadonlySet<string> = new Set(['required', 'additionalProperties', 'x-since', 'x-values']);

function fromField({ keyword, path, params }: Fault, subject: Subject): readonly SchemaFinding[] {
  if (keyword === 'additionalProperties') return unknownField(path, params?.additionalProperty ?? '', subject);
  return keyword === 'required' ? missingField(path, params?.missingProperty ?? '', subject) : [];
}

function unknownField(
  parent: FieldPath,
  name: string,
  { root, kind, schema, istioVersion }: Subject,
): readonly SchemaFinding[] {
  const entry = entryOf(at(root, parent), name);
  if (!entry) return [];
  const fields = fieldsOf(schema, parent);
  const known = Object.keys(fields).filter(
    (field) => !isNewer(fields[field]!['x-since'] ?? '0', istioVersion) || !schema.startsWith('istio/'),
  );
  const alike = nearest(name, [...known, ...(parent.length === 0 ? ['metadata'] : [])]);
  const elsewhere = alike === undefined ? placesOf(schema, parent, name) : undefined;
  const path = [...parent, name];
  const place = elsewhere === undefined ? '' : `; \`${name}\` belongs in \`${elsewhere}\``;
  const hint = alike === undefined ? place : `; the most similar name is \`${alike}\``;
  const wrapped = alike !== undefined && fields[alike]?.type === 'array' && entry.value.kind !== 'seq';
  return [
    finding('unknown-field', entry.key.span, `${kind} has no field \`${pathText(path)}\`${hint}.`, {
      path,
      nearest: alike,
      wrapped,
    }),
  ];
}

/** Where a field of this name does belong: in a map around this one, or in one map right inside. */
function placesOf(schema: string, parent: FieldPath, name: string): string | undefined {
  for (let length = parent.length - 1; length > 0; length--) {
    if (Object.hasOwn(fieldsOf(schema, parent.slice(0, length)), name)) return pathText(parent.slice(0, length));
  }
  const inner = Object.entries(fieldsOf(schema, parent))
    .map(([field, { type }]) => (type === 'array' ? [...parent, field, 0] : [...parent, field]))
    .filter((path) => Object.hasOwn(fieldsOf(schema, path), name));
  return inner.length === 1 ? pathText(inner[0]!).replace(/\[0\]$/, '[]') : undefined;
}

function missingField(
  parent: FieldPath,
  field: string,
  { root, kind, kindAt, schema }: Subject,
): readonly SchemaFinding[] {
  const last = parent.at(-1);
  const holder = at(root, parent.slice(0, -1));
  const node = typeof last === 'string' ? entryOf(holder, last)?.key : at(root, parent);
  const path = [...parent, field];
  const message = `\`${pathText(path)}\` is missing; ${kind} requires it.`;
  const span = parent.length === 0 ? kindAt.span : (node ?? root).span;
  return [finding('missing-field', span, message, { path: parent, field, placeholder: placeholderFor(schema, path) })];
}

/** What only later releases have; that a field or value is there is all that the validators say of it. */
function fromRelease({ keyword, path, params }: Fault, { root, istioVersion }: Subject): readonly SchemaFinding[] {
  const since = params?.since;
  const entry = entryOf(at(root, path.slice(0, -1)), String(path.at(-1)));
  if (!entry || since === undefined || !isNewer(since, istioVersion)) return [];
  const isField = keyword === 'x-since';
  const value = entry.value.kind === 'scalar' ? String(entry.value.value) : '';
  const what = isField ? `\`${pathText(path)}\`` : `The value ${value} of \`${pathText(path)}\``;
  const message = `${what} exists from Istio ${since} on; the target is ${istioVersion}.`;
  return [finding('unsupported-in-version', (isField ? entry.key : entry.value).span, message, { path, since })];
}

function fromValue({ path, keyword }: Fault, { root, schema, istioVersion }: Subject): readonly SchemaFinding[] {
  const node = at(root, path);
  const wanted = schemaAt(schema, path);
  if (!node || !wanted) return [];
  if (isEmpty(node)) return fromEmpty(path, root, node);
  if (wanted.type === 'string' && isTextWithColon(node)) return [];
  return [
    keyword === 'type'
      ? invalidType(path, node, wanted)
      : invalidValue(path, node, wanted, keyword, schema.startsWith('istio/') ? istioVersion : undefined),
  ];
}

function isEmpty(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}

/** `[2001:db8::]`: a pair to YAML 1.2, text to kubectl (go.yaml.in/yaml/v2 scannerc.go yaml_parser_scan_plain_scalar). */
function isTextWithColon(node: YamlNode): boolean {
  if (node.kind !== 'map' || !node.flow || node.entries.length !== 1) return false;
  const { key, value } = node.entries[0]!;
  return isEmpty(value) && node.span.start === key.span.start && node.span.end <= key.span.end + 1;
}

/** Nulls in maps are pruned; in a list one is an item of the wrong type. It may have no text to point at. */
function fromEmpty(path: FieldPath, root: YamlMap, node: YamlNode): readonly SchemaFinding[] {
  if (typeof path.at(-1) !== 'number') return [];
  const listAt = path.findLastIndex((step) => typeof step === 'string');
  const key = entryOf(at(root, path.slice(0, listAt)), String(path[listAt]))?.key;
  const span = node.span.start < node.span.end ? node.span : (key?.span ?? node.span);
  return [
    finding('invalid-type', span, `\`${pathText(path)}\` is empty; a list must not have empty items.`, {
      path,
      wanted: 'object',
    }),
  ];
}
