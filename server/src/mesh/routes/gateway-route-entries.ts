// The route entries that istiod generates from an HTTPRoute, GRPCRoute, TLSRoute or TCPRoute for the mesh.
import type { BackendRef, RouteFilter, RouteMatch, RouteRuleSpec, TextMatch } from '../../model/specs.ts';
import type { Mesh } from '../mesh.ts';
import { hostOf, isFound, isInvalid } from './gateway-backend.ts';
import type { RouteCondition } from './route-condition.ts';
import type { GatewayRoute, RouteAction, RouteEntry, RouteMirror, RouteTarget, UnhostedEntry } from './route-entry.ts';

/**
 * Entries in the order of the rules; none where one rule cannot be converted, which loses the whole route; undefined if
 * that hangs on what no source shows. istio@86c9f01 pilot/pkg/config/kube/gateway/route_collections.go computeRoute,
 * conversion.go convertHTTPRoute, convertGRPCRoute.
 */
export function entriesOfRoute(mesh: Mesh, route: GatewayRoute): readonly UnhostedEntry[] | undefined {
  const { rules } = route.spec;
  const refused = rules.map((rule) => isRefused(mesh, route, rule));
  if (refused.includes(true)) return [];
  if (refused.includes(undefined)) return undefined;
  return rules.flatMap((rule, i) => {
    const action = actionOf(mesh, route, rule);
    return conditionsOf(route, rule).map((condition) => ({
      resource: route,
      span: rule.span,
      number: i + 1,
      condition,
      action,
    }));
  });
}

const known: Readonly<Record<GatewayRoute['kind'], readonly string[]>> = {
  HTTPRoute: [
    'RequestHeaderModifier',
    'ResponseHeaderModifier',
    'RequestRedirect',
    'RequestMirror',
    'URLRewrite',
    'CORS',
  ],
  GRPCRoute: ['RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestMirror'],
  TLSRoute: [],
  TCPRoute: [],
};
const modifiers: readonly string[] = ['RequestHeaderModifier', 'ResponseHeaderModifier'];

function isRefused(mesh: Mesh, route: GatewayRoute, { backendRefs, filters }: RouteRuleSpec): boolean | undefined {
  const { kind } = route;
  const isHttp = kind === 'HTTPRoute' || kind === 'GRPCRoute';
  if (isHttp && filters.some(({ type }) => !known[kind].includes(type))) return true;
  if (
    backendRefs
      .filter(({ weight }) => weight !== 0)
      .some(
        (backend) => isInvalid(backend) || (isHttp && backend.filters.some(({ type }) => !modifiers.includes(type))),
      )
  )
    return true;
  // A mirror that leads nowhere loses a GRPCRoute, and of an HTTPRoute the mirror alone.
  const mirrors =
    kind === 'GRPCRoute'
      ? filters.flatMap(({ backendRef }) => (backendRef ? [isFound(mesh, route, backendRef)] : []))
      : [];
  return mirrors.includes(false) || (mirrors.includes(undefined) ? undefined : false);
}

function actionOf(mesh: Mesh, route: GatewayRoute, rule: RouteRuleSpec): RouteAction {
  const { backendRefs, filters } = rule;
  const { clusterDomain } = mesh.settings;
  const redirect = filters.findLast(({ type }) => type === 'RequestRedirect');
  // The API's own default for the status. gateway-api v1.6.0 apis/v1/httproute_types.go HTTPRequestRedirectFilter.
  if (redirect) return { does: 'redirect', status: redirect.status ?? 302 };
  const hostRewrite = rewriteOf(filters);
  const to = backendRefs
    .filter(({ weight }) => weight !== 0)
    .map((backend) => targetOf(route, backend, clusterDomain, hostRewrite));
  const isHttp = route.kind === 'HTTPRoute' || route.kind === 'GRPCRoute';
  if (to.length === 0 && isHttp)
    return {
      does: 'respond',
      status: 500,
      isWithoutBackend: backendRefs.length === 0 && (filters.length > 0 || rule.hasTimeouts),
    };
  return {
    does: 'forward',
    to:
      to.length > 0 ? to : [{ host: undefined, port: undefined, subset: undefined, weight: 0, hostRewrite: undefined }],
    notFound: 500,
    abort: undefined,
    pathRewrite: filters.findLast(({ type }) => type === 'URLRewrite')?.pathRewrite,
    mirrors: isHttp ? mirrorsOf(mesh, route, filters) : [],
  };
}

/** One that is not found is left out. istio@86c9f01 pilot/pkg/config/kube/gateway/conversion.go createMirrorFilter. */
function mirrorsOf(mesh: Mesh, route: GatewayRoute, filters: readonly RouteFilter[]): readonly RouteMirror[] {
  return filters.flatMap(({ backendRef, share = 0 }) =>
    backendRef && share > 0
      ? [
          {
            ...targetOf(route, backendRef, mesh.settings.clusterDomain, undefined),
            share,
            isKept: isFound(mesh, route, backendRef),
          },
        ]
      : [],
  );
}

