// One fault, one finding: what only follows from another fault of the same object is left out.
import type { FieldPath } from '../base/field-path.ts';
import { groupBy } from '../base/group-by.ts';
import type { YamlEntry, YamlMap } from '../yaml/node.ts';
import { at } from '../yaml/read.ts';
import type { FindingOf, SchemaFinding } from './findings.ts';
import { pathText } from './value-wording.ts';

type Unknown = FindingOf<'unknown-field'>;

export function withoutConsequences(found: readonly SchemaFinding[], root: YamlMap): readonly SchemaFinding[] {
  return found.length === 0
    ? found
    : onePerPlace(withoutStarted(withoutMisspelt(withLostIndentation(found, root)), root));
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
  const told = new Map<SchemaFinding, SchemaFinding>();
  const consequences = new Set<SchemaFinding>();
  const filled = new Set<string>();
  const byParent = groupBy(unknownIn(found), ({ data: { path } }) => pathText(path.slice(0, -1)));
  for (const own of byParent.values()) {
    const parent = own[0].data.path.slice(0, -1);
    const map = at(root, parent);
    const lost = map?.kind === 'map' ? lostIn(map, own) : undefined;
    if (!lost) continue;
    const { first, holder, behind } = lost;
    const empty = pathText([...parent, holder]);
    const message = `\`${nameIn(first)}\` is outside of \`${empty}\`, which is empty: indent this line.`;
    told.set(first, { ...first, message, data: { ...first.data, nearest: undefined } });
    for (const one of behind) consequences.add(one);
    filled.add(empty);
  }
  if (told.size === 0) return found;
  return found.flatMap((one): readonly SchemaFinding[] => {
    const isFilled = one.rule === 'missing-field' && filled.has(pathText([...one.data.path, one.data.field]));
    return consequences.has(one) || isFilled ? [] : [told.get(one) ?? one];
  });
}

interface Lost {
  /** The first line that lost its indentation. */
  readonly first: Unknown;
  /** The name of the field that it belongs to. */
  readonly holder: string;
  /** The lines behind it, whatever they belong to. */
  readonly behind: readonly Unknown[];
}

function lostIn(map: YamlMap, unknown: readonly Unknown[]): Lost | undefined {
  const byName = new Map(unknown.toReversed().map((one) => [nameIn(one), one]));
  const unknownOf = (entry: YamlEntry | undefined) => entry && byName.get(String(entry.key.value));
  const index = map.entries.findIndex(
    (entry, i) => isEmptyBlock(entry) && !unknownOf(entry) && unknownOf(map.entries[i + 1]),
  );
  const holder = map.entries[index];
  const first = unknownOf(map.entries[index + 1]);
  if (!holder || !first || map.flow) return undefined;
  const behind = new Set(map.entries.slice(index + 2).map(({ key }) => String(key.value)));
  return {
    first,
    holder: String(holder.key.value),
    behind: unknown.filter((one) => one !== first && behind.has(nameIn(one))),
  };
}

function nameIn({ data: { path } }: Unknown): string {
  return String(path.at(-1));
}

function isEmptyBlock({ value, merged }: YamlEntry): boolean {
  return !merged && value.kind === 'scalar' && value.value === null && value.span.start === value.span.end;
}

function unknownIn(found: readonly SchemaFinding[]): readonly Unknown[] {
  return found.filter((one): one is Unknown => one.rule === 'unknown-field');
}
