// Mutants of valid objects, made by fast-check from a seed: one object, and one to three small changes at chosen places.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { schemaName } from '../../server/src/schema/catalogue.ts';
import { fieldsOf, schemaAt } from '../../server/src/schema/tree.ts';
import type { SchemaNode } from '../../server/src/schema/schema-node.ts';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export interface Mutant {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Json;
  readonly spec: Json;
}

type Step = string | number;
interface Spot {
  readonly holder: Json[] | { [key: string]: Json };
  readonly key: Step;
  readonly path: readonly Step[];
}

const originals = parseAllDocuments(readFileSync(path.join(import.meta.dirname, 'resources.yaml'), 'utf8')).map(
  (document) => document.toJS() as Mutant,
);

const changes = [
  'drop',
  'add',
  'stranger',
  'retype',
  'misspell',
  'reorder',
  'boundary',
  'boundary',
  'transplant',
  'repeat',
  'empty',
] as const;
interface Change {
  readonly kind: (typeof changes)[number];
  readonly at: number;
  readonly value: number;
}

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom(...changes),
  at: fc.nat(1_000_003),
  value: fc.nat(1_000_003),
});

/** Shrinks to fewer and earlier changes. Without bias, which would choose the first objects and places far more often. */
export const mutant: fc.Arbitrary<Mutant> = fc
  .noBias(fc.tuple(fc.nat(originals.length - 1), fc.array(change, { minLength: 1, maxLength: 3 }), fc.boolean()))
  .map(([original, list, several]) => mutated(originals[original]!, several ? list : list.slice(0, 1)));

export function mutants(seed: number, count: number): readonly Mutant[] {
  return fc.sample(mutant, { seed, numRuns: count });
}

export function unchanged(): readonly Mutant[] {
  return originals;
}

function mutated(original: Mutant, list: readonly Change[]): Mutant {
  const copy = structuredClone(original) as Mutant & { [key: string]: Json };
  for (const one of list) apply(copy, one);
  return copy;
}

function apply(object: Mutant & { [key: string]: Json }, { kind, at, value }: Change): void {
  const spots = [...spotsOf(object.spec, ['spec'])];
  const spot = spots[at % Math.max(1, spots.length)];
  if (!spot) return;
  const { holder, key } = spot;
  const old = valueAt(spot);
  const schema = schemaName(object.apiVersion, object.kind) ?? '';
  switch (kind) {
    case 'drop':
      return remove(spot);
    case 'add':
      return add(spot, schema, value);
    case 'stranger':
      return put(
        Array.isArray(holder) ? {} : holder,
        pick(['extra', 'spec', 'x-y', 'kind'], value),
        pick<Json>([null, 1, 'a', {}], value >> 2),
      );
    case 'retype':
      return put(
        holder,
        key,
        pick<Json>([5, '5', true, [], {}, 'x', -1, 1.5, [old], { [String(key)]: old }, null], value),
      );
    case 'misspell':
      return misspell(spot, value);
    case 'reorder':
      return put(holder, key, reversed(old));
    case 'boundary':
      return put(holder, key, boundary(old, schemaAt(schema, spot.path), value));
    case 'transplant':
      return transplant(object, spot, value);
    case 'repeat':
      return repeat(spot, value);
    case 'empty':
      return put(holder, key, emptyLike(old));
  }
}

function reversed(old: Json): Json {
  if (Array.isArray(old)) return old.toReversed();
  return isMap(old) ? Object.fromEntries(Object.entries(old).toReversed()) : old;
}

function repeat(spot: Spot, value: number): void {
  const old = valueAt(spot);
  if (Array.isArray(old) && old.length > 0)
    put(spot.holder, spot.key, [...old, structuredClone(old[value % old.length]!)]);
}

function emptyLike(old: Json): Json {
  if (Array.isArray(old)) return [];
  if (isMap(old)) return {};
  return typeof old === 'string' ? '' : 0;
}

function* spotsOf(node: Json, at: readonly Step[]): Generator<Spot> {
  if (node === null || typeof node !== 'object') return;
  const holder = node;
  for (const key of Array.isArray(holder) ? holder.keys() : Object.keys(holder)) {
    const spot = { holder, key, path: [...at, key] };
    yield spot;
    yield* spotsOf(valueAt(spot), spot.path);
  }
}

function valueAt({ holder, key }: Spot): Json {
  return (holder as { [key: Step]: Json })[key] ?? null;
}

function put(holder: Json[] | { [key: string]: Json }, key: Step, value: Json): void {
  (holder as { [key: Step]: Json })[key] = value;
}

function remove({ holder, key }: Spot): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
}

function misspell({ holder, key }: Spot, value: number): void {
  if (Array.isArray(holder)) return;
  const name = String(key);
  const old = holder[name]!;
  delete holder[name];
  holder[
    pick(
      [
        `${name}s`,
        name.slice(1) || 'x',
        name.toUpperCase(),
        `${name}_`,
        name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      ],
      value,
    )
  ] = old;
}

