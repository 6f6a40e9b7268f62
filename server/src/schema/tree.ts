// The schemas as trees that can be walked along a field's path. Read on first use; they never change.
import type { FieldPath } from '../base/field-path.ts';
import type { SchemaNode } from './schema-node.ts';
import { schemaTexts } from './texts.gen.ts';

interface SchemaFile extends SchemaNode {
  readonly $defs?: Readonly<Record<string, SchemaNode>>;
}

const read = new Map<string, SchemaFile>();

function schemaFile(schema: string): SchemaFile {
  let file = read.get(schema);
  if (!file) read.set(schema, (file = JSON.parse(schemaTexts[schema] ?? '{}') as SchemaFile));
  return file;
}

/** The part of a schema that a path leads to; undefined if the schema has no such field. An item may be a number or a name. */
export function schemaAt(schema: string, path: FieldPath): SchemaNode | undefined {
  const file = schemaFile(schema);
  let here: SchemaNode | undefined = file;
  for (const step of path) {
    here = here && stepInto(here, step, file);
    if (!here) return undefined;
  }
  return here;
}

/** The fields of the map that a path leads to, by name; empty where there are none to name. */
export function fieldsOf(schema: string, path: FieldPath): Readonly<Record<string, SchemaNode>> {
  const file = schemaFile(schema);
  const fields = schemaAt(schema, path)?.properties ?? {};
  return Object.fromEntries(Object.entries(fields).map(([name, node]) => [name, resolve(node, file)]));
}

function stepInto(node: SchemaNode, step: string | number, file: SchemaFile): SchemaNode | undefined {
  if (typeof step === 'number') return node.items && resolve(node.items, file);
  const field = node.properties && Object.hasOwn(node.properties, step) ? node.properties[step] : undefined;
  if (field) return resolve(field, file);
  return typeof node.additionalProperties === 'object' ? resolve(node.additionalProperties, file) : undefined;
}

/** Marks are siblings of the reference, because they belong to the field. */
function resolve(node: SchemaNode, file: SchemaFile): SchemaNode {
  if (node.$ref === undefined) return node;
  const { $ref, ...marks } = node;
  return { ...file.$defs?.[$ref.replace('#/$defs/', '')], ...marks };
}
