// What one HTTP route of a VirtualService says beside where requests go. istio@86c9f01 pkg/config/validation/virtualservice.go validateHTTPRoute.
import { refused, refusedKey, type Fault, type Subject } from './combination-check.ts';
import { labelFaults } from './common.ts';
import { destinationFaults, gatewayNameFaults } from './destinations.ts';
import { faultFaults, statusFault } from './injected-faults.ts';
import { isHeaderValue } from './header-value.ts';
import { expressionFaults } from './expressions.ts';
import { isDnsLabel } from '../../names/domains.ts';
import { each, entries, field, has, isText, number, text, type Place } from './field-place.ts';

export function* httpDetails({ spec }: Subject): Generator<Fault> {
  for (const route of each(spec, 'http')) {
    if (route.node?.kind !== 'map') continue;
    for (const match of each(route, 'match')) yield* matchFaults(match);
    yield* rewriteFaults(field(route, 'rewrite'));
    yield* redirectFaults(field(route, 'redirect'), route);
    yield* retryFaults(field(route, 'retries'));
    yield* corsFaults(field(route, 'corsPolicy'));
    yield* faultFaults(field(route, 'fault'));
    yield* statusFault(field(route, 'directResponse', 'status'));
    const body = field(route, 'directResponse', 'body');
    if (field(body, 'string').node && field(body, 'bytes').node)
      yield refusedKey(field(body, 'bytes'), 'Only one of `string` and `bytes` may be set.');
    for (const share of [
      field(route, 'mirrorPercentage'),
      ...each(route, 'mirrors').map((mirror) => field(mirror, 'percentage')),
    ])
      yield* percentFault(field(share, 'value'));
    for (const to of [field(route, 'mirror'), ...each(route, 'mirrors').map((mirror) => field(mirror, 'destination'))])
      yield* destinationFaults(to);
    if ((number(route, 'mirrorPercent') ?? 0) > 100)
      yield refused(field(route, 'mirrorPercent'), 'A percentage must be from 0 to 100.');
    for (const holder of [route, ...each(route, 'route')]) yield* headerFaults(field(holder, 'headers'));
  }
}

/** validateStringMatch: an empty prefix or expression would match everything; an empty `uri.prefix` is taken. */
function* textMatchFaults(match: Place, isUri = false, mayBeStar = false): Generator<Fault> {
  const set = entries(match);
  if (set.length > 1)
    yield refusedKey(
      set[1]!.place,
      `Only one of \`exact\`, \`prefix\` and \`regex\` may be set; \`${set[0]!.key}\` is set too.`,
    );
  for (const name of isUri ? ['regex'] : ['prefix', 'regex']) {
    const at = field(match, name);
    if (isText(at) && text(at) === '') yield refused(at, `\`${name}\` must not be empty.`);
  }
  if (!mayBeStar) yield* expressionFaults(field(match, 'regex'));
}

