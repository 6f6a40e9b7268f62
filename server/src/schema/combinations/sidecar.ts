// istio@86c9f01 pkg/config/validation/validation.go ValidateSidecar; agent/validation.go ValidateNamespaceSlashWildcardHostname.
import { discouraged, refused, refusedKey, type Check, type Fault, type Subject } from './combination-check.ts';
import { selectorLabels, qualifiedHostFault } from './common.ts';
import { destinationFaults } from './destinations.ts';
import { isIpAddress } from '../../names/addresses.ts';
import { isDnsLabel, isDomain } from '../../names/domains.ts';
import { isPlaceholder } from '../../model/placeholders.ts';
import { each, field, has, isText, number, text, type Place } from './field-place.ts';
import { ingressListeners, portNames } from './sidecar-ingress.ts';

export const sidecarChecks: readonly Check[] = [
  empty,
  ({ spec }) => selectorLabels(field(spec, 'workloadSelector'), 'labels'),
  listeners,
  ingressListeners,
  hosts,
  outbound,
];

function* empty({ spec, root }: Subject): Generator<Fault> {
  const isSet =
    has(spec, 'egress') ||
    has(spec, 'ingress') ||
    field(spec, 'outboundTrafficPolicy').node ||
    field(spec, 'inboundConnectionPool').node;
  if (!isSet)
    yield refusedKey(
      spec.node ? spec : field(root, 'kind'),
      'A Sidecar must set `egress`, `ingress`, `outboundTrafficPolicy` or `inboundConnectionPool`.',
    );
}

function* listeners({ spec }: Subject): Generator<Fault> {
  const egress = each(spec, 'egress');
  const numbers = new Set<number>();
  for (const [i, listener] of egress.entries()) {
    const port = field(listener, 'port');
    const value = number(port, 'number') ?? 0;
    if (!port.node && i < egress.length - 1)
      yield refusedKey(
        listener,
        'Only one listener may have no port, and it must be the last: it is for all remaining traffic.',
      );
    yield* portNames(port);
    if (value > 65535) yield refused(field(port, 'number'), 'A port must be a number from 1 to 65535.');
    if (port.node && value === 0 && !text(listener, 'bind').startsWith('unix://'))
      yield refusedKey(port, 'A listener without a port number must bind to a socket (`bind: unix://...`).');
    yield* bindFaults(listener, value);
    if (value !== 0 && numbers.has(value)) yield refused(field(port, 'number'), `Two listeners have port ${value}.`);
    if (value !== 0) numbers.add(value);
  }
}

function* bindFaults(listener: Place, value: number): Generator<Fault> {
  const bind = text(listener, 'bind');
  if (value !== 0 && bind !== '' && !isIpAddress(bind))
    yield refused(field(listener, 'bind'), `"${bind}" is not a valid IP address to bind to.`);
  if (listener.node?.kind === 'map' && !has(listener, 'hosts'))
    yield refusedKey(listener, 'A listener needs at least one host.');
}

function* outbound({ spec }: Subject): Generator<Fault> {
  const policy = field(spec, 'outboundTrafficPolicy');
  const proxy = field(policy, 'egressProxy');
  if (proxy.node && text(policy, 'mode') !== 'ALLOW_ANY')
    yield refusedKey(proxy, '`egressProxy` is allowed only with mode ALLOW_ANY.');
  else if (proxy.node && !field(proxy, 'port').node) yield refusedKey(proxy, 'An `egressProxy` needs a `port`.');
  else if (isText(field(proxy, 'host')) && !isDomain(text(proxy, 'host')))
    yield refused(
      field(proxy, 'host'),
      `"${text(proxy, 'host')}" is not a fully qualified host name, such as proxy.shop.svc.cluster.local.`,
    );
  else yield* destinationFaults(proxy);
}

function* hosts({ spec, namespace }: Subject): Generator<Fault> {
  for (const listener of each(spec, 'egress')) {
    const seen = new Map<string, Set<string>>();
    for (const host of each(listener, 'hosts')) yield* hostOfListener(host, seen, namespace);
    const everything = seen.get('*')?.has('*') === true && seen.size > 1;
    if (everything)
      yield discouraged(field(listener, 'hosts'), '`*/*` imports everything: the other hosts have no effect.');
  }
}

function* hostOfListener(host: Place, seen: Map<string, Set<string>>, namespace: string | undefined): Generator<Fault> {
  if (!isText(host) || isPlaceholder(text(host))) return;
  const [home = '', ...rest] = text(host).split('/');
  const name = rest.join('/');
  if (rest.length === 0)
    yield refused(
      host,
      `Write a host of a Sidecar as NAMESPACE/HOST, such as "./${home || '*'}" or "*/${home || '*'}".`,
    );
  else yield* hostFault(host, home, name);
  if (rest.length === 0 || home.startsWith('~')) return;
  yield* repeated(host, seen, home === '.' ? (namespace ?? '.') : home, name);
}

function* hostFault(host: Place, written: string, name: string): Generator<Fault> {
  const home = written.replace(/^~/, '');
  if (written === '' || name === '')
    yield refused(host, 'Write both the namespace and the host, such as egress/httpbin.org.');
  else if (home !== '' && home !== '*' && home !== '.' && !isDnsLabel(home))
    yield refused(host, `"${written}" is not a valid namespace: use lower-case letters, digits and "-".`);
  else yield* qualifiedHostFault(host, name, 'Sidecar');
}

function* repeated(host: Place, seen: Map<string, Set<string>>, home: string, name: string): Generator<Fault> {
  const names = seen.get(home) ?? new Set<string>();
  seen.set(home, names);
  if (name === '*' ? names.size > 0 : names.has(name) || names.has('*'))
    yield discouraged(host, `${text(host)} is already imported by another item.`);
  names.add(name);
}
