// CEL rules of the Gateway API's CRDs: sigs.k8s.io/gateway-api apis/v1/{gateway,httproute}_types.go, object_reference_types.go.
import { refused, refusedKey, type Check, type Fault, type Subject } from './combination-check.ts';
import { filterFieldFaults, insideFilter } from './gateway-filters.ts';
import { parentRefs, rulesOfRoute, uniqueItems } from './gateway-lists.ts';
import { isIpAddress } from '../../names/addresses.ts';
import { isPlaceholder } from '../../model/placeholders.ts';
import { each, entries, field, has, isText, number, text, type Place } from './field-place.ts';
import { isGatewayHostname, isQualifiedName } from '../../names/kubernetes-names.ts';

export const gatewayChecks: readonly Check[] = [listenerNames, listenerTls, addresses];
export const routeChecks: readonly Check[] = [backends, parentRefs, rulesOfRoute];
export const httpRouteChecks: readonly Check[] = [...routeChecks, filters, paths, timeouts];

function* listenerNames({ spec }: Subject): Generator<Fault> {
  const names = new Set<string>();
  const places = new Map<string, string>();
  for (const listener of each(spec, 'listeners')) {
    const name = text(listener, 'name');
    if (name !== '' && names.has(name)) yield refused(field(listener, 'name'), `Two listeners are named ${name}.`);
    names.add(name);
    const place = JSON.stringify([number(listener, 'port'), text(listener, 'protocol'), text(listener, 'hostname')]);
    const twin = places.get(place);
    if (twin !== undefined && twin !== name)
      yield refusedKey(listener, `Listener ${twin} has the same port, protocol and hostname.`);
    places.set(place, name);
  }
}

function* listenerTls({ spec }: Subject): Generator<Fault> {
  for (const listener of each(spec, 'listeners')) yield* tlsFaults(listener);
}

function* tlsFaults(listener: Place): Generator<Fault> {
  const protocol = text(listener, 'protocol');
  const tls = field(listener, 'tls');
  if (['HTTP', 'TCP', 'UDP'].includes(protocol) && tls.node)
    yield refusedKey(tls, `A listener for ${protocol} must not have \`tls\`.`);
  if (['TCP', 'UDP'].includes(protocol) && has(listener, 'hostname'))
    yield refusedKey(field(listener, 'hostname'), `A listener for ${protocol} must not have a \`hostname\`.`);
  if (protocol === 'HTTPS' && text(tls, 'mode') === 'Passthrough')
    yield refused(field(tls, 'mode'), 'A listener for HTTPS must have TLS mode Terminate.');
  if (protocol === 'TLS' && !tls.node) yield refusedKey(listener, 'A listener for TLS needs `tls`.');
  const ends = tls.node && (text(tls, 'mode') || 'Terminate') === 'Terminate' && protocol !== 'HTTP';
  if (ends && !has(tls, 'certificateRefs') && entries(field(tls, 'options')).length === 0)
    yield refusedKey(tls, 'A listener that terminates TLS needs `certificateRefs` or `options`.');
}

function* backends({ spec }: Subject): Generator<Fault> {
  const rules = each(spec, 'rules');
  const filters = rules.flatMap((rule) => [
    ...each(rule, 'filters'),
    ...each(rule, 'backendRefs').flatMap((ref) => each(ref, 'filters')),
  ]);
  for (const ref of [
    ...rules.flatMap((rule) => each(rule, 'backendRefs')),
    ...filters.flatMap((filter) => [
      field(filter, 'requestMirror', 'backendRef'),
      field(filter, 'externalAuth', 'backendRef'),
    ]),
  ]) {
    const isService = text(ref, 'group') === '' && (text(ref, 'kind') || 'Service') === 'Service';
    if (ref.node?.kind === 'map' && isService && has(ref, 'name') && !has(ref, 'port'))
      yield refusedKey(ref, 'A backend that is a Service needs a `port`.');
  }
}

const fieldOfFilter: Readonly<Record<string, string>> = {
  RequestHeaderModifier: 'requestHeaderModifier',
  ResponseHeaderModifier: 'responseHeaderModifier',
  RequestMirror: 'requestMirror',
  RequestRedirect: 'requestRedirect',
  URLRewrite: 'urlRewrite',
  ExtensionRef: 'extensionRef',
  CORS: 'cors',
  ExternalAuth: 'externalAuth',
};

function* filters({ spec }: Subject): Generator<Fault> {
  for (const rule of each(spec, 'rules')) {
    const list = each(rule, 'filters');
    yield* filterFaults(list);
    yield* each(rule, 'backendRefs').flatMap((ref) => [...filterFaults(each(ref, 'filters'))]);
    const redirect = list.find((filter) => text(filter, 'type') === 'RequestRedirect');
    if (redirect && has(rule, 'backendRefs'))
      yield refusedKey(field(rule, 'backendRefs'), 'A rule that redirects must not have `backendRefs`.');
  }
}

const once = ['RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestRedirect', 'URLRewrite', 'CORS'];

