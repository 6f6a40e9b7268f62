// istio@86c9f01 pkg/config/validation/validation.go ValidateServiceEntry, and the CEL rules of its CRD.
import { isNewer } from '../catalogue.ts';
import {
  discouraged,
  refused,
  refusedKey,
  ofField,
  type Check,
  type Fault,
  type Subject,
} from './combination-check.ts';
import { exportTo, selectorLabels } from './common.ts';
import { endpointFaults } from './endpoints.ts';
import { isAddressOrRange } from '../../names/addresses.ts';
import { isDnsLabel, isDomain, isWildcardDomain } from '../../names/domains.ts';
import { isPlaceholder } from '../../model/placeholders.ts';
import { protocolKind } from '../../names/protocols.ts';
import { each, field, has, isText, number, text, type Place } from './field-place.ts';

export const serviceEntryChecks: readonly Check[] = [
  ofField('hosts', hosts),
  ofField('workloadSelector', selector),
  ofField('addresses', addresses),
  ofField('ports', ports),
  ofField('addresses', hostsAndAddresses),
  ofField('resolution', dynamicDns),
  ofField('ports', severalHosts),
  ofField('endpoints', endpointFaults),
  ofField('exportTo', (subject) => exportTo(subject, { allowsNone: true })),
];

const resolutionOf = ({ spec }: Pick<Subject, 'spec'>): string => text(spec, 'resolution') || 'NONE';

function isDns(resolution: string): boolean {
  return resolution === 'DNS' || resolution === 'DNS_ROUND_ROBIN';
}

function* hosts(subject: Subject): Generator<Fault> {
  const { spec } = subject;
  const resolution = resolutionOf(subject);
  const needsName = isDns(resolution) && !has(spec, 'endpoints');
  for (const host of each(spec, 'hosts')) {
    const name = text(host);
    // A whole name is right in every case, as most are.
    if (!isText(host) || isDomain(name) || isPlaceholder(name)) continue;
    if (name === '*')
      yield refused(host, 'A ServiceEntry cannot have the host `*`: name a domain, such as `*.example.com`.');
    else if (!isWildcardDomain(name))
      yield refused(
        host,
        `"${name}" is not a valid host: use DNS labels separated by dots, such as httpbin.org or *.example.com.`,
      );
    else if (needsName)
      yield refused(
        host,
        `With resolution ${resolution} and no endpoints the proxy looks up the host, so it must be a fully qualified name, not ${name}.`,
      );
    else if (/^\*[^.]/.test(name) && resolution !== 'DYNAMIC_DNS')
      yield discouraged(host, `In ${name} the \`*\` is only part of a DNS label: it must be the whole first label.`);
  }
}

function* selector(subject: Subject): Generator<Fault> {
  const { spec } = subject;
  const place = field(spec, 'workloadSelector');
  if (!place.node) return;
  if (field(spec, 'endpoints').node)
    yield refusedKey(place, 'Only one of `workloadSelector` and `endpoints` may be set.');
  yield* selectorLabels(place, 'labels');
  if (resolutionOf(subject) === 'NONE')
    yield discouraged(
      place,
      'With resolution NONE requests go to the address that the client calls, so the selected workloads are not used.',
    );
}

function* addresses(subject: Subject): Generator<Fault> {
  const resolution = resolutionOf(subject);
  for (const address of each(subject.spec, 'addresses')) {
    const value = text(address);
    if (!isText(address) || isPlaceholder(value)) continue;
    if (!isAddressOrRange(value))
      yield refused(address, `"${value}" is not a valid IP address or CIDR range, such as 10.0.0.0/8.`);
    else if (value.includes('/') && resolution !== 'NONE' && resolution !== 'STATIC')
      yield refused(address, `A CIDR range needs resolution NONE or STATIC, not ${resolution}.`);
  }
}

