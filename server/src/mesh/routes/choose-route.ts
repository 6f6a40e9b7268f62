// Which rule of the routes that a proxy has for a host takes a request.
import { firstOfEach } from '../../base/first-of-each.ts';
import { compareEntries } from './gateway-route-entries.ts';
import { candidatesFor } from './route-candidates.ts';
import { conditionHolds, type RoutedRequest } from './route-condition.ts';
import type { RouteEntry, RouteResource } from './route-entry.ts';
import type { RouteUnit } from './route-units.ts';

export type RouteDecision =
  /** Nothing routes what arrives on the port: it goes to the host itself. */
  | { readonly state: 'none' }
  | { readonly state: 'taken'; readonly entry: RouteEntry }
  /** Routes are there, and no rule of theirs takes the request: 404. */
  | { readonly state: 'unmatched'; readonly resources: readonly RouteResource[] }
  /** What the route delegates to is not known. */
  | { readonly state: 'unknown'; readonly resource: RouteResource }
  /** Age decides between so many that none is worked out. */
  | { readonly state: 'too-many'; readonly resources: readonly RouteResource[] }
  /** Age decides between these, or a condition that cannot be judged. */
  | {
      readonly state: 'open';
      readonly by: 'age' | 'unseen';
      /** Whether it is the age of Gateways before that of their routes. */
      readonly ofGateways?: boolean;
      readonly ways: readonly RouteDecision[];
    };

/** Units that stand one behind the other, group by group; age decides within a group. */
export type RouteGroups = readonly (readonly RouteUnit[])[];

/** Groups of equal place, the foremost first, of those that come to something. */
export function byPlace(units: readonly RouteUnit[]): RouteGroups {
  return useful([0, 1, 2, 3].map((place) => units.filter((unit) => unit.place === place)));
}

export function useful(groups: RouteGroups): RouteGroups {
  return groups
    .map((units) => units.filter(({ entries }) => entries === undefined || entries.length > 0))
    .filter((units) => units.length > 0);
}

/** What units do with a request, of which each comes to something. */
export function routeAmong(groups: RouteGroups, request: RoutedRequest): RouteDecision {
  if (groups.length === 0) return { state: 'none' };
  const ways: RouteDecision[] = [];
  let isOpen = false;
  for (const units of groups) {
    const picks = candidatesFor(units, request).map((unit) => pickOf(unit, request));
    for (const { ways: own } of picks) for (const way of own) ways.push(way);
    isOpen ||= picks.some(({ isSure, ways: own }) => !isSure && own.length > 0);
    if (picks.some(({ isSure }) => isSure)) return oneOf(isOpen ? 'unseen' : 'age', ways);
  }
  return oneOf('unseen', [
    ...ways,
    { state: 'unmatched', resources: [...new Set(groups.flat().flatMap(({ resources }) => resources))] },
  ]);
}

interface Pick {
  /** Whether one of the ways is surely taken. */
  readonly isSure: boolean;
  readonly ways: readonly RouteDecision[];
}

/** What one unit may do with the request; between routes of the Gateway API that rank alike, age decides. */
function pickOf({ entries, isRanked, resources }: RouteUnit, request: RoutedRequest): Pick {
  if (!entries) return { isSure: false, ways: [{ state: 'unknown', resource: resources[0]! }] };
  const ways: RouteDecision[] = [];
  for (const equals of isRanked ? ranked(entries) : [entries]) {
    const sequences = isRanked
      ? [...new Set(equals.map(({ resource }) => resource))].map((one) =>
          equals.filter(({ resource }) => resource === one),
        )
      : [equals];
    const found = sequences.map((sequence) => firstOf(sequence, request));
    for (const one of found) for (const way of one.ways) ways.push(way);
    if (found.some(({ isSure }) => isSure)) return { isSure: true, ways };
  }
  return { isSure: false, ways };
}

function firstOf(entries: readonly RouteEntry[], request: RoutedRequest): Pick {
  const ways: RouteDecision[] = [];
  for (const entry of entries) {
    const holds = entry.condition ? conditionHolds(entry.condition, request) : true;
    if (holds !== false) ways.push({ state: 'taken', entry });
    if (holds) return { isSure: true, ways };
  }
  return { isSure: false, ways };
}

/** Groups of equal rank, the foremost first. */
function ranked(entries: readonly RouteEntry[]): readonly (readonly RouteEntry[])[] {
  const groups: RouteEntry[][] = [];
  for (const entry of entries.toSorted(compareEntries)) {
    const last = groups.at(-1);
    if (last && compareEntries(last[0]!, entry) === 0) last.push(entry);
    else groups.push([entry]);
  }
  return groups;
}

/** One for each order of age of the Gateways. */
export function whichever(decisions: readonly RouteDecision[]): RouteDecision {
  const ways = decisions.flatMap((one) => (one.state === 'open' ? one.ways : [one]));
  const isUnseen = decisions.some((one) => one.state === 'open' && one.by === 'unseen');
  const one = oneOf(isUnseen ? 'unseen' : 'age', firstOfEach(ways, sameWay));
  return one.state === 'open' && decisions.length > 1 ? { ...one, ofGateways: true } : one;
}

/** Of more routes of one host, nothing is worked out: each of as many requests would ask each of them. */
export const mostDecided = 256;

function sameWay(way: RouteDecision): unknown {
  if (way.state === 'unknown') return way.resource;
  return way.state === 'taken' ? way.entry : way.state;
}

/** One of them, or the choice that is left open. */
export function oneOf(by: 'age' | 'unseen', ways: readonly RouteDecision[]): RouteDecision {
  return openAmong(by, withoutSame(ways));
}

/** Of which none is the same as another. */
function openAmong(by: 'age' | 'unseen', ways: readonly RouteDecision[]): RouteDecision {
  return ways.length > 1 ? { state: 'open', by, ways } : (ways[0] ?? { state: 'none' });
}

function withoutSame(ways: readonly RouteDecision[]): readonly RouteDecision[] {
  const rules = new Map<RouteResource, Set<number>>();
  return [...new Set(ways)].filter((way) => {
    if (way.state !== 'taken') return true;
    const { resource, number } = way.entry;
    const known = rules.get(resource) ?? new Set();
    rules.set(resource, known);
    return !known.has(number) && known.add(number);
  });
}

/** A route for bytes; `entry`: undefined where it is not known whether it counts. */
export interface PlacedRoute {
  readonly resource: RouteResource;
  readonly place: RouteUnit['place'];
  readonly entry: RouteEntry | undefined;
}

/** The first in order of places; age decides within one. */
export function foremost(found: readonly PlacedRoute[]): RouteDecision {
  const first = found.reduce((least, { place }) => Math.min(least, place), 3);
  return openAmong(
    'age',
    firstOfEach(
      found.filter(({ place }) => place === first),
      ({ resource }) => resource.id,
    ).map(({ resource, entry }) => (entry ? { state: 'taken', entry } : { state: 'unknown', resource })),
  );
}