/** The map at a spot, or the one around it. */
function extendable(spot: Spot): { readonly map: { [key: string]: Json }; readonly at: readonly Step[] } | undefined {
  const own = valueAt(spot);
  if (isMap(own)) return { map: own, at: spot.path };
  return Array.isArray(spot.holder) ? undefined : { map: spot.holder, at: spot.path.slice(0, -1) };
}

/** A field that the map could have and does not, with a value that fits or nearly does. */
function add(spot: Spot, schema: string, value: number): void {
  const place = extendable(spot);
  if (!place) return;
  const { map, at } = place;
  const absent = namesOf(schema, at).filter((name) => !Object.hasOwn(map, name));
  const name = absent[value % Math.max(1, absent.length)];
  if (name !== undefined) map[name] = fitting(schema, [...at, name], value >> 3, 0);
}

/** What only older releases have is not in the definitions that are asked. */
function namesOf(schema: string, at: readonly Step[]): readonly string[] {
  return Object.entries(fieldsOf(schema, at)).flatMap(([name, node]) => (node['x-until'] === undefined ? [name] : []));
}

function fitting(schema: string, at: readonly Step[], value: number, depth: number): Json {
  const node = schemaAt(schema, at);
  if (node?.enum) return pick<Json>(node.enum, value);
  if (node?.type === 'array') return [fitting(schema, [...at, 0], value, depth + 1)];
  if (node?.type === 'object') {
    const fields = namesOf(schema, at);
    const wanted = new Set([...(node.required ?? []), ...(fields.length > 0 ? [pick(fields, value)] : [])]);
    return depth > 4
      ? {}
      : Object.fromEntries([...wanted].map((name) => [name, fitting(schema, [...at, name], value >> 1, depth + 1)]));
  }
  const plain = node?.type === 'boolean' ? true : 1;
  return boundary(node?.type === 'string' ? 'a' : plain, node, value);
}

const durations = ['0s', '1us', '1ms', '1.5ms', '10s', '-1s', '1h', '999us', '1d', ''];
const words = [
  'a',
  'a.example.com',
  '*.example.com',
  '*',
  '',
  'a_b',
  '10.0.0.1',
  '10.0.0.0/8',
  '::1',
  'unix:///a',
  'TCP',
  'HTTPS',
  '80',
  'default',
  '.',
  '~',
  '*a.example.com',
  '/a',
  '/a//b',
  'a b',
  'a/b',
  'ns/a.example.com',
  'x'.repeat(300),
  'A.Example.com',
  '1',
  'none',
  '65536',
  '{*}',
  '/a/{**}',
  '%',
  'http',
  '5xx',
];

function boundary(old: Json, node: SchemaNode | undefined, value: number): Json {
  if (node?.enum) return pick<Json>([...node.enum, String(node.enum[0]).toLowerCase(), ''], value);
  if (node?.format === 'duration') return pick(durations, value);
  if (typeof old === 'number') return pick(numbersNear(node), value);
  if (typeof old === 'string') return pick(/^\d+m?s$/.test(old) ? durations : words, value);
  return typeof old === 'boolean' ? !old : old;
}

function numbersNear(node: SchemaNode | undefined): readonly number[] {
  const [least, most] = [node?.minimum ?? 0, node?.maximum ?? 4];
  return [0, 1, -1, 2, 100, 101, 65535, 65536, 2147483647, 2147483648, least, least - 1, most, most + 1, 0.5];
}

/** What another object of the kind has there, or what stands elsewhere in this one under the same name. */
function transplant(object: Mutant, spot: Spot, value: number): void {
  const others = originals.filter(({ kind, apiVersion }) => kind === object.kind && apiVersion === object.apiVersion);
  const name = spot.path.findLast((step) => typeof step === 'string');
  const found = [...spotsOf(pick(others, value).spec, ['spec'])].filter(
    (other) => other.path.findLast((step) => typeof step === 'string') === name && typeof other.key === typeof spot.key,
  );
  const parents = [...spotsOf(pick(others, value).spec, ['spec'])].filter((other) =>
    sameKind(other.path.slice(0, -1), spot.path.slice(0, -1)),
  );
  const chosen =
    (value & 8) === 0 && found.length > 0
      ? pick(found, value >> 4)
      : parents[(value >> 4) % Math.max(1, parents.length)];
  if (chosen) put(spot.holder, Array.isArray(spot.holder) ? spot.key : chosen.key, structuredClone(valueAt(chosen)));
}

function sameKind(a: readonly Step[], b: readonly Step[]): boolean {
  return (
    a.length === b.length &&
    a.every((step, i) => step === b[i] || (typeof step === 'number' && typeof b[i] === 'number'))
  );
}

function isMap(value: Json): value is { [key: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function pick<T>(list: readonly T[], value: number): T {
  return list[value % list.length]!;
}
