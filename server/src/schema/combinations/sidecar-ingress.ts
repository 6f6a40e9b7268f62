// istio@86c9f01 pkg/config/validation/validation.go ValidateSidecar, ingress listeners.
import { discouraged, refused, refusedKey, type Fault, type Subject } from './combination-check.ts';
import { socketFaults } from './common.ts';
import { isIpAddress } from '../../names/addresses.ts';
import { isDnsLabel } from '../../names/domains.ts';
import { protocolKind } from '../../names/protocols.ts';
import { each, field, has, isTrue, number, text, type Place } from './field-place.ts';
import { serverTlsFaults } from './server-tls.ts';
import { poolFaults } from './traffic-policy.ts';

export function* ingressListeners({ spec }: Subject): Generator<Fault> {
  yield* poolFaults(field(spec, 'inboundConnectionPool'));
  const numbers = new Set<number>();
  for (const listener of each(spec, 'ingress')) {
    const port = field(listener, 'port');
    if (listener.node?.kind !== 'map' || port.node?.kind !== 'map') continue;
    const value = number(port, 'number') ?? 0;
    if (value < 1 || value > 65535) yield refused(field(port, 'number'), 'A port must be a number from 1 to 65535.');
    else if (numbers.has(value)) yield refused(field(port, 'number'), `Two listeners have port ${value}.`);
    numbers.add(value);
    yield* portNames(port);
    const bind = text(listener, 'bind');
    if (bind !== '' && !isIpAddress(bind))
      yield refused(field(listener, 'bind'), `"${bind}" is not a valid IP address to bind to.`);
    yield* endpointFaults(field(listener, 'defaultEndpoint'));
    yield* tlsFaults(field(listener, 'tls'), text(port, 'protocol'));
    yield* poolFaults(field(listener, 'connectionPool'));
    if (field(listener, 'connectionPool', 'http').node && protocolKind(text(port, 'protocol')) !== 'http')
      yield discouraged(
        field(listener, 'connectionPool', 'http'),
        'Only `tcp` of this connection pool is used: the port is not HTTP.',
      );
  }
}

/** Of any listener of a Sidecar. */
export function* portNames(port: Place): Generator<Fault> {
  const [name, protocol] = [text(port, 'name'), text(port, 'protocol')];
  if (name !== '' && !isDnsLabel(name))
    yield refused(field(port, 'name'), `"${name}" is not a valid port name: use at most 63 letters, digits and "-".`);
  if (protocol !== '' && protocolKind(protocol) === 'sniffed')
    yield refused(field(port, 'protocol'), `"${protocol}" is not a valid protocol, such as HTTP, TLS or TCP.`);
  if ((number(port, 'targetPort') ?? 0) > 0)
    yield refusedKey(field(port, 'targetPort'), '`targetPort` has no effect in a Sidecar.');
}

function* endpointFaults(at: Place): Generator<Fault> {
  const value = text(at);
  if (value.startsWith('unix://')) yield* socketFaults(at, value);
  else if (value !== '') {
    const port = /^(?:127\.0\.0\.1|0\.0\.0\.0|\[::1?\])?:(\d+)$/.exec(value)?.[1];
    if (port === undefined || Number(port) < 1 || Number(port) > 65535)
      yield refused(
        at,
        'A default endpoint must be 127.0.0.1:PORT, 0.0.0.0:PORT, [::1]:PORT, [::]:PORT or unix://PATH.',
      );
  }
}

const unsupported = ['subjectAltNames', 'credentialName', 'credentialNames', 'tlsCertificates'];

function* tlsFaults(tls: Place, protocol: string): Generator<Fault> {
  if (tls.node?.kind !== 'map') return;
  for (const name of unsupported)
    if (has(tls, name)) yield refusedKey(field(tls, name), `\`${name}\` is not supported in a Sidecar.`);
  if (isTrue(tls, 'httpsRedirect'))
    yield refusedKey(field(tls, 'httpsRedirect'), '`httpsRedirect` is not supported in a Sidecar.');
  if (['ISTIO_MUTUAL', 'AUTO_PASSTHROUGH'].includes(text(tls, 'mode')))
    yield refused(field(tls, 'mode'), `A Sidecar's listener cannot have mode ${text(tls, 'mode')}.`);
  if (protocolKind(protocol) !== 'tls') yield refusedKey(tls, '`tls` is allowed only in a listener for HTTPS or TLS.');
  yield* serverTlsFaults(tls);
}