function* filterFaults(list: readonly Place[]): Generator<Fault> {
  const types = list.map((filter) => text(filter, 'type'));
  yield* list.flatMap((filter) => [...insideFilter(filter)]);
  for (const [i, filter] of list.entries()) {
    const type = types[i]!;
    if (!(type in fieldOfFilter)) continue;
    yield* filterFieldFaults(filter, type, fieldOfFilter);
    if (once.includes(type) && types.indexOf(type) < i)
      yield refused(field(filter, 'type'), `Only one filter of type ${type} is allowed.`);
    if (type === 'URLRewrite' && types.includes('RequestRedirect'))
      yield refused(field(filter, 'type'), 'A rule can redirect or rewrite a request, not both.');
  }
}

/** Go's durations in the form that the Gateway API takes: at most four whole parts. */
function milliseconds(duration: string): number {
  const units: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
  return [...duration.matchAll(/(\d+)(ms|h|m|s)/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * units[unit!]!,
    0,
  );
}

function* timeouts({ spec }: Subject): Generator<Fault> {
  const rules = field(spec, 'rules');
  if (rules.node && !has(rules))
    yield refusedKey(
      rules,
      'A route needs at least one rule; without the field `rules` it has one that matches everything.',
    );
  for (const rule of each(spec, 'rules')) {
    yield* ruleFaults(rule);
    if (!takesPrefix(rule)) yield* prefixFaults(rule);
  }
}

function* ruleFaults(rule: Place): Generator<Fault> {
  const [whole, part] = [
    milliseconds(text(rule, 'timeouts', 'request')),
    milliseconds(text(rule, 'timeouts', 'backendRequest')),
  ];
  if (whole > 0 && part > whole)
    yield refused(
      field(rule, 'timeouts', 'backendRequest'),
      '`backendRequest` must not be longer than `request`, the timeout of the whole request.',
    );
  yield* uniqueItems(field(rule, 'retry', 'codes'));
  if ((number(rule, 'retry', 'attempts') ?? 1) < 1)
    yield refused(field(rule, 'retry', 'attempts'), '`attempts` must be at least 1.');
  for (const match of each(rule, 'matches'))
    for (const name of ['headers', 'queryParams']) yield* uniqueItems(field(match, name));
}

/** Whether there is exactly one match, of a prefix, which is the default. */
function takesPrefix(rule: Place): boolean {
  if (!field(rule, 'matches').node) return true;
  const [match, ...more] = each(rule, 'matches');
  if (!match || more.length > 0) return false;
  return !has(match, 'path', 'type') || text(match, 'path', 'type') === 'PathPrefix';
}

function* prefixFaults(rule: Place): Generator<Fault> {
  for (const filter of each(rule, 'filters')) {
    for (const name of ['requestRedirect', 'urlRewrite']) {
      const prefix = field(filter, name, 'path', 'replacePrefixMatch');
      if (prefix.node && text(filter, name, 'path', 'type') === 'ReplacePrefixMatch')
        yield refusedKey(prefix, '`replacePrefixMatch` needs exactly one match, of type PathPrefix.');
    }
  }
}

function* addresses({ spec }: Subject): Generator<Fault> {
  const seen = new Set<string>();
  for (const address of each(spec, 'addresses')) {
    const [type, value] = [text(address, 'type') || 'IPAddress', text(address, 'value')];
    const at = field(address, 'value');
    if (isPlaceholder(value)) continue;
    if (isText(at) && type === 'Hostname' && !isGatewayHostname(value))
      yield refused(at, `"${value}" is not a valid host name, such as httpbin.org.`);
    if (isText(at) && type === 'IPAddress' && !isIpAddress(value))
      yield refused(at, `"${value}" is not a valid IP address.`);
    if (value !== '' && ['IPAddress', 'Hostname'].includes(type) && seen.has(`${type} ${value}`))
      yield refused(at, `The address ${value} is listed twice.`);
    seen.add(`${type} ${value}`);
  }
  yield* infrastructureFaults(field(spec, 'infrastructure'));
}

function* infrastructureFaults(infrastructure: Place): Generator<Fault> {
  for (const name of ['labels', 'annotations']) {
    for (const { key, place } of entries(field(infrastructure, name))) {
      if (!isQualifiedName(key))
        yield refusedKey(place, `"${key}" is not a valid label or annotation key, such as example.com/name.`);
    }
  }
}

function* paths({ spec }: Subject): Generator<Fault> {
  for (const path of each(spec, 'rules')
    .flatMap((rule) => each(rule, 'matches'))
    .map((match) => field(match, 'path'))) {
    const value = text(path, 'value');
    const isRegular = text(path, 'type') === 'RegularExpression';
    if (!isText(field(path, 'value')) || isRegular) continue;
    if (!value.startsWith('/')) yield refused(field(path, 'value'), `The path "${value}" must begin with "/".`);
    else if (/\/\/|\/\.{1,2}(\/|$)|%2[fF]|#/.test(value))
      yield refused(field(path, 'value'), `The path "${value}" must not contain "//", "/./", "/../", "%2f" or "#".`);
    else if (!/^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})+$/.test(value))
      yield refused(field(path, 'value'), `The path "${value}" has characters that are not allowed in a URL.`);
  }
}
