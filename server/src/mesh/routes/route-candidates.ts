// The rules that may take a request, found by its Host or path: with thousands of routes for one host, a request is not compared with each.
import { keptFor } from '../../base/kept-for.ts';
import { addToGroup } from '../../base/group-by.ts';
import type { RoutedRequest } from './route-condition.ts';
import type { RouteEntry } from './route-entry.ts';
import type { RouteUnit } from './route-units.ts';

interface Found {
  readonly unit: number;
  readonly entry: RouteEntry;
  readonly order: number;
}

interface RuleIndex {
  /** Rules for exactly one Host. */
  readonly authorities: ReadonlyMap<string, readonly Found[]>;
  readonly exact: ReadonlyMap<string, readonly Found[]>;
  readonly prefixes: ReadonlyMap<string, readonly Found[]>;
  /** Of the prefixes, each once. */
  readonly lengths: readonly number[];
  /** Rules that neither rules out, and those with an expression. */
  readonly others: readonly Found[];
  /** Units of which it is not known what they come to. */
  readonly unknown: readonly number[];
}

/** Fewer rules are compared one by one. */
const few = 32;

/** The units with the rules that may take the request, in the same order; those without any are left out. */
export function candidatesFor(units: readonly RouteUnit[], request: RoutedRequest): readonly RouteUnit[] {
  if (isFew(units)) return units;
  const index = indexOf(units);
  const path = pathOf(request);
  const found = [
    ...(index.authorities.get(request.authority) ?? []),
    ...(index.exact.get(path) ?? []),
    ...index.lengths.flatMap((length) =>
      length > path.length ? [] : (index.prefixes.get(path.slice(0, length)) ?? []),
    ),
    ...index.others,
  ].toSorted((a, b) => a.order - b.order);
  const entries = new Map<number, RouteEntry[]>(index.unknown.map((unit) => [unit, []]));
  for (const { unit, entry } of found) {
    const known = entries.get(unit);
    if (known) known.push(entry);
    else entries.set(unit, [entry]);
  }
  return [...entries]
    .toSorted(([a], [b]) => a - b)
    .map(([unit, own]) => (units[unit]!.entries ? { ...units[unit]!, entries: own } : units[unit]!));
}

/** How many rules each request is compared with, whatever its path and Host. */
export function comparedWithAll(units: readonly RouteUnit[]): number {
  return isFew(units) ? few : indexOf(units).others.length;
}

function isFew(units: readonly RouteUnit[]): boolean {
  return units.length <= few && units.reduce((sum, { entries = [] }) => sum + entries.length, 0) <= few;
}

function pathOf({ path }: RoutedRequest): string {
  return path.replace(/[?#].*$/s, '');
}

/** One unit can be all that thousands of hosts have. */
function indexOf(units: readonly RouteUnit[]): RuleIndex {
  return units.length === 1 ? indexOfOne(units[0]!) : indexOfAll(units);
}

const indexOfOne = keptFor((unit: RouteUnit) => indexed([unit]));
const indexOfAll = keptFor(indexed);

function indexed(units: readonly RouteUnit[]): RuleIndex {
  const authorities = new Map<string, [Found, ...Found[]]>();
  const exact = new Map<string, [Found, ...Found[]]>();
  const prefixes = new Map<string, [Found, ...Found[]]>();
  const others: Found[] = [];
  let order = 0;
  for (const [unit, { entries = [] }] of units.entries())
    for (const entry of entries) {
      const found = { unit, entry, order: order++ };
      const { authority } = entry.condition ?? {};
      const uri = entry.condition?.ignoreUriCase ? undefined : entry.condition?.uri;
      if (authority?.how === 'exact') addToGroup(authorities, authority.value, found);
      else if (uri?.how === 'exact') addToGroup(exact, uri.value, found);
      // A prefix of whole segments counts without its slash at the end too.
      else if (uri?.how === 'prefix') addToGroup(prefixes, uri.value.replace(/\/$/, ''), found);
      else others.push(found);
    }
  return {
    authorities,
    exact,
    prefixes,
    lengths: [...new Set([...prefixes.keys()].map(({ length }) => length))],
    others,
    unknown: units.flatMap(({ entries }, unit) => (entries ? [] : [unit])),
  };
}
