// Routes and matches that come too late. istio@86c9f01 pkg/config/validation/validation.go analyzeUnreachable{HTTP,TCP,TLS}Rules.
import { compareText } from '../../base/compare.ts';
import { toPlain } from '../../yaml/read.ts';
import { discouraged, type Fault, type Subject } from './combination-check.ts';
import { each, has, type Place } from './field-place.ts';

export function* unreachableRoutes({ spec }: Subject): Generator<Fault> {
  for (const protocol of ['http', 'tcp', 'tls']) yield* ofProtocol(each(spec, protocol));
}

function* ofProtocol(routes: readonly Place[]): Generator<Fault> {
  const seen = new Set<string>();
  let isAllTaken = false;
  for (const route of routes) {
    if (route.node?.kind !== 'map') continue;
    if (isAllTaken)
      yield discouraged(route, 'This route is never used: a route before it has no `match` and takes every request.');
    if (!has(route, 'match')) isAllTaken = true;
    if (isAllTaken) continue;
    for (const match of each(route, 'match')) {
      const key = keyOf(match);
      if (seen.has(key)) yield discouraged(match, 'This match is never used: the same match is listed before.');
      seen.add(key);
    }
  }
}

/** The same match, in whatever order its fields stand. */
function keyOf({ node }: Place): string {
  return JSON.stringify(node && toPlain(node), (_key, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => compareText(a, b)))
      : value,
  );
}