const headerName = /^[!#$%&'*+\-.^_`|~A-Za-z0-9]+$/;
const pseudo = [':method', ':scheme', ':authority', ':path', ':status'];

function* matchFaults(match: Place): Generator<Fault> {
  for (const name of ['uri', 'scheme', 'method', 'authority'])
    yield* textMatchFaults(field(match, name), name === 'uri');
  for (const list of ['headers', 'queryParams', 'withoutHeaders']) {
    for (const { key, place } of entries(field(match, list))) {
      if (
        list !== 'queryParams' &&
        !headerName.test(key) &&
        !pseudo.includes(key) &&
        !/^@request\.auth\.claims(\..|\[.+\])/i.test(key)
      )
        yield refusedKey(place, `"${key}" is not a valid header name.`);
      yield* textMatchFaults(place, false, list === 'withoutHeaders' && text(place, 'regex') === '*');
    }
  }
  yield* labelFaults(field(match, 'sourceLabels'));
  // istiod gives no warnings for gateways here: validateHTTPRouteMatchRequest returns only errors.
  for (const fault of gatewayNameFaults(field(match, 'gateways'))) if (fault.severity === 'error') yield fault;
  const home = text(match, 'sourceNamespace');
  if (home !== '' && !isDnsLabel(home))
    yield refused(
      field(match, 'sourceNamespace'),
      `"${home}" is not a valid namespace: use lower-case letters, digits and "-".`,
    );
  yield* portFault(field(match, 'port'), true);
}

/** A port is from 1 to 65535; 0 means no port where it is optional. */
export function* portFault(at: Place, zeroIsNone: boolean): Generator<Fault> {
  const value = number(at);
  if (value !== undefined && (value > 65535 || value < 0 || (value === 0 && !zeroIsNone)))
    yield refused(at, 'A port must be a number from 1 to 65535.');
}

function* rewriteFaults(rewrite: Place): Generator<Fault> {
  if (rewrite.node?.kind !== 'map') return;
  const regex = field(rewrite, 'uriRegexRewrite');
  if (has(rewrite, 'uri') && regex.node) yield refusedKey(regex, 'Only one of `uri` and `uriRegexRewrite` may be set.');
  else if (!has(rewrite, 'uri') && !regex.node && !has(rewrite, 'authority'))
    yield refusedKey(rewrite, 'A rewrite needs `uri`, `uriRegexRewrite` or `authority`.');
  else if (regex.node && (!has(regex, 'match') || !has(regex, 'rewrite')))
    yield refusedKey(regex, '`uriRegexRewrite` needs both `match` and `rewrite`.');
  else yield* expressionFaults(field(regex, 'match'));
}

function* redirectFaults(redirect: Place, route: Place): Generator<Fault> {
  if (redirect.node?.kind !== 'map') return;
  const prefix = field(redirect, 'prefixRewrite');
  if (has(redirect, 'uri') && has(prefix))
    yield refusedKey(prefix, 'Only one of `uri` and `prefixRewrite` may be set.');
  else if (
    has(prefix) &&
    each(route, 'match').some((match) => field(match, 'uri').node && !field(match, 'uri', 'prefix').node)
  )
    yield refusedKey(prefix, '`prefixRewrite` needs a match with `prefix`.');
  yield* redirectTargetFaults(redirect);
}

function* redirectTargetFaults(redirect: Place): Generator<Fault> {
  if (field(redirect, 'port').node && field(redirect, 'derivePort').node)
    yield refusedKey(field(redirect, 'derivePort'), 'Only one of `port` and `derivePort` may be set.');
  const code = number(redirect, 'redirectCode') ?? 0;
  if (code !== 0 && (code < 300 || code > 399))
    yield refused(field(redirect, 'redirectCode'), 'The status of a redirect must be from 300 to 399.');
  const scheme = text(redirect, 'scheme');
  if (scheme !== '' && scheme !== 'http' && scheme !== 'https')
    yield refused(field(redirect, 'scheme'), 'The scheme of a redirect must be http or https.');
  yield* portFault(field(redirect, 'port'), true);
}

const retryOn: ReadonlySet<string> = new Set(
  (
    '5xx gateway-error reset reset-before-request connect-failure retriable-4xx refused-stream retriable-status-codes retriable-headers envoy-ratelimited ' +
    'http3-post-connect-failure cancelled deadline-exceeded internal resource-exhausted unavailable'
  ).split(' '),
);
/** Those that Go's net/http has a text for: from, to. */
const knownStatuses: readonly (readonly [first: number, last: number])[] = [
  [100, 103],
  [200, 208],
  [226, 226],
  [300, 305],
  [307, 308],
  [400, 418],
  [421, 426],
  [428, 429],
  [431, 431],
  [451, 451],
  [500, 508],
  [510, 511],
];
const isStatus = (code: number) => knownStatuses.some(([first, last]) => code >= first && code <= last);

function* retryFaults(retries: Place): Generator<Fault> {
  if (retries.node?.kind !== 'map') return;
  const attempts = number(retries, 'attempts') ?? 0;
  const other = ['perTryTimeout', 'retryOn', 'retryRemoteLocalities'].find((name) => has(retries, name));
  if (attempts < 0) yield refused(field(retries, 'attempts'), '`attempts` must not be negative.');
  if (attempts === 0 && other !== undefined)
    yield refusedKey(field(retries, other), `Without \`attempts\` there are no retries: \`${other}\` must not be set.`);
  const unknown =
    text(retries, 'retryOn') === ''
      ? undefined
      : text(retries, 'retryOn')
          .split(',')
          .find((policy) => !retryOn.has(policy) && !isStatus(/^[+-]?\d+$/.test(policy) ? Number(policy) : 0));
  if (unknown !== undefined)
    yield refused(
      field(retries, 'retryOn'),
      `"${unknown}" is not a valid retry condition of Envoy, such as 5xx or connect-failure.`,
    );
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', '*'];

function* corsFaults(cors: Place): Generator<Fault> {
  for (const origin of each(cors, 'allowOrigins')) {
    yield* textMatchFaults(origin, true);
    if (origin.node?.kind === 'map' && !['exact', 'prefix', 'regex'].some((name) => has(origin, name)))
      yield refusedKey(origin, 'An origin needs `exact`, `prefix` or `regex`.');
  }
  for (const method of each(cors, 'allowMethods'))
    if (isText(method) && !methods.includes(text(method)))
      yield refused(method, `"${text(method)}" is not a valid HTTP method.`);
  for (const name of ['allowHeaders', 'exposeHeaders'])
    for (const header of each(cors, name))
      if (isText(header) && !headerName.test(text(header)))
        yield refused(header, `"${text(header)}" is not a valid header name.`);
  if (/\dms|\.\d*[1-9]\d*s/.test(text(cors, 'maxAge')))
    yield refused(field(cors, 'maxAge'), '`maxAge` must be in whole seconds.');
}

function* percentFault(at: Place): Generator<Fault> {
  const value = number(at);
  if (value !== undefined && (value < 0 || value > 100)) yield refused(at, 'A percentage must be from 0 to 100.');
}

function* headerFaults(headers: Place): Generator<Fault> {
  for (const side of ['request', 'response']) {
    for (const name of ['add', 'set'])
      for (const { key, place } of entries(field(headers, side, name))) {
        yield* headerFault(place, key, side === 'request');
        if (isText(place) && !isHeaderValue(text(place)))
          yield refused(
            place,
            `"${text(place)}" is not a valid header value: \`%\` begins a variable such as %HOSTNAME%; write %% for a percent sign.`,
          );
      }
    for (const item of each(headers, side, 'remove')) if (isText(item)) yield* headerFault(item, text(item), false);
  }
}

function* headerFault(at: Place, name: string, mayBeHost: boolean): Generator<Fault> {
  const isHost = /^(host|:authority)$/i.test(name);
  if (name === '') yield refused(at, 'A header needs a name.');
  else if (isHost ? !mayBeHost : name.startsWith(':'))
    yield refusedKey(at, `The header ${name} cannot be changed here.`);
}
