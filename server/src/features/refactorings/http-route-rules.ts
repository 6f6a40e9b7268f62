// The HTTP routes of a VirtualService as rules of an HTTPRoute, field by field, with a list of what has no counterpart.
// istio@86c9f01 pilot/pkg/config/kube/gateway/conversion.go convertHTTPRoute is the way back.
import { fullHost } from '../../names/hosts.ts';
import { isList, isMap, type Plain, type PlainMap } from '../../yaml/plain.ts';
import { mapIn } from './refactoring.ts';

export interface RouteHome {
  readonly namespace: string;
  readonly clusterDomain: string;
  /** The port of a host that has one only. */
  readonly portOf: (host: string) => number | undefined;
}

export interface ConvertedRules {
  /** Undefined where a rule without its lost parts would send requests elsewhere. */
  readonly rules: readonly Plain[] | undefined;
  readonly lost: readonly string[];
}

export function httpRouteRules(spec: PlainMap, home: RouteHome): ConvertedRules {
  const routes = mapsIn(spec, 'http');
  const lost: string[] = [];
  const rules = routes.map((route, i) => ruleOf(route, home, (what) => lost.push(`${what} of HTTP route ${i + 1}`)));
  const found = rules.filter((rule) => rule !== undefined);
  if (rules.length > 1) lost.push('the order of the HTTP routes: of an HTTPRoute, the most specific match counts');
  return { rules: found.length === rules.length ? found : undefined, lost };
}

type Lose = (what: string) => void;

/** Fields of a route that are read here; every other one is lost. */
const routeFields: ReadonlySet<string> = new Set([
  'name',
  'match',
  'route',
  'redirect',
  'rewrite',
  'headers',
  'timeout',
  'mirror',
]);

function ruleOf(route: PlainMap, home: RouteHome, lose: Lose): PlainMap | undefined {
  loseOthers(route, routeFields, lose);
  if (['directResponse', 'delegate', 'mirrors'].some((key) => Object.hasOwn(route, key))) return undefined;
  const matches = mapsIn(route, 'match').map((match) => matchOf(match, lose));
  const destinations = mapsIn(route, 'route');
  // Beside others, a destination without a weight gets nothing.
  const usual = destinations.length > 1 ? 0 : undefined;
  const backends = destinations.map((one) => backendOf(one, usual, home, lose));
  const filters = filtersOf(route, home);
  if (matches.includes(undefined) || backends.includes(undefined) || !filters) return undefined;
  const timeout = route['timeout'];
  return {
    ...(typeof route['name'] === 'string' ? { name: route['name'] } : {}),
    ...(matches.length > 0 ? { matches: matches.filter((match) => match !== undefined) } : {}),
    ...(filters.length > 0 ? { filters } : {}),
    ...(backends.length > 0 ? { backendRefs: backends.filter((backend) => backend !== undefined) } : {}),
    ...(typeof timeout === 'string' ? { timeouts: { request: timeout } } : {}),
  };
}

const matchFields: ReadonlySet<string> = new Set(['uri', 'method', 'headers', 'queryParams', 'name']);

/** Undefined where the match without what it loses would take other requests. */
function matchOf(match: PlainMap, lose: Lose): PlainMap | undefined {
  if (Object.keys(match).some((key) => !matchFields.has(key))) return undefined;
  if (Object.hasOwn(match, 'name')) lose('the name of a match');
  const path = Object.hasOwn(match, 'uri') ? pathOf(mapIn(match, 'uri'), lose) : undefined;
  const method = mapIn(match, 'method')['exact'];
  const [headers, queryParams] = [namedMatches(match, 'headers'), namedMatches(match, 'queryParams')];
  if (!headers || !queryParams || (Object.hasOwn(match, 'uri') && !path)) return undefined;
  if (Object.hasOwn(match, 'method') && typeof method !== 'string') return undefined;
  return {
    ...(path ? { path } : {}),
    ...(typeof method === 'string' ? { method } : {}),
    ...(headers.length > 0 ? { headers } : {}),
    ...(queryParams.length > 0 ? { queryParams } : {}),
  };
}

