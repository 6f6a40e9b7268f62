// CEL rules of the Gateway API's CRDs: sigs.k8s.io/gateway-api apis/v1/{gateway,httproute}_types.go, object_reference_types.go.
import { refused, refusedKey, type Check, type Fault, type Subject } from './check.ts';
import { each, entries, field, has, isText, number, text, type Place } from './place.ts';

export const gatewayChecks: readonly Check[] = [listenerNames, listenerTls];
export const routeChecks: readonly Check[] = [backends];
export const httpRouteChecks: readonly Check[] = [...routeChecks, filters, paths];

function* listenerNames({ spec }: Subject): Generator<Fault> {
  const names = new Set<string>();
  const places = new Map<string, string>();
  for (const listener of each(spec, 'listeners')) {
    const name = text(listener, 'name');
    if (name !== '' && names.has(name)) yield refused(field(listener, 'name'), `Two listeners are named ${name}.`);
    names.add(name);
    const place = JSON.stringify([number(listener, 'port'), text(listener, 'protocol'), text(listener, 'hostname')]);
    const twin = places.get(place);
    if (twin !== undefined && twin !== name) yield refusedKey(listener, `Listener ${twin} has the same port, protocol and hostname.`);
    places.set(place, name);
  }
}

function* listenerTls({ spec }: Subject): Generator<Fault> {
  for (const listener of each(spec, 'listeners')) {
    const protocol = text(listener, 'protocol');
    const tls = field(listener, 'tls');
    if (['HTTP', 'TCP', 'UDP'].includes(protocol) && tls.node) yield refusedKey(tls, `A listener for ${protocol} has no \`tls\`.`);
    if (['TCP', 'UDP'].includes(protocol) && has(listener, 'hostname')) yield refusedKey(field(listener, 'hostname'), `A listener for ${protocol} has no \`hostname\`.`);
    if (protocol === 'HTTPS' && text(tls, 'mode') === 'Passthrough') yield refused(field(tls, 'mode'), 'A listener for HTTPS ends TLS: mode Terminate.');
    if (protocol === 'TLS' && !tls.node) yield refusedKey(listener, 'A listener for TLS needs `tls`.');
    const ends = tls.node && (text(tls, 'mode') || 'Terminate') === 'Terminate' && protocol !== 'HTTP';
    if (ends && !has(tls, 'certificateRefs') && entries(field(tls, 'options')).length === 0) yield refusedKey(tls, 'A listener that ends TLS needs `certificateRefs` or `options`.');
  }
}

function* backends({ spec }: Subject): Generator<Fault> {
  const rules = each(spec, 'rules');
  const filters = rules.flatMap((rule) => [...each(rule, 'filters'), ...each(rule, 'backendRefs').flatMap((ref) => each(ref, 'filters'))]);
  for (const ref of [...rules.flatMap((rule) => each(rule, 'backendRefs')), ...filters.map((filter) => field(filter, 'requestMirror', 'backendRef'))]) {
    const isService = text(ref, 'group') === '' && (text(ref, 'kind') || 'Service') === 'Service';
    if (ref.node?.kind === 'map' && isService && has(ref, 'name') && !has(ref, 'port')) yield refusedKey(ref, 'A backend that is a Service needs a `port`.');
  }
}

const fieldOfFilter: Readonly<Record<string, string>> = {
  RequestHeaderModifier: 'requestHeaderModifier', ResponseHeaderModifier: 'responseHeaderModifier', RequestMirror: 'requestMirror',
  RequestRedirect: 'requestRedirect', URLRewrite: 'urlRewrite', ExtensionRef: 'extensionRef', CORS: 'cors',
};

function* filters({ spec }: Subject): Generator<Fault> {
  for (const rule of each(spec, 'rules')) {
    const list = each(rule, 'filters');
    yield* filterFaults(list);
    yield* each(rule, 'backendRefs').flatMap((ref) => [...filterFaults(each(ref, 'filters'))]);
    const redirect = list.find((filter) => text(filter, 'type') === 'RequestRedirect');
    if (redirect && has(rule, 'backendRefs')) yield refusedKey(field(rule, 'backendRefs'), 'A rule that redirects has no `backendRefs`.');
  }
}

const once = ['RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestRedirect', 'URLRewrite', 'CORS'];

function* filterFaults(list: readonly Place[]): Generator<Fault> {
  const types = list.map((filter) => text(filter, 'type'));
  for (const [i, filter] of list.entries()) {
    const type = types[i]!;
    const own = fieldOfFilter[type];
    if (own === undefined) continue;
    if (!field(filter, own).node) yield refused(field(filter, 'type'), `A filter of type ${type} needs \`${own}\`.`);
    for (const other of Object.values(fieldOfFilter)) if (other !== own && field(filter, other).node) yield refusedKey(field(filter, other), `A filter of type ${type} has no \`${other}\`.`);
    if (once.includes(type) && types.indexOf(type) < i) yield refused(field(filter, 'type'), `There is one filter of type ${type} only.`);
    if (type === 'URLRewrite' && types.includes('RequestRedirect')) yield refused(field(filter, 'type'), 'A request is redirected or rewritten, not both.');
  }
}

function* paths({ spec }: Subject): Generator<Fault> {
  for (const path of each(spec, 'rules').flatMap((rule) => each(rule, 'matches')).map((match) => field(match, 'path'))) {
    const value = text(path, 'value');
    const isRegular = text(path, 'type') === 'RegularExpression';
    if (!isText(field(path, 'value')) || isRegular) continue;
    if (!value.startsWith('/')) yield refused(field(path, 'value'), `A path begins with "/", and "${value}" does not.`);
    else if (/\/\/|\/\.{1,2}(\/|$)|%2[fF]|#/.test(value)) yield refused(field(path, 'value'), `A path is written in its plain form, without "//", "/./", "/../", "%2f" and "#": "${value}" is not.`);
    else if (!/^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})+$/.test(value)) yield refused(field(path, 'value'), `A path has only characters that a URL takes: "${value}" has others.`);
  }
}
