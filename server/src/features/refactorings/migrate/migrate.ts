// From an egress gateway of sidecars to a waypoint: Namespace label, waypoint, ServiceEntry, DestinationRule, policies and routes.
// server/docs/istio-semantics-classic.md §J.
import type { Draft } from '../../../engine/draft.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import { dataplaneMode, namespaceInjection, revision } from '../../../model/label-names.ts';
import { describe, type AnyResource, type Resource } from '../../../model/resource.ts';
import type { Change } from '../../../rules/rule.ts';
import { findAgain, plainOf, type Refactoring } from '../refactoring.ts';
import { bindEntry, createWaypoint } from './bind-entries.ts';
import type { CarriedRoutes } from './carried-routes.ts';
import { carryApiRoutes } from './carry-api-routes.ts';
import { carryRoutes } from './carry-routes.ts';
import { classicSet, type ClassicSet } from './classic-set.ts';
import { leftovers } from './leftovers.ts';
import { movePolicies } from './move-policies.ts';
import { moveTls } from './move-tls.ts';
import { isRemovable, oldObjects } from './old-objects.ts';
import { isLead, type Lead } from './requests-of-lead.ts';
import { waypointFor } from './waypoints-of.ts';

export const migrateToWaypoint: Refactoring = {
  kind: 'refactor.rewrite',

  *offers(subject, { mesh }) {
    if (!isLead(subject) || !classicSet(mesh, subject)) return;
    for (const removes of [false, true])
      yield {
        title: removes ? 'Migrate to a waypoint, and remove the old objects' : 'Migrate to a waypoint',
        perform: (draft) => migrate(draft, draft.mesh, [subject], removes),
      };
  },
};

/** `mesh`: before the migration. The result is what is not carried over; undefined if it cannot be done. */
export function migrate(
  draft: Draft,
  mesh: Mesh,
  leads: readonly Lead[],
  removes: boolean,
): readonly string[] | undefined {
  const sets = merged(leads.flatMap((lead) => classicSet(mesh, lead) ?? []));
  const parts = sets.flatMap((set) => set.entries.map((entry) => migrateEntry(draft, mesh, set, entry)));
  const found = parts.filter((part) => part !== undefined);
  const routes = sets.flatMap((set) => carriedRoutes(draft, mesh, set));
  const changes = [
    ...found.flatMap((part) => part.changes),
    ...routes.flatMap((part) => part.changes),
    ...waypoints(mesh, sets),
    ...namespaceChanges(mesh, sets),
  ];
  const old = oldObjects(mesh, sets);
  const left = sets.flatMap((set) => leftovers(mesh, set));
  if (sets.length === 0 || found.length < parts.length) return undefined;
  if (!draft.apply(changes) || (removes && !remove(draft, old))) return undefined;
  const kept = removes ? old.filter((one) => !isRemovable(one)) : old;
  const until = `to remove: ${kept.map(describe).join(', ')}; until then waypoints apply the ${routeWord(sets)} among them`;
  return [
    ...new Set([
      ...left,
      ...found.flatMap((part) => part.lost),
      ...routes.flatMap((part) => part.lost),
      ...(kept.length > 0 ? [until] : []),
    ]),
  ];
}

function carriedRoutes(draft: Draft, mesh: Mesh, set: ClassicSet): readonly CarriedRoutes[] {
  const atGateway = carryApiRoutes(mesh, set, (route) => plainOf(draft, route));
  return set.lead.kind === 'VirtualService'
    ? [carryRoutes(mesh, set, plainOf(draft, set.lead)), atGateway]
    : [atGateway];
}

function routeWord(sets: readonly ClassicSet[]): string {
  return sets.every(({ lead }) => lead.kind === 'VirtualService') ? 'VirtualServices' : 'routes';
}

/** An entry of several sets is migrated once, for the ways of all. */
function merged(sets: readonly ClassicSet[]): readonly ClassicSet[] {
  const all = sets.flatMap(({ ways }) => ways);
  return sets.map((set, i): ClassicSet => {
    const earlier = new Set(sets.slice(0, i).flatMap(({ entries }) => entries));
    const entries = set.entries.filter((entry) => !earlier.has(entry));
    const own = all.filter(({ entry }) => entries.includes(entry));
    const [first = set.ways[0], ...more] = own;
    return { ...set, entries, ways: [first, ...more] };
  });
}

interface Part {
  readonly changes: readonly Change[];
  readonly lost: readonly string[];
}

function migrateEntry(draft: Draft, mesh: Mesh, set: ClassicSet, entry: Resource<'ServiceEntry'>): Part | undefined {
  const waypoint = waypointFor(mesh, entry.namespace);
  const ways = set.ways.filter((one) => one.entry === entry);
  const way = ways.find(({ tls }) => tls) ?? ways[0];
  const tls = way && moveTls(mesh, way, waypoint, (rule) => plainOf(draft, rule));
  if (!tls) return undefined;
  const policies = movePolicies(mesh, set, entry, (policy) => plainOf(draft, policy));
  return {
    changes: [...tls.changes, ...policies.changes, ...bindEntry(set, entry, waypoint)],
    lost: [...tls.lost, ...policies.lost],
  };
}

/** One for each namespace with entries. */
function waypoints(mesh: Mesh, sets: readonly ClassicSet[]): readonly Change[] {
  const entries = sets.flatMap((set) => set.entries);
  const first = entries.filter((entry, i) => entries.findIndex(({ namespace }) => namespace === entry.namespace) === i);
  return first.flatMap((entry) => createWaypoint(mesh, entry, waypointFor(mesh, entry.namespace)));
}

/** Ambient in the place of injection. */
function namespaceChanges(mesh: Mesh, sets: readonly ClassicSet[]): readonly Change[] {
  const namespaces = [...new Set(sets.map(({ lead }) => lead.namespace))];
  return namespaces
    .flatMap((namespace) => mesh.named('Namespace', '', namespace))
    .flatMap((home): readonly Change[] => [
      { op: 'set', in: home, path: ['metadata', 'labels', dataplaneMode], value: 'ambient' },
      ...[namespaceInjection, revision]
        .filter((label) => home.labels.has(label))
        .map((label): Change => ({ op: 'remove', in: home, path: ['metadata', 'labels', label] })),
    ]);
}

function remove(draft: Draft, old: readonly AnyResource[]): boolean {
  return old.filter(isRemovable).every((one) => {
    const now = findAgain(draft, one);
    return now !== undefined && draft.apply([{ op: 'remove-document', in: now }]);
  });
}
