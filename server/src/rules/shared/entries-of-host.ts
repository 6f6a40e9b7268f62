// ServiceEntries of one host, put together where they are alike in all that rules compare: of N entries of one host, each would else be
// compared with each.
import { compareText } from '../../base/compare.ts';
import { addToGroup, groupBy } from '../../base/group-by.ts';
import { drained, eachInSteps, mapInSteps } from '../../base/steps.ts';
import { virtualAddress } from '../../mesh/hosts/virtual-address.ts';
import { scopeOf, visibilityOf } from '../../mesh/hosts/visibility.ts';
import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import { normalizeHost } from '../../names/hosts.ts';
import { protocolKind } from '../../names/protocols.ts';
import { isIntendedForAmbient } from './intent.ts';

type Entry = Resource<'ServiceEntry'>;

interface AlikeEntries {
  /** In the order of the mesh. */
  readonly members: readonly Entry[];
  /** Whether namespaces decide who sees them. */
  readonly isScoped: boolean;
  /** By namespace, then by name. */
  readonly sorted: readonly Entry[];
  /** The same of each namespace. */
  readonly byNamespace: ReadonlyMap<string, readonly Entry[]>;
  /** The same of each waypoint that they are bound to. */
  readonly byWaypoint: ReadonlyMap<string, readonly Entry[]>;
}

interface EntriesOfHost {
  readonly groups: readonly AlikeEntries[];
  /** The place of each entry in the order of the mesh. */
  readonly order: ReadonlyMap<number, number>;
  /** The waypoint that each is bound to. */
  readonly waypoints: ReadonlyMap<number, string>;
}

/** Some of the entries that a question is about, the first in the order of the mesh, and how many they all are. */
export interface OtherEntries {
  readonly shown: readonly Entry[];
  readonly count: number;
}

/** Asked of one of many that are alike. */
type Holds = (other: Entry) => boolean;

