// One fault, one finding: what only follows from another fault of the same object is left out.
import type { FieldPath } from '../base/field-path.ts';
import type { YamlEntry, YamlMap } from '../yaml/node.ts';
import { at } from '../yaml/read.ts';
import type { FindingOf, SchemaFinding } from './findings.ts';
import { pathText } from './value-wording.ts';

type Unknown = FindingOf<'unknown-field'>;

export function withoutConsequences(found: readonly SchemaFinding[], root: YamlMap): readonly SchemaFinding[] {
  return onePerPlace(withoutStarted(withoutMisspelt(withLostIndentation(found, root)), root));
}

/** What stands under an anchor is read wherever its alias is. */
function onePerPlace(found: readonly SchemaFinding[]): readonly SchemaFinding[] {
  const places = new Set<string>();
  return found.filter(({ rule, at: { start, end }, message }) => {
    const place = `${rule} ${start} ${end} ${rule === 'missing-field' ? message : ''}`;
    return !places.has(place) && places.add(place);
  });
}

/** A field that is missing because it was misspelt is reported at the misspelling. */
function withoutMisspelt(found: readonly SchemaFinding[]): readonly SchemaFinding[] {
  const likely = new Set(
    unknownIn(found).flatMap(({ data: { path, nearest } }) =>
      nearest === undefined ? [] : pathText([...path.slice(0, -1), nearest]),
    ),
  );
  return found.filter(
    (one) => one.rule !== 'missing-field' || !likely.has(pathText([...one.data.path, one.data.field])),
  );
}

/** An item of a list that has none of its fields yet is being typed: what else it needs is not told before it has one. */
function withoutStarted(found: readonly SchemaFinding[], root: YamlMap): readonly SchemaFinding[] {
  const unknown = new Set(unknownIn(found).map(({ data: { path } }) => pathText(path)));
  const isStarted = (path: FieldPath) => {
    const item = at(root, path);
    return (
      typeof path.at(-1) === 'number' &&
      item?.kind === 'map' &&
      item.entries.length > 0 &&
      item.entries.every(({ key }) => unknown.has(pathText([...path, String(key.value)])))
    );
  };
  return found.filter((one) => one.rule !== 'missing-field' || !isStarted(one.data.path));
}

/** `metadata:` with nothing in it and strangers right behind it: the lines that belong inside have lost their indentation. */
function withLostIndentation(found: readonly SchemaFinding[], root: YamlMap): readonly SchemaFinding[] {
  const unknown = unknownIn(found);
  const parents = new Map(unknown.map(({ data: { path } }) => [pathText(path.slice(0, -1)), path.slice(0, -1)]));
  let left = found;
  for (const parent of parents.values()) {
    const map = at(root, parent);
    const own = unknown.filter(({ data: { path } }) => pathText(path.slice(0, -1)) === pathText(parent));
    if (map?.kind === 'map') left = inMap(left, map, parent, own);
  }
  return left;
}

function inMap(
  found: readonly SchemaFinding[],
  map: YamlMap,
  parent: FieldPath,
  unknown: readonly Unknown[],
): readonly SchemaFinding[] {
  const isUnknown = ({ key }: YamlEntry) => unknown.some(({ data: { path } }) => path.at(-1) === String(key.value));
  const index = map.entries.findIndex(
    (entry, i) =>
      isEmptyBlock(entry) && !isUnknown(entry) && map.entries[i + 1] !== undefined && isUnknown(map.entries[i + 1]!),
  );
  const holder = map.entries[index];
  const first = unknown.find(({ data: { path } }) => path.at(-1) === String(map.entries[index + 1]?.key.value));
  if (!holder || !first || map.flow) return found;
  const name = String(holder.key.value);
  const behind = new Set(map.entries.slice(index + 2).map(({ key }) => String(key.value)));
  const message = `\`${String(first.data.path.at(-1))}\` is outside of \`${pathText([...parent, name])}\`, which is empty: indent this line.`;
  return found.flatMap((one): readonly SchemaFinding[] => {
    if (one === first) return [{ ...first, message, data: { ...first.data, nearest: undefined } }];
    if (one.rule === 'unknown-field' && unknown.includes(one) && behind.has(String(one.data.path.at(-1)))) return [];
    if (one.rule === 'missing-field' && pathText([...one.data.path, one.data.field]) === pathText([...parent, name]))
      return [];
    return [one];
  });
}

function isEmptyBlock({ value, merged }: YamlEntry): boolean {
  return !merged && value.kind === 'scalar' && value.value === null && value.span.start === value.span.end;
}

function unknownIn(found: readonly SchemaFinding[]): readonly Unknown[] {
  return found.filter((one): one is Unknown => one.rule === 'unknown-field');
}
