// Whether a request meets a RouteMatch that Istio writes: the matchers that occur, and no more. One that is unknown here throws.
// envoy source/common/router/config_impl.cc, source/common/http/header_utility.cc

export interface RouteMatch extends Node {
  readonly headers?: readonly Node[];
  readonly queryParameters?: readonly Node[];
}
type Node = Readonly<Record<string, unknown>>;

export interface Asked {
  /** With its query. */
  readonly path: string;
  /** Pseudo headers too, names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
}

export function routeMatches(
  { headers = [], queryParameters = [], caseSensitive = true, ...kinds }: RouteMatch,
  asked: Asked,
): boolean {
  const path = asked.path.replace(/[?#].*$/s, '');
  const fold = (text: unknown) => (caseSensitive === false ? String(text).toLowerCase() : String(text));
  for (const [kind, value] of Object.entries(kinds)) {
    if (!pathMatches(kind, value, fold, path)) return false;
  }
  return (
    headers.every((one) => headerMatches(one, asked.headers)) &&
    queryParameters.every((one) => queryMatches(one, asked.path))
  );
}

function pathMatches(kind: string, value: unknown, fold: (text: unknown) => string, path: string): boolean {
  const given = fold(path);
  switch (kind) {
    case 'prefix':
      return given.startsWith(fold(value));
    case 'path':
      return given === fold(value);
    case 'pathSeparatedPrefix':
      return given === fold(value) || given.startsWith(`${fold(value)}/`);
    case 'safeRegex':
      return new RegExp(`^(?:${(value as { regex: string }).regex})$`).test(path);
    default:
      throw new Error(`unknown matcher ${kind} of a route`);
  }
}

function headerMatches(
  { name, invertMatch = false, treatMissingHeaderAsEmpty = false, presentMatch, stringMatch, ...other }: Node,
  headers: ReadonlyMap<string, string>,
): boolean {
  if (Object.keys(other).length > 0) throw new Error(`unknown header matcher ${JSON.stringify(other)}`);
  const sent =
    headers.get(String(name).toLowerCase()) ??
    (treatMissingHeaderAsEmpty && presentMatch === undefined ? '' : undefined);
  // A value that is not there meets nothing, not even what is turned round.
  if (presentMatch === undefined) return sent !== undefined && textMatches(stringMatch as Node, sent) !== invertMatch;
  return ((sent !== undefined) === presentMatch) !== invertMatch;
}

function queryMatches({ name, presentMatch, stringMatch, ...other }: Node, path: string): boolean {
  if (Object.keys(other).length > 0) throw new Error(`unknown parameter matcher ${JSON.stringify(other)}`);
  const pairs = (/\?([^#]*)/.exec(path)?.[1] ?? '').split('&').map((pair) => pair.split('='));
  const value = pairs
    .find(([key]) => key === name)
    ?.slice(1)
    .join('=');
  return presentMatch === undefined
    ? value !== undefined && textMatches(stringMatch as Node, value)
    : (value !== undefined) === presentMatch;
}

function textMatches(matcher: Node, actual: string): boolean {
  const [[kind, value] = ['', undefined]] = Object.entries(matcher);
  switch (kind) {
    case 'exact':
      return actual === value;
    case 'prefix':
      return actual.startsWith(String(value));
    case 'suffix':
      return actual.endsWith(String(value));
    case 'safeRegex':
      return new RegExp(`^(?:${(value as { regex: string }).regex})$`).test(actual);
    default:
      throw new Error(`unknown text matcher ${JSON.stringify(matcher)}`);
  }
}