/** A rewrite overrides a header that is set. istio@86c9f01 .../route/route.go applyHTTPRouteDestination. */
function rewriteOf(filters: readonly RouteFilter[]): string | undefined {
  return (
    filters.findLast(({ type, host }) => type === 'URLRewrite' && host)?.host ??
    filters.findLast(({ type }) => type === 'RequestHeaderModifier')?.host
  );
}

function targetOf(
  route: GatewayRoute,
  backend: BackendRef,
  clusterDomain: string,
  hostRewrite: string | undefined,
): RouteTarget {
  const { port, weight = 1 } = backend;
  return {
    host: hostOf(route, backend, clusterDomain),
    port: port?.value,
    subset: undefined,
    weight,
    hostRewrite: hostRewrite ?? rewriteOf(backend.filters),
  };
}

/**
 * Attached to one port, every entry has a condition: that of the port. An entry that takes all requests then ranks with those whose
 * match is empty, not behind them. server/docs/istio-semantics.md §12.19; istio@86c9f01 .../gateway/conversion.go augmentPortMatch.
 */
export function onOnePort(entry: UnhostedEntry): UnhostedEntry {
  return { ...entry, condition: entry.condition ?? conditionOf({ kind: 'GRPCRoute' }, undefined) };
}

function conditionsOf(route: GatewayRoute, { matches }: RouteRuleSpec): readonly (RouteCondition | undefined)[] {
  if (route.kind === 'TLSRoute' || route.kind === 'TCPRoute') return [undefined];
  // The API server fills in a path for HTTPRoutes, which decides the order too. gateway-api v1.6.0 httproutes CRD (defaults).
  if (matches.length === 0) return [route.kind === 'HTTPRoute' ? conditionOf(route, undefined) : undefined];
  return matches.map((match) => conditionOf(route, match));
}

function conditionOf({ kind }: Pick<GatewayRoute, 'kind'>, match: RouteMatch | undefined): RouteCondition {
  return {
    bySegment: true,
    uri: kind === 'HTTPRoute' ? pathOf(match?.path) : grpcPathOf(match?.grpc),
    ignoreUriCase: false,
    method: kind === 'HTTPRoute' && match?.method !== undefined ? { how: 'exact', value: match.method } : undefined,
    scheme: undefined,
    authority: undefined,
    headers: namedOf(match?.headers ?? []),
    withoutHeaders: new Map(),
    queryParams: namedOf(match?.queryParams ?? []),
  };
}

/** istio@86c9f01 .../gateway/conversion.go createHeadersMatch, createQueryParamsMatch. */
function namedOf(written: RouteMatch['headers']): ReadonlyMap<string, TextMatch> {
  return new Map(
    written.map(({ type, name, value }) => [
      name,
      type === 'RegularExpression' ? patternOf(value) : { how: 'exact', value },
    ]),
  );
}

function patternOf(value: string): TextMatch {
  return value === '*' ? { how: 'any', value: '' } : { how: 'regex', value };
}

/** istio@86c9f01 .../gateway/conversion.go createURIMatch. */
function pathOf(path: RouteMatch['path']): TextMatch {
  const value = path?.value ?? '/';
  if (path?.type === 'Exact') return { how: 'exact', value };
  if (path?.type === 'RegularExpression') return { how: 'regex', value };
  return { how: 'prefix', value: value === '/' ? value : value.replace(/\/$/, '') };
}

/** istio@86c9f01 .../gateway/conversion.go createGRPCURIMatch. */
function grpcPathOf(grpc: RouteMatch['grpc']): TextMatch | undefined {
  if (!grpc) return undefined;
  const { service, method } = grpc;
  if (service === undefined) return { how: 'regex', value: `/[^/]+/${method ?? ''}` };
  if (grpc.type === 'RegularExpression') return { how: 'regex', value: `/${service}/${method ?? '.+'}` };
  return method === undefined
    ? { how: 'prefix', value: `/${service}/` }
    : { how: 'exact', value: `/${service}/${method}` };
}

const ranks: Readonly<Record<TextMatch['how'], number>> = { exact: 3, prefix: 2, regex: 1, any: -1 };

/**
 * What goes before what: the kind of path, its length, a method, how many headers, how many parameters. Undefined conditions
 * come last. istio@86c9f01 .../gateway/route_collections.go mergeHTTPRoutes, conversion.go sortHTTPRoutes.
 */
export function compareEntries(a: RouteEntry, b: RouteEntry): number {
  const [x, y] = [a, b].map(({ condition }) => (condition ? precedence(condition) : [-2]));
  for (const [i, value] of x!.entries()) if (value !== (y![i] ?? 0)) return (y![i] ?? 0) - value;
  return 0;
}

function precedence({ uri, method, headers, queryParams }: RouteCondition): readonly number[] {
  return [uri ? ranks[uri.how] : -1, uri ? byteLength(uri.value) : 0, method ? 1 : 0, headers.size, queryParams.size];
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