/** A prefix of an HTTPRoute goes by whole segments. A regular expression would rank behind other matches. */
function pathOf(uri: PlainMap, lose: Lose): PlainMap | undefined {
  const [[how, value] = [], ...more] = Object.entries(uri);
  if (more.length > 0 || typeof value !== 'string') return undefined;
  if (how === 'exact') return { type: 'Exact', value };
  if (how === 'regex') return { type: 'RegularExpression', value };
  if (how !== 'prefix' || !value.startsWith('/')) return undefined;
  if (value !== '/') lose(`the prefix ${value} as text (an HTTPRoute matches whole segments)`);
  return { type: 'PathPrefix', value };
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Undefined where one of them cannot be said. */
function namedMatches(match: PlainMap, field: string): readonly PlainMap[] | undefined {
  const found = Object.entries(mapIn(match, field)).map(([name, how]): PlainMap | undefined => {
    if (!isMap(how)) return undefined;
    const [[type, value] = [], ...more] = Object.entries(how);
    if (more.length > 0 || typeof value !== 'string') return undefined;
    if (type === 'exact') return { name, value };
    if (type === 'regex') return { type: 'RegularExpression', name, value };
    return type === 'prefix' ? { type: 'RegularExpression', name, value: `${escaped(value)}.*` } : undefined;
  });
  const whole = found.filter((one) => one !== undefined);
  return whole.length === found.length ? whole : undefined;
}

function backendOf(
  destination: PlainMap,
  usual: number | undefined,
  home: RouteHome,
  lose: Lose,
): PlainMap | undefined {
  for (const key of Object.keys(destination))
    if (key !== 'destination' && key !== 'weight') lose(`${key} of a destination`);
  const ref = backendRef(mapIn(destination, 'destination'), home);
  const weight = destination['weight'] ?? usual;
  return ref && (typeof weight === 'number' ? { ...ref, weight } : ref);
}

/** Undefined for a subset, which no backend can name, and where the port is not known: a backend must say it. */
function backendRef(destination: PlainMap, { namespace, clusterDomain, portOf }: RouteHome): PlainMap | undefined {
  const { host, subset, port: written } = destination;
  if (typeof host !== 'string' || subset !== undefined) return undefined;
  const name = fullHost(host, namespace, clusterDomain);
  const number = isMap(written) ? written['number'] : portOf(name);
  return typeof number === 'number'
    ? { group: 'networking.istio.io', kind: 'Hostname', name, port: number }
    : undefined;
}

function filtersOf(route: PlainMap, home: RouteHome): readonly PlainMap[] | undefined {
  const redirect = Object.hasOwn(route, 'redirect') ? redirectOf(mapIn(route, 'redirect')) : [];
  const rewrite = Object.hasOwn(route, 'rewrite') ? rewriteOf(mapIn(route, 'rewrite')) : [];
  const mirror = Object.hasOwn(route, 'mirror') ? backendRef(mapIn(route, 'mirror'), home) : undefined;
  if (!redirect || !rewrite || (Object.hasOwn(route, 'mirror') && !mirror)) return undefined;
  const headers = mapIn(route, 'headers');
  return [
    ...headerFilter('RequestHeaderModifier', 'requestHeaderModifier', mapIn(headers, 'request')),
    ...headerFilter('ResponseHeaderModifier', 'responseHeaderModifier', mapIn(headers, 'response')),
    ...redirect,
    ...rewrite,
    ...(mirror ? [{ type: 'RequestMirror', requestMirror: { backendRef: mirror } }] : []),
  ];

  function headerFilter(type: string, key: string, change: PlainMap): readonly PlainMap[] {
    const named = (list: string) => Object.entries(mapIn(change, list)).map(([name, value]) => ({ name, value }));
    const { remove } = change;
    const [add, set] = [named('add'), named('set')];
    const body = {
      ...(set.length > 0 ? { set } : {}),
      ...(add.length > 0 ? { add } : {}),
      ...(isList(remove) && remove.length > 0 ? { remove } : {}),
    };
    return Object.keys(body).length > 0 ? [{ type, [key]: body }] : [];
  }
}

/** Istio answers a redirect with 301, the Gateway API with 302. */
function redirectOf(redirect: PlainMap): readonly PlainMap[] | undefined {
  const { uri, authority, scheme, redirectCode = 301, port, ...others } = redirect;
  if (Object.keys(others).length > 0) return undefined;
  const requestRedirect = {
    ...(scheme === undefined ? {} : { scheme }),
    ...(authority === undefined ? {} : { hostname: authority }),
    ...(port === undefined ? {} : { port }),
    ...(uri === undefined ? {} : { path: { type: 'ReplaceFullPath', replaceFullPath: uri } }),
    statusCode: redirectCode,
  };
  return [{ type: 'RequestRedirect', requestRedirect }];
}

/** Istio replaces what the match took of the path, which may be all of it. */
function rewriteOf(rewrite: PlainMap): readonly PlainMap[] | undefined {
  const { authority, ...others } = rewrite;
  if (Object.keys(others).length > 0 || typeof authority !== 'string') return undefined;
  return [{ type: 'URLRewrite', urlRewrite: { hostname: authority } }];
}

function loseOthers(map: PlainMap, known: ReadonlySet<string>, lose: Lose): void {
  for (const key of Object.keys(map)) if (!known.has(key)) lose(key);
}

function mapsIn(map: PlainMap, key: string): readonly PlainMap[] {
  const list = map[key];
  return isList(list) ? list.filter(isMap) : [];
}
