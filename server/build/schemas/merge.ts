// One structure out of those of all releases. A field is marked with the releases that have it; where bounds differ, the loosest
// hold, as a check that is unsure stays silent.
import { mapValues, type Structure } from './structure.ts';

export interface Release {
  /** Minor version, e.g. `1.28`. */
  readonly release: string;
  readonly channel: 'standard' | 'experimental';
  readonly structure: Structure;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** `all` is every release, oldest first. */
export function merge(all: readonly Release[]): Structure {
  const structures = all.map(({ structure }) => structure);
  const merged: Mutable<Structure> = { ...scalarsOf(structures), ...enumOf(all) };
  const required = structures.map((one) => one.required ?? []).reduce((a, b) => a.filter((name) => b.includes(name)));
  if (required.length > 0) merged.required = required;
  const properties = propertiesOf(all);
  if (properties) merged.properties = properties;
  const items = having(all, ({ items }) => items);
  if (items.length > 0) merged.items = merge(items);
  const maps = having(all, ({ additionalProperties }) =>
    typeof additionalProperties === 'boolean' ? {} : additionalProperties,
  );
  if (maps.length > 0)
    merged.additionalProperties = structures.some(({ additionalProperties }) => additionalProperties === true)
      ? true
      : merge(maps);
  return merged;
}

function having(all: readonly Release[], pick: (structure: Structure) => Structure | undefined): readonly Release[] {
  return all.flatMap((one) => {
    const structure = pick(one.structure);
    return structure ? [{ ...one, structure }] : [];
  });
}

function propertiesOf(all: readonly Release[]): Record<string, Structure> | undefined {
  const parents = all.filter(({ structure }) => structure.properties);
  const names = [...new Set(parents.flatMap(({ structure }) => Object.keys(structure.properties!)))].sort();
  if (parents.length === 0) return undefined;
  return Object.fromEntries(
    names.map((name) => {
      const found = having(parents, ({ properties }) => properties?.[name]);
      return [name, { ...marks(parents, found), ...merge(found) }];
    }),
  );
}

/** Which of the releases that have the parent have the field. */
function marks(parents: readonly Release[], found: readonly Release[]): Structure {
  const first = found[0]!.release;
  const last = found.at(-1)!.release;
  const newest = parents.at(-1)!.release;
  const standard = found.some(({ release, channel }) => release === newest && channel === 'standard');
  const kindIsStandard = parents.some(({ release, channel }) => release === newest && channel === 'standard');
  return {
    ...(first === parents[0]!.release ? {} : { 'x-since': first }),
    ...(last === newest ? {} : { 'x-until': last }),
    ...(last === newest && kindIsStandard && !standard ? { 'x-channel': 'experimental' as const } : {}),
  };
}

function enumOf(all: readonly Release[]): Structure {
  if (all.some(({ structure }) => !structure.enum)) return {};
  const values = [...new Set(all.flatMap(({ structure }) => structure.enum!))];
  const oldest = all[0]!.release;
  const since = values.map(
    (value) => [String(value), all.find(({ structure }) => structure.enum!.includes(value))!.release] as const,
  );
  const later = since.filter(([, release]) => release !== oldest);
  return { enum: values, ...(later.length > 0 ? { 'x-values': Object.fromEntries(later) } : {}) };
}

const lowerBounds = ['minimum', 'minLength', 'minItems', 'minProperties'] as const;
const upperBounds = ['maximum', 'maxLength', 'maxItems', 'maxProperties'] as const;
const flags = ['nullable', 'x-kubernetes-int-or-string', 'x-kubernetes-preserve-unknown-fields'] as const;

function scalarsOf(structures: readonly Structure[]): Structure {
  const types = new Set(structures.map(({ type }) => type));
  if (types.size > 1) throw new Error(`a field changed its type (${[...types].join(', ')}): decide what becomes of it`);
  const newest = structures.at(-1)!;
  const merged: Mutable<Structure> = {};
  if (newest.type !== undefined) merged.type = newest.type;
  if (newest.default !== undefined) merged.default = newest.default;
  for (const keyword of ['format', 'pattern'] as const) {
    const value = newest[keyword];
    if (value !== undefined && structures.every((one) => one[keyword] === value)) merged[keyword] = value;
  }
  for (const keyword of lowerBounds) setBound(merged, keyword, structures, Math.min);
  for (const keyword of upperBounds) setBound(merged, keyword, structures, Math.max);
  for (const keyword of flags) if (structures.some((one) => one[keyword])) merged[keyword] = true;
  return merged;
}

function setBound(
  merged: Mutable<Structure>,
  keyword: (typeof lowerBounds | typeof upperBounds)[number],
  structures: readonly Structure[],
  loosest: (...values: number[]) => number,
): void {
  const values = structures.flatMap((one) => one[keyword] ?? []);
  if (values.length === structures.length) merged[keyword] = loosest(...values);
}

/** The structure without any mark, to compare by. */
export function unmarked(structure: Structure): Structure {
  const { 'x-since': _since, 'x-until': _until, 'x-channel': _channel, 'x-values': _values, ...rest } = structure;
  return {
    ...rest,
    ...(rest.properties ? { properties: mapValues(rest.properties, unmarked) } : {}),
    ...(rest.items ? { items: unmarked(rest.items) } : {}),
    ...(typeof rest.additionalProperties === 'object'
      ? { additionalProperties: unmarked(rest.additionalProperties) }
      : {}),
  };
}
