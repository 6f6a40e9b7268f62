// The path that a proxy sends where its route rewrites it. Policies of the proxy and the route itself have seen the one before.
// server/docs/istio-semantics-classic.md §D.38; istio@86c9f01 pilot/pkg/networking/core/route/route.go applyHTTPRouteDestination; envoy@0f39b1c source/common/router/config_impl.cc rewritePathHeader.
import type { RouteCondition } from './route-condition.ts';
import type { RouteEntry } from './route-entry.ts';

/** With its query. Undefined where it stays, or where a regular expression makes it. */
export function rewrittenPath({ condition, action }: RouteEntry, path: string): string | undefined {
  const rewrite = action.does === 'forward' ? action.pathRewrite : undefined;
  if (!rewrite || rewrite.how === 'regex') return undefined;
  const [own = ''] = /^[^?#]*/.exec(path) ?? [];
  const query = path.slice(own.length);
  if (rewrite.how === 'full') return `${rewrite.value}${query}`;
  const rest = own.slice(matchedLength(condition, own));
  const isStripped = condition?.bySegment === true && rewrite.value === '/';
  return `${rewrite.value}${isStripped ? rest.replace(/^\//, '') : rest}${query}`;
}

/** Of an exact path and of a regular expression everything, and of a route for any path its first slash. */
function matchedLength(condition: RouteCondition | undefined, path: string): number {
  const uri = condition?.uri;
  if (!uri || uri.how === 'any') return 1;
  if (uri.how !== 'prefix') return path.length;
  const isWhole = !condition.bySegment || uri.value === '/';
  return (isWhole ? uri.value : uri.value.replace(/\/$/, '')).length;
}

/** Whether a regular expression makes the path, which no trace follows. */
export function isPathUnknown({ action }: RouteEntry): boolean {
  return action.does === 'forward' && action.pathRewrite?.how === 'regex';
}
