// ServiceEntries of one host, put together where they are alike in all that rules compare.
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

export interface AlikeEntries {
  /** In the order of the mesh. */
  readonly members: readonly Entry[];
  readonly scope: 'everywhere' | 'nowhere' | 'scoped';
  /** By namespace, then by name. */
  readonly sorted: readonly Entry[];
  /** The same of each namespace. */
  readonly byNamespace: ReadonlyMap<string, readonly Entry[]>;
  /** The same of each waypoint that they are bound to. */
  readonly byWaypoint: ReadonlyMap<string, readonly Entry[]>;
  /** Of scoped ones, those that each namespace sees, in the order of the mesh. */
  readonly bySeer: ReadonlyMap<string, readonly Entry[]>;
}

export interface EntriesOfHost {
  readonly groups: readonly AlikeEntries[];
  /** The place of each entry in the order of the mesh. */
  readonly order: ReadonlyMap<number, number>;
  /** The waypoint that each is bound to. */
  readonly waypoints: ReadonlyMap<number, string>;
}

const noneBeside: EntriesOfHost = { groups: [], order: new Map(), waypoints: new Map() };

/** Most hosts have one entry, of which only that is kept. */
export function entriesBeside(mesh: Mesh, entry: Entry, host: string): EntriesOfHost {
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

export function byNamespaceAndName(a: Entry, b: Entry): number {
  return compareText(a.namespace, b.namespace) || compareText(a.name, b.name);
}

function alike(mesh: Mesh, members: readonly Entry[], waypoints: EntriesOfHost['waypoints']): AlikeEntries {
  const sorted = members.toSorted(byNamespaceAndName);
  return {
    members,
    scope: scopeText(mesh, members[0]!),
    sorted,
    byNamespace: groupBy(sorted, ({ namespace }) => namespace),
    byWaypoint: groupBy(
      sorted.filter(({ id }) => waypoints.has(id)),
      ({ id }) => waypoints.get(id)!,
    ),
    bySeer: seersOf(mesh, members),
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

function seersOf(mesh: Mesh, members: readonly Entry[]): AlikeEntries['bySeer'] {
  const found = new Map<string, [Entry, ...Entry[]]>();
  for (const entry of members) {
    const scope = scopeOf(mesh, entry);
    if (typeof scope !== 'string') for (const namespace of scope) addToGroup(found, namespace, entry);
  }
  return found;
}

function scopeText(mesh: Mesh, entry: Entry): AlikeEntries['scope'] {
  const scope = scopeOf(mesh, entry);
  return typeof scope === 'string' ? scope : 'scoped';
}
