// Which routes a waypoint applies to a host, and which of their rules matches a request. `gateway-route-entries.ts` and
// `virtual-service-entries.ts` have the entries of one route.
import type { Mesh } from '../mesh.ts';
import { byPlace, oneOf, routeAmong, type RouteDecision } from './choose-route.ts';
import type { RoutedRequest } from './route-condition.ts';
import type { RouteQuestion } from './route-question.ts';
import { byteUnits, httpUnits } from './route-units.ts';
import { since } from '../settings.ts';

/**
 * Where a waypoint sends a request, or on a TCP chain a connection. Routes stand one behind the other, by place and in one
 * place by age, and the first rule that takes the request counts.
 * istio@86c9f01 pilot/pkg/networking/core/listener_waypoint.go buildWaypointInboundHTTPRouteConfig, getWaypointTCPRoutes.
 */
export function routeFor(mesh: Mesh, question: RouteQuestion, request: RoutedRequest): RouteDecision {
  if (question.chain === 'tcp') return byteRoute(mesh, question);
  const units = httpUnits(mesh, question);
  if (units.length < 2 || since(mesh.settings, '1.30')) return routeAmong(byPlace(units), request);
  // Before 1.30 one of the routes counted alone. INFER
  const first = units.filter(({ place }) => place === units[0]!.place);
  return oneOf(
    'age',
    first.map((unit) => routeAmong(unit.entries?.length === 0 ? [] : [[unit]], request)),
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
