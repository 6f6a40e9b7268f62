// Writes a structure as a JSON Schema document in which a part that occurs more than once stands once, under `$defs`.
import type { Structure } from './structure.ts';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type Schema = { [key: string]: Json };

/** A part shorter than `worthSharing` is written out each time: a reference would not be shorter. */
export function share(structure: Structure, worthSharing = 120): Schema {
  const uses = new Map<string, { count: number; name: string }>();
  countUses(structure, 'spec', uses);
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const [text, { count, name }] of uses) {
    if (count < 2 || text.length < worthSharing) continue;
    names.set(text, freeName(name, taken));
  }
  const definitions: Schema = {};
  const root = write(structure, names, definitions);
  return Object.keys(definitions).length > 0 ? { ...root, $defs: sorted(definitions) } : root;
}

/** Counts each part once per distinct part around it: what only repeats inside a shared part needs no name of its own. */
function countUses(structure: Structure, name: string, uses: Map<string, { count: number; name: string }>): void {
  for (const [child, part] of partsOf(structure, name)) {
    const text = JSON.stringify(bare(part));
    const known = uses.get(text);
    if (known) {
      known.count++;
      continue;
    }
    uses.set(text, { count: 1, name: child });
    countUses(part, child, uses);
  }
}

function partsOf(structure: Structure, name: string): readonly (readonly [string, Structure])[] {
  const { properties = {}, items, additionalProperties } = structure;
  return [
    ...Object.entries(properties),
    ...(items ? [[name, items] as const] : []),
    ...(typeof additionalProperties === 'object' ? [[name, additionalProperties] as const] : []),
  ];
}

/** Marks belong to the field, not to the part that it shares with others. */
function bare(structure: Structure): Structure {
  const { 'x-since': _since, 'x-until': _until, 'x-channel': _channel, ...rest } = structure;
  return rest;
}

function marksOf(structure: Structure): Schema {
  const marks: Schema = {};
  for (const mark of ['x-since', 'x-until', 'x-channel'] as const) {
    const value = structure[mark];
    if (value !== undefined) marks[mark] = value;
  }
  return marks;
}

function write(structure: Structure, names: ReadonlyMap<string, string>, definitions: Schema): Schema {
  const text = JSON.stringify(bare(structure));
  const name = names.get(text);
  if (name === undefined) return writeOut(structure, names, definitions);
  if (!Object.hasOwn(definitions, name)) {
    definitions[name] = {};
    definitions[name] = writeOut(bare(structure), names, definitions);
  }
  return { $ref: `#/$defs/${name}`, ...marksOf(structure) };
}

function writeOut(structure: Structure, names: ReadonlyMap<string, string>, definitions: Schema): Schema {
  const { properties, items, additionalProperties, ...rest } = structure;
  const schema = { ...rest } as Schema;
  if (items) schema['items'] = write(items, names, definitions);
  if (typeof additionalProperties === 'object')
    schema['additionalProperties'] = write(additionalProperties, names, definitions);
  else if (additionalProperties !== undefined) schema['additionalProperties'] = additionalProperties;
  if (properties)
    schema['properties'] = Object.fromEntries(
      Object.entries(properties).map(([key, part]) => [key, write(part, names, definitions)]),
    );
  return schema;
}

function freeName(wanted: string, taken: Set<string>): string {
  const name = wanted.replaceAll(/\W/g, '_');
  let free = name;
  for (let n = 2; taken.has(free); n++) free = `${name}${n}`;
  taken.add(free);
  return free;
}

function sorted(definitions: Schema): Schema {
  return Object.fromEntries(Object.entries(definitions).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** JSON on as few lines as stay readable: what fits into a line stands on one. */
export function print(value: Json, indent = '', width = 160): string {
  const flat = JSON.stringify(value);
  if (typeof value !== 'object' || value === null || flat.length + indent.length <= width) return flat;
  const deeper = `${indent} `;
  const isList = Array.isArray(value);
  const parts = isList
    ? value.map((item: Json) => deeper + print(item, deeper, width))
    : Object.entries(value).map(
        ([key, item]) => `${deeper}${JSON.stringify(key)}:${print(item as Json, deeper, width)}`,
      );
  return `${isList ? '[' : '{'}\n${parts.join(',\n')}\n${indent}${isList ? ']' : '}'}`;
}
