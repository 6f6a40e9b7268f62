// Whether a request matches the conditions of a route, compared as Envoy does.
import { re2 } from '../../base/patterns/re2.ts';
import type { HttpMatch, TextMatch } from '../../model/specs.ts';

/** A request as a waypoint's HTTP chain sees it. */
export interface RoutedRequest {
  /** With its query. */
  readonly path: string;
  readonly method: string;
  /** `Host`, with a port where the client sends one. */
  readonly authority: string;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
}

/** Conditions of one match, whichever kind of route they were written in. */
export interface RouteCondition extends HttpMatch {
  /** Prefixes end at whole segments, as the Gateway API has it. */
  readonly bySegment: boolean;
}

/** Undefined if it is unknown: a claim of a token, or a regular expression that Envoy refuses. */
export function conditionHolds(condition: RouteCondition, request: RoutedRequest): boolean | undefined {
  const { method, scheme, authority, headers, withoutHeaders, queryParams } = condition;
  return every([
    pathHolds(condition, request.path),
    optional(method, request.method),
    // What arrives at an HTTP chain of a waypoint is plain HTTP. INFER
    optional(scheme, 'http'),
    optional(authority, request.authority),
    ...[...headers].map(([name, match]) => headerHolds(name, match, request)),
    ...[...withoutHeaders].map(([name, match]) => not(withoutHolds(name, match, request))),
    ...[...queryParams].map(([name, match]) => textHolds(match, queryOf(request.path, name))),
  ]);
}

/** Without the query. envoy source/common/common/matchers.cc PathMatcher::match; istio@86c9f01 .../route/route.go TranslateRouteMatch. */
function pathHolds({ uri, ignoreUriCase, bySegment }: RouteCondition, path: string): boolean | undefined {
  if (!uri || uri.how === 'any') return true;
  const requested = path.replace(/[?#].*$/s, '');
  if (uri.how === 'regex') return regexHolds(uri.value, requested);
  const [wanted, given] = ignoreUriCase ? [uri.value.toLowerCase(), requested.toLowerCase()] : [uri.value, requested];
  if (uri.how === 'exact') return given === wanted;
  if (!bySegment || wanted === '/') return given.startsWith(wanted);
  const segment = wanted.replace(/\/$/, '');
  return given === segment || given.startsWith(`${segment}/`);
}

function headerHolds(name: string, match: TextMatch, request: RoutedRequest): boolean | undefined {
  return isClaim(name) ? undefined : textHolds(match, headerOf(name, request));
}

/** A header that is not there counts as an empty one. istio@86c9f01 .../route/route.go TranslateRouteMatch (TreatMissingHeaderAsEmpty). */
function withoutHolds(name: string, match: TextMatch, request: RoutedRequest): boolean | undefined {
  if (isClaim(name)) return undefined;
  const value = headerOf(name, request);
  return textHolds(match, match.how === 'any' ? value : (value ?? ''));
}

function headerOf(name: string, { method, path, authority, headers }: RoutedRequest): string | undefined {
  switch (name.toLowerCase()) {
    case ':method':
      return method;
    case ':path':
      return path;
    case ':authority':
    case 'host':
      return authority;
    case ':scheme':
      return 'http';
    default:
      return headers.get(name.toLowerCase());
  }
}

/** istio@86c9f01 pkg/jwt/routing.go ToRoutingClaim. */
function isClaim(name: string): boolean {
  return name.toLowerCase().startsWith('@request.auth.claims');
}

/** The first value, as it is written. envoy source/common/http/utility.cc QueryParamsMulti::parseQueryString. */
function queryOf(path: string, name: string): string | undefined {
  const [, query = ''] = /\?([^#]*)/.exec(path) ?? [];
  for (const pair of query.split('&')) {
    const at = pair.indexOf('=');
    if ((at < 0 ? pair : pair.slice(0, at)) === name && pair !== '') return at < 0 ? '' : pair.slice(at + 1);
  }
  return undefined;
}

function optional(match: TextMatch | undefined, value: string): boolean | undefined {
  return match ? textHolds(match, value) : true;
}

export function textHolds({ how, value }: TextMatch, actual: string | undefined): boolean | undefined {
  if (actual === undefined) return false;
  if (how === 'any') return true;
  if (how === 'regex') return regexHolds(value, actual);
  return how === 'exact' ? actual === value : actual.startsWith(value);
}

/** Envoy refuses the whole configuration of routes where it cannot read an expression: what then happens is unknown. */
function regexHolds(pattern: string, actual: string): boolean | undefined {
  const expression = re2(pattern);
  return expression.kind === 'valid' ? expression.matches(actual) : undefined;
}

function every(answers: readonly (boolean | undefined)[]): boolean | undefined {
  if (answers.includes(false)) return false;
  return answers.includes(undefined) ? undefined : true;
}

function not(answer: boolean | undefined): boolean | undefined {
  return answer === undefined ? undefined : !answer;
}
