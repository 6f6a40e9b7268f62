// Which routes a waypoint applies to a host, and which of their rules matches a request. `gateway-route-entries.ts` and
// `virtual-service-entries.ts` have the entries of one route.
import type { Mesh } from '../mesh.ts';
import { byPlace, oneOf, routeAmong, type RouteDecision, type RouteGroups } from './choose-route.ts';
import type { RoutedRequest } from './route-condition.ts';
import type { RouteQuestion } from './route-question.ts';
import { byteUnits, httpUnitsInSteps, type RouteUnit } from './route-units.ts';
import { since } from '../settings.ts';

/**
 * Where a waypoint sends a request, or on a TCP chain a connection. Routes stand one behind the other, by place and in one
 * place by age, and the first rule that takes the request counts.
 * istio@86c9f01 pilot/pkg/networking/core/listener_waypoint.go buildWaypointInboundHTTPRouteConfig, getWaypointTCPRoutes.
 */
export function routeFor(mesh: Mesh, question: RouteQuestion, request: RoutedRequest): RouteDecision {
  if (question.chain === 'tcp') return byteRoute(mesh, question);
  if (!isRouted(mesh, question)) return { state: 'none' };
  const { path, method, authority, headers } = request;
  // An edit of one of many routes changes what becomes of few requests.
  return mesh.derived(
    `route of ${JSON.stringify([path, method, authority, [...headers]])} at ${questionKey(question)}`,
    (view) => httpRoute(view, question, request),
  );
}

function httpRoute(mesh: Mesh, question: RouteQuestion, request: RoutedRequest): RouteDecision {
  const { units, groups } = httpRoutes(mesh, question);
  if (units.length < 2 || since(mesh.settings, '1.30')) return routeAmong(groups, request);
  // Before 1.30 one of the routes counted alone. INFER
  const first = units.filter(({ place }) => place === units[0]!.place);
  return oneOf(
    'age',
    first.map((unit) => routeAmong(unit.entries?.length === 0 ? [] : [[unit]], request)),
  );
}

export interface HttpRoutes {
  readonly units: readonly RouteUnit[];
  readonly groups: RouteGroups;
}

/** All routes for the host and port. Entries of one host in one namespace have the same. */
export function httpRoutes(mesh: Mesh, question: RouteQuestion): HttpRoutes {
  return mesh.derivedInSteps(`http routes ${questionKey(question)}`, function* (view) {
    const units = yield* httpUnitsInSteps(view, question);
    return { units, groups: byPlace(units) };
  });
}

/** Whether there is any route for HTTP to the host and port: the same after most edits of a route. */
export function isRouted(mesh: Mesh, question: RouteQuestion): boolean {
  return mesh.derived(`is routed ${questionKey(question)}`, (view) => httpRoutes(view, question).units.length > 0);
}

/** Of the entry only the namespace decides. */
export function questionKey({ host, port, entry, waypoint }: RouteQuestion): string {
  return `${host} ${port} ${entry.namespace} ${waypoint.id}`;
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
