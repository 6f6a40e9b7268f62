// Which routes a waypoint applies to a host, and which of their rules matches a request. `gateway-route-entries.ts` and
// `virtual-service-entries.ts` have the entries of one route.
import { compareEntries } from './gateway-route-entries.ts';
import type { Mesh } from '../mesh.ts';
import { conditionHolds, type RoutedRequest } from './route-condition.ts';
import type { RouteEntry, RouteResource } from './route-entry.ts';
import type { RouteQuestion } from './route-question.ts';
import { byteUnits, httpUnits, type RouteUnit } from './route-units.ts';
import { since } from '../settings.ts';

export type RouteDecision =
  /** Nothing routes what arrives on the port: it goes to the host itself. */
  | { readonly state: 'none' }
  | { readonly state: 'taken'; readonly entry: RouteEntry }
  /** Routes are there, and no rule of theirs takes the request: 404. */
  | { readonly state: 'unmatched'; readonly resources: readonly RouteResource[] }
  /** What the route delegates to is not known. */
  | { readonly state: 'unknown'; readonly resource: RouteResource }
  /** Age decides between these, or a condition that cannot be judged. */
  | { readonly state: 'open'; readonly by: 'age' | 'unseen'; readonly ways: readonly RouteDecision[] };

/**
 * Where a waypoint sends a request, or on a TCP chain a connection. Routes stand one behind the other, by place and in one
 * place by age, and the first rule that takes the request counts.
 * istio@86c9f01 pilot/pkg/networking/core/listener_waypoint.go buildWaypointInboundHTTPRouteConfig, getWaypointTCPRoutes.
 */
export function routeFor(mesh: Mesh, question: RouteQuestion, request: RoutedRequest): RouteDecision {
  if (question.chain === 'tcp') return byteRoute(mesh, question);
  const units = httpUnits(mesh, question);
  if (units.length < 2 || since(mesh.settings, '1.30')) return among(units, request);
  // Before 1.30 one of the routes counted alone. INFER
  const first = units.filter(({ place }) => place === units[0]!.place);
  return oneOf(
    'age',
    first.map((unit) => among(unit.entries?.length === 0 ? [] : [unit], request)),
  );
}

/** TLS routes before TCP routes; of each kind the first that is there. */
function byteRoute(mesh: Mesh, question: RouteQuestion): RouteDecision {
  for (const kind of ['tls', 'tcp'] as const) {
    const units = byteUnits(mesh, question, kind);
    const first = units.filter(({ place }) => place === units[0]!.place).flatMap(({ entries }) => entries ?? []);
    if (first.length > 0)
      return oneOf(
        'age',
        first.map((entry) => ({ state: 'taken', entry })),
      );
  }
  return { state: 'none' };
}

function among(units: readonly RouteUnit[], request: RoutedRequest): RouteDecision {
  const useful = units.filter(({ entries }) => entries === undefined || entries.length > 0);
  if (useful.length === 0) return { state: 'none' };
  const ways: RouteDecision[] = [];
  let isOpen = false;
  for (const place of [0, 1, 2, 3]) {
    const picks = useful.filter((unit) => unit.place === place).map((unit) => pickOf(unit, request));
    ways.push(...picks.flatMap(({ ways: own }) => own));
    isOpen ||= picks.some(({ isSure, ways: own }) => !isSure && own.length > 0);
    if (picks.some(({ isSure }) => isSure)) return oneOf(isOpen ? 'unseen' : 'age', ways);
  }
  return oneOf('unseen', [
    ...ways,
    { state: 'unmatched', resources: [...new Set(useful.flatMap(({ resources }) => resources))] },
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
    ways.push(...found.flatMap((one) => one.ways));
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

function oneOf(by: 'age' | 'unseen', ways: readonly RouteDecision[]): RouteDecision {
  const [first, ...others] = ways.filter((one, i) => ways.findIndex((other) => isSame(one, other)) === i);
  return others.length === 0 ? (first ?? { state: 'none' }) : { state: 'open', by, ways: [first!, ...others] };
}

function isSame(a: RouteDecision, b: RouteDecision): boolean {
  return (
    a === b ||
    (a.state === 'taken' &&
      b.state === 'taken' &&
      a.entry.resource === b.entry.resource &&
      a.entry.number === b.entry.number)
  );
}