/** The first in the order of the mesh that stands before the entry by namespace and name. */
export function firstBefore(mesh: Mesh, entry: Entry, host: string, holds: Holds): Entry | undefined {
  const { groups, order } = entriesBeside(mesh, entry, host);
  const own = keyOf(entry);
  const found = groups.flatMap((group): readonly Entry[] => {
    const here = group.byNamespace.get(entry.namespace) ?? [];
    // Without a first name before its own there is none, and nothing to look through.
    const isFirst = here[0] === undefined || here[0].name >= entry.name;
    const isAlone = group.members.length === here.length;
    const inside = isFirst
      ? []
      : firstWith(group, (other) => other.namespace === entry.namespace && keyOf(other) < own, holds);
    const outside = isAlone
      ? []
      : firstWith(group, (other) => other.namespace !== entry.namespace && keyOf(other) < own, holds);
    return [...inside, ...outside];
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

/** Those of earlier namespaces, as one list for each group of entries that are alike and share the entry's waypoint or not. */
export function earlierElsewhere(
  mesh: Mesh,
  entry: Entry,
  host: string,
  holds: Holds,
  most: number,
): readonly OtherEntries[] {
  const found = entriesBeside(mesh, entry, host);
  return found.groups.flatMap((group) =>
    elsewhere(found, group, entry, holds, most)
      .filter(({ count }) => count > 0)
      .map(({ shown, count }) => ({ shown: inOrder(shown, found.order), count })),
  );
}

const nobody: OtherEntries = { shown: [], count: 0 };

/** Those that share the entry's waypoint, and the others. */
function elsewhere(
  { waypoints }: EntriesOfHost,
  group: AlikeEntries,
  entry: Entry,
  holds: Holds,
  most: number,
): readonly OtherEntries[] {
  const own = waypoints.get(entry.id);
  const isShared = ({ id }: Entry) => own !== undefined && waypoints.get(id) === own;
  const isEarlier = ({ namespace }: Entry) => namespace < entry.namespace;
  if (group.isScoped) {
    const meant = group.sorted.slice(0, countBefore(group.sorted, isEarlier)).filter(holds);
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

/** One answer stands for all of a group that are not scoped. */
function firstWith(group: AlikeEntries, isCandidate: Holds, holds: Holds): readonly Entry[] {
  const found = group.isScoped
    ? group.members.find((other) => isCandidate(other) && holds(other))
    : group.members.find(isCandidate);
  return found && holds(found) ? [found] : [];
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

const noneBeside: EntriesOfHost = { groups: [], order: new Map(), waypoints: new Map() };

/** Most hosts have one entry, of which only that is kept. */
function entriesBeside(mesh: Mesh, entry: Entry, host: string): EntriesOfHost {
  const known = entriesOfHost(mesh, host);
  if (!('only' in known)) return known;
  return known.only.id === entry.id ? noneBeside : together(mesh, [known.only], host);
}

function entriesOfHost(mesh: Mesh, host: string): EntriesOfHost | { readonly only: Entry } {
  return mesh.derivedInSteps(`entries alike ${normalizeHost(host)}`, (view) => entriesInSteps(view, host));
}

function* entriesInSteps(mesh: Mesh, host: string): Generator<undefined, EntriesOfHost | { readonly only: Entry }> {
  const entries = mesh.hostOwners(host).flatMap(({ resource }) => (resource.kind === 'ServiceEntry' ? [resource] : []));
  return entries.length === 1 ? { only: entries[0]! } : yield* togetherInSteps(mesh, entries, host);
}

function together(mesh: Mesh, entries: readonly Entry[], host: string): EntriesOfHost {
  return drained(togetherInSteps(mesh, entries, host));
}

function* togetherInSteps(mesh: Mesh, entries: readonly Entry[], host: string): Generator<undefined, EntriesOfHost> {
  const groups = new Map<string, [Entry, ...Entry[]]>();
  yield* eachInSteps(entries, (entry) => addToGroup(groups, likeness(mesh, entry, host), entry));
  const waypoints = new Map((yield* mapInSteps(entries, (entry) => waypointOf(mesh, entry))).flat());
  yield undefined;
  return {
    groups: [...groups.values()].map((members) => alike(mesh, members, waypoints)),
    order: new Map(entries.map(({ id }, i) => [id, i])),
    waypoints,
  };
}

function alike(mesh: Mesh, members: readonly Entry[], waypoints: EntriesOfHost['waypoints']): AlikeEntries {
  const sorted = members.toSorted((a, b) => compareText(a.namespace, b.namespace) || compareText(a.name, b.name));
  return {
    members,
    isScoped: scopeText(mesh, members[0]!) === 'scoped',
    sorted,
    byNamespace: groupBy(sorted, ({ namespace }) => namespace),
    byWaypoint: groupBy(
      sorted.filter(({ id }) => waypoints.has(id)),
      ({ id }) => waypoints.get(id)!,
    ),
  };
}

/** Everything that the rules about two entries of one host look at, besides their names. */
function likeness(mesh: Mesh, entry: Entry, host: string): string {
  const address = virtualAddress(mesh, entry, host);
  return JSON.stringify([
    isIntendedForAmbient(mesh, entry),
    visibilityOf(mesh, entry.namespace),
    address.state === 'none' ? address.reason : 'address',
    scopeText(mesh, entry),
    entry.spec.ports.map(({ number, protocol }) => [number?.value, protocolKind(protocol?.value)]),
  ]);
}

function waypointOf(mesh: Mesh, entry: Entry): readonly (readonly [number, string])[] {
  const binding = bindWaypoint(mesh, entry);
  return binding.state === 'bound' ? [[entry.id, `${binding.gateway.namespace}/${binding.gateway.name}`]] : [];
}

function scopeText(mesh: Mesh, entry: Entry): string {
  const scope = scopeOf(mesh, entry);
  return typeof scope === 'string' ? scope : 'scoped';
}

function keyOf({ namespace, name }: Entry): string {
  return `${namespace}/${name}`;
}
