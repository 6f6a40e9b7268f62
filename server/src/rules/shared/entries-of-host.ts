// Which other ServiceEntries of one host a rule tells of: of N entries of one host, each would else be compared with each.
import { scopeOf } from '../../mesh/hosts/visibility.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import { byNamespaceAndName, entriesBeside, type AlikeEntries, type EntriesOfHost } from './alike-entries.ts';
import { isIntendedForAmbient } from './intent.ts';

type Entry = Resource<'ServiceEntry'>;

/** Some of the entries that a question is about, the first in the order of the mesh, and how many they all are. */
export interface OtherEntries {
  readonly shown: readonly Entry[];
  readonly count: number;
}

/** Asked of one of many that are alike. */
type Holds = (other: Entry) => boolean;

/**
 * The first in the order of the mesh that stands before the entry by namespace and name. Of two of which namespaces decide who sees them, or of
 * one such and one that all see, those of sidecars are asked about only where some namespace sees both by name: `choiceBySidecars` finds no
 * other pair between which age decides.
 */
export function firstBefore(mesh: Mesh, entry: Entry, host: string, holds: Holds): Entry | undefined {
  const { groups, order } = entriesBeside(mesh, entry, host);
  const own = keyOf(entry);
  const isBefore = (other: Entry) => keyOf(other) < own;
  const found = groups.flatMap((group): readonly Entry[] => {
    const here = group.byNamespace.get(entry.namespace) ?? [];
    const isAlone = group.members.length === here.length;
    const isAlike = group.scope !== 'scoped' || isIntendedForAmbient(mesh, entry);
    // Without a first name before its own there is none, and nothing to look through.
    const isFirst = here[0] === undefined || here[0].name >= entry.name;
    const beside = isAlone ? group.members : inOrder(here, order);
    const inside = isFirst ? [] : firstWith(beside, { isMeant: () => true, isBefore, isAlike, holds });
    const isMeant = (other: Entry) => other.namespace !== entry.namespace;
    const outside = isAlone ? [] : listsToAsk(mesh, group, entry, isAlike);
    return [...inside, ...outside.flatMap((list) => firstWith(list, { isMeant, isBefore, isAlike, holds }))];
  });
  return found.reduce<Entry | undefined>(
    (first, other) => (first && order.get(first.id)! <= order.get(other.id)! ? first : other),
    undefined,
  );
}

/** Those of the entry's namespace with an earlier name. */
export function earlierBeside(mesh: Mesh, entry: Entry, host: string, holds: Holds, most: number): OtherEntries {
  const found = entriesBeside(mesh, entry, host);
  return joined(
    found,
    found.groups.map(({ byNamespace }) => {
      const here = byNamespace.get(entry.namespace) ?? [];
      const count = countBefore(here, (other) => other.name < entry.name);
      return count > 0 && holds(here[0]!) ? { shown: here.slice(0, Math.min(count, most)), count } : nobody;
    }),
    most,
  );
}

/**
 * Those of earlier namespaces, as one list for each group of entries that are alike and share the entry's waypoint or not. Of those that are not
 * for ambient clients, one must be exported to the namespace of the other.
 */
export function earlierElsewhere(
  mesh: Mesh,
  entry: Entry,
  host: string,
  holds: Holds,
  most: number,
): readonly OtherEntries[] {
  const found = entriesBeside(mesh, entry, host);
  return found.groups.flatMap((group) =>
    elsewhere(found, group, { entry, exported: exportedBetween(mesh, group, entry) }, holds, most)
      .filter(({ count }) => count > 0)
      .map(({ shown, count }) => ({ shown: inOrder(shown, found.order), count })),
  );
}

const nobody: OtherEntries = { shown: [], count: 0 };

/**
 * Those of the group that see the entry's namespace or are seen by it, where that is not all of them: ambient clients do not look at `exportTo`.
 * Looked up, as each of thousands can be seen by its own namespace alone.
 */
