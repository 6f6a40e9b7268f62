// From a CRD's schema to its bare structure: types, enums, bounds, required fields, formats. Prose, CEL and the cross-field forms
// (oneOf, not, allOf, list keys) are left behind, but for the CEL that is no more than a bound of one value.
import type { SchemaPart } from '../../src/schema/schema-node.ts';

/** A node of a CRD's `openAPIV3Schema`. */
export type OpenApiSchema = Readonly<Record<string, unknown>>;

/** A node of our schemas. An object with `properties` takes no other fields unless it says so. */
export interface Structure extends SchemaPart<Structure> {
  readonly type?: string;
  readonly nullable?: true;
  readonly additionalProperties?: Structure | boolean;
}

/** Keywords that bound one value. */
export const boundKeywords = [
  'enum',
  'pattern',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
] as const;

const plainKeywords: ReadonlySet<string> = new Set([
  'type',
  'format',
  ...boundKeywords,
  'nullable',
  'x-kubernetes-int-or-string',
  'x-kubernetes-preserve-unknown-fields',
]);
const leftBehind = new Set([
  'description',
  'x-kubernetes-validations',
  'oneOf',
  'anyOf',
  'not',
  'allOf',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-map-type',
]);
/** Formats that say nothing about the value's shape which the API server would hold it to. */
const openFormats = new Set(['binary', 'byte', 'double', 'int64']);

export function structureOf(schema: OpenApiSchema): Structure {
  const structure: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (leftBehind.has(keyword)) continue;
    const kept = keep(keyword, value, schema);
    if (kept !== undefined) structure[keyword] = kept;
  }
  return { ...structure, ...boundsOf(schema) };
}

/** The two CEL forms that bound a single value: the ports of Istio's kinds, and its durations (Go's notation, of at least 1ms). */
function boundsOf({ 'x-kubernetes-validations': rules }: OpenApiSchema): Structure {
  const texts = ((rules ?? []) as readonly { readonly rule: string }[]).map(({ rule }) => rule.replaceAll(/\s+/g, ''));
  if (texts.includes('0<self&&self<=65535')) return { minimum: 1, maximum: 65535 };
  return texts.includes("duration(self)>=duration('1ms')") ? { format: 'duration' } : {};
}

function keep(keyword: string, value: unknown, schema: OpenApiSchema): unknown {
  if (keyword === 'format') return openFormats.has(String(value)) ? undefined : value;
  if (plainKeywords.has(keyword)) return value;
  if (keyword === 'default') return typeof value === 'object' ? undefined : value;
  if (keyword === 'required') return requiredOf(schema);
  if (keyword === 'items') return structureOf(value as OpenApiSchema);
  if (keyword === 'additionalProperties') return value === true ? true : structureOf(value as OpenApiSchema);
  if (keyword === 'properties') return mapValues(value as Record<string, OpenApiSchema>, structureOf);
  throw new Error(`a CRD uses the keyword ${keyword}: decide what becomes of it`);
}

/** A field with a default is filled in before the API server looks at what is required. */
function requiredOf({ required, properties }: OpenApiSchema): readonly string[] | undefined {
  const fields = (properties ?? {}) as Record<string, OpenApiSchema>;
  const open = (required as string[]).filter((name) => fields[name]?.['default'] === undefined);
  return open.length > 0 ? open : undefined;
}

export function mapValues<A, B>(
  record: Readonly<Record<string, A>>,
  change: (value: A, key: string) => B,
): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}