function* ports({ spec }: Subject): Generator<Fault> {
  const numbers = new Set<number>();
  const names = new Set<string>();
  for (const port of each(spec, 'ports')) {
    const [value, name, protocol] = [number(port, 'number'), text(port, 'name'), text(port, 'protocol')];
    if (value !== undefined && numbers.has(value))
      yield refused(field(port, 'number'), `Port ${value} is listed twice.`);
    if (name !== '' && names.has(name)) yield refused(field(port, 'name'), `Two ports are named ${name}.`);
    if (isText(field(port, 'name')) && !isDnsLabel(name))
      yield refused(field(port, 'name'), `"${name}" is not a valid port name: use at most 63 letters, digits and "-".`);
    if (protocol !== '' && !isProtocol(protocol))
      yield refused(field(port, 'protocol'), `"${protocol}" is not a valid protocol, such as HTTP, TLS or TCP.`);
    if (value !== undefined) numbers.add(value);
    names.add(name);
  }
}

/** Sniffing is for an absent protocol only. */
function isProtocol(protocol: string): boolean {
  return protocolKind(protocol) !== 'sniffed';
}

const dynamicProtocols: ReadonlySet<string> = new Set(['http', 'http2', 'grpc', 'tls']);

function* dynamicDns(subject: Subject): Generator<Fault> {
  const { spec, istioVersion } = subject;
  // Before, there is no such resolution, which is another finding.
  if (resolutionOf(subject) !== 'DYNAMIC_DNS' || isNewer('1.28', istioVersion)) return;
  for (const host of each(spec, 'hosts')) {
    if (text(host) !== '' && !text(host).startsWith('*'))
      yield refused(host, `With resolution DYNAMIC_DNS every host must be a wildcard, and ${text(host)} is not.`);
  }
  for (const name of ['addresses', 'endpoints']) {
    if (has(spec, name))
      yield refusedKey(
        field(spec, name),
        `With resolution DYNAMIC_DNS \`${name}\` must not be set: the waypoint looks up each name.`,
      );
  }
  for (const port of each(spec, 'ports')) yield* dynamicPortFaults(port);
  yield* dynamicWaypointFaults(subject);
}

function* dynamicPortFaults(port: Place): Generator<Fault> {
  const protocol = text(port, 'protocol');
  if (dynamicProtocols.has(protocol.toLowerCase()) || (protocol !== '' && !isProtocol(protocol))) return;
  yield protocol === ''
    ? refusedKey(port, 'With resolution DYNAMIC_DNS a port needs a protocol: HTTP, HTTP2, GRPC or TLS.')
    : refused(
        field(port, 'protocol'),
        `Resolution DYNAMIC_DNS supports the protocols HTTP, HTTP2, GRPC and TLS, not ${protocol}.`,
      );
}

function* dynamicWaypointFaults({ spec, root }: Subject): Generator<Fault> {
  const waypoint = text(root, 'metadata', 'labels', 'istio.io/use-waypoint');
  if (text(spec, 'location') === 'MESH_INTERNAL' && waypoint !== '' && waypoint.toLowerCase() !== 'none') {
    yield refused(
      field(spec, 'location'),
      'A ServiceEntry with resolution DYNAMIC_DNS and a waypoint must not be MESH_INTERNAL.',
    );
  }
}

function* severalHosts(subject: Subject): Generator<Fault> {
  const { spec } = subject;
  const resolution = resolutionOf(subject);
  if (each(spec, 'hosts').length < 2 || resolution === 'NONE') return;
  const isPlain = (port: Place) => !['http', 'tls'].includes(protocolKind(text(port, 'protocol')));
  const plain = each(spec, 'ports').find(
    (port) => isPlain(port) && (!has(port, 'protocol') || isProtocol(text(port, 'protocol'))),
  );
  if (!plain) return;
  const at = has(plain, 'protocol') ? field(plain, 'protocol') : plain;
  if (resolution !== 'DYNAMIC_DNS')
    yield refused(
      at,
      'With several hosts every port must be HTTP or TLS: other protocols do not say which host is called.',
    );
}

function* hostsAndAddresses(subject: Subject): Generator<Fault> {
  const { spec } = subject;
  const tcp = each(spec, 'ports').some((port) => text(port, 'protocol').toUpperCase() === 'TCP');
  if (tcp && has(spec, 'addresses') && isDns(resolutionOf(subject)) && each(spec, 'hosts').length > 1)
    yield discouraged(
      field(spec, 'hosts'),
      'With addresses and a TCP port only one host is allowed: TCP does not say which host is called.',
    );
}