function exportedBetween(mesh: Mesh, group: AlikeEntries, entry: Entry): readonly Entry[] | undefined {
  const scope = scopeOf(mesh, entry);
  if (isIntendedForAmbient(mesh, entry) || scope === 'everywhere' || group.scope === 'everywhere') return undefined;
  const seeing = [...(scope === 'nowhere' ? [] : scope)].flatMap((namespace) => group.byNamespace.get(namespace) ?? []);
  return [...new Set([...seeing, ...(group.bySeer.get(entry.namespace) ?? [])])];
}

/** Those that share the entry's waypoint, and the others. */
function elsewhere(
  { waypoints }: EntriesOfHost,
  group: AlikeEntries,
  { entry, exported }: { readonly entry: Entry; readonly exported: readonly Entry[] | undefined },
  holds: Holds,
  most: number,
): readonly OtherEntries[] {
  const own = waypoints.get(entry.id);
  const isShared = ({ id }: Entry) => own !== undefined && waypoints.get(id) === own;
  const isEarlier = ({ namespace }: Entry) => namespace < entry.namespace;
  if (exported) {
    const meant = exported.filter((other) => isEarlier(other) && holds(other)).toSorted(byNamespaceAndName);
    const shared = meant.filter(isShared);
    const apart = meant.filter((other) => !isShared(other));
    return [shared, apart].map((list) => ({ shown: list.slice(0, most), count: list.length }));
  }
  const all = countBefore(group.sorted, isEarlier);
  if (all === 0 || !holds(group.sorted[0]!)) return [];
  const sharers = (own === undefined ? undefined : group.byWaypoint.get(own)) ?? [];
  const count = countBefore(sharers, isEarlier);
  return [
    { shown: sharers.slice(0, Math.min(count, most)), count },
    { shown: firstOf(group.sorted, Math.min(all - count, most), (other) => !isShared(other)), count: all - count },
  ];
}

function firstOf(sorted: readonly Entry[], count: number, isMeant: Holds): readonly Entry[] {
  const found: Entry[] = [];
  for (let i = 0; found.length < count; i++) if (isMeant(sorted[i]!)) found.push(sorted[i]!);
  return found;
}

/** Members of the group in which the first of another namespace is looked for, each list in the order of the mesh. */
function listsToAsk(mesh: Mesh, group: AlikeEntries, entry: Entry, isAlike: boolean): readonly (readonly Entry[])[] {
  if (isAlike) return [group.members];
  const scope = scopeOf(mesh, entry);
  return typeof scope === 'string' ? [] : [...scope].map((namespace) => group.bySeer.get(namespace) ?? []);
}

interface Search {
  readonly isMeant: Holds;
  readonly isBefore: Holds;
  /** One answer stands for all that are meant. */
  readonly isAlike: boolean;
  readonly holds: Holds;
}

function firstWith(members: readonly Entry[], { isMeant, isBefore, isAlike, holds }: Search): readonly Entry[] {
  const any = members.find(isMeant);
  if (!any || (isAlike && !holds(any))) return [];
  const found = members.find((other) => isMeant(other) && isBefore(other) && (isAlike || holds(other)));
  return found ? [found] : [];
}

function joined({ order }: EntriesOfHost, lists: readonly OtherEntries[], most: number): OtherEntries {
  const shown = inOrder(
    lists.flatMap((list) => list.shown),
    order,
  );
  return { shown: shown.slice(0, most), count: lists.reduce((sum, { count }) => sum + count, 0) };
}

function inOrder(entries: readonly Entry[], order: EntriesOfHost['order']): readonly Entry[] {
  return entries.toSorted((a, b) => order.get(a.id)! - order.get(b.id)!);
}

function countBefore(sorted: readonly Entry[], isBefore: Holds): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (isBefore(sorted[middle]!)) from = middle + 1;
    else to = middle;
  }
  return from;
}

function keyOf({ namespace, name }: Entry): string {
  return `${namespace}/${name}`;
}
