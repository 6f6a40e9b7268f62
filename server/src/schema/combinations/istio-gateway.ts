// istio@86c9f01 pkg/config/validation/validation.go ValidateGateway, validateServer; agent/validation.go ValidateNamespaceSlashWildcardHostname.
import { discouraged, refused, refusedKey, type Check, type Fault, type Subject } from './combination-check.ts';
import { socketFaults, qualifiedHostFault } from './common.ts';
import { isIpAddress } from '../../names/addresses.ts';
import { isDnsLabel } from '../../names/domains.ts';
import { isPlaceholder } from '../../model/placeholders.ts';
import { protocolKind } from '../../names/protocols.ts';
import { each, field, has, isText, isTrue, number, text, type Place } from './field-place.ts';
import { serverTlsFaults } from './server-tls.ts';

export const istioGatewayChecks: readonly Check[] = [servers];

function* servers({ spec, root }: Subject): Generator<Fault> {
  const name = text(root, 'metadata', 'name');
  if (name !== '' && !isPlaceholder(name) && !isDnsLabel(name))
    yield refused(
      field(root, 'metadata', 'name'),
      `"${name}" is not a valid Gateway name: use letters, digits and "-", without dots.`,
    );
  if (!has(spec, 'servers'))
    yield refusedKey(
      field(spec, 'servers').node ? field(spec, 'servers') : spec,
      'A Gateway needs at least one server.',
    );
  const names = new Set<string>();
  for (const server of each(spec, 'servers')) {
    if (server.node?.kind !== 'map') continue;
    const port = field(server, 'port', 'name');
    if (text(port) !== '' && names.has(text(port))) yield refused(port, `Two servers have a port named ${text(port)}.`);
    names.add(text(port));
    yield* serverFaults(server);
  }
}

function* serverFaults(server: Place): Generator<Fault> {
  const [port, tls, bind] = [field(server, 'port'), field(server, 'tls'), field(server, 'bind')];
  const protocol = text(port, 'protocol');
  const kind = protocolKind(protocol);
  if (field(server, 'hosts').node && !has(server, 'hosts'))
    yield refusedKey(field(server, 'hosts'), 'A server needs at least one host.');
  for (const host of each(server, 'hosts')) yield* hostFaults(host);
  yield* portFaults(port, text(bind), kind);
  yield* bindFaults(bind, port);
  yield* serverTlsFaults(tls);
  if (kind !== 'http' && isTrue(tls, 'httpsRedirect'))
    yield discouraged(field(tls, 'httpsRedirect'), '`httpsRedirect` is allowed only in an HTTP server.');
  if (kind !== 'sniffed') yield* tlsForKind(server, protocol, kind);
}

/** Which servers have a `tls` of their own. */
function* tlsForKind(server: Place, protocol: string, kind: ReturnType<typeof protocolKind>): Generator<Fault> {
  const tls = field(server, 'tls');
  if (kind === 'tls' && !tls.node) yield refusedKey(server, `A server for ${protocol} needs \`tls\`.`);
  if ((kind === 'tcp' || kind === 'udp') && tls.node)
    yield refusedKey(tls, `A server for ${protocol} must not have \`tls\`.`);
  const isPlain =
    !['', 'PASSTHROUGH', 'AUTO_PASSTHROUGH'].includes(text(tls, 'mode')) ||
    ['caCertificates', 'privateKey', 'serverCertificate'].some((name) => has(tls, name));
  if (kind === 'http' && tls.node && isPlain)
    yield refusedKey(tls, `In a server for ${protocol} only \`httpsRedirect\` is allowed in \`tls\`.`);
}

function* portFaults(port: Place, bind: string, kind: string): Generator<Fault> {
  if (port.node?.kind !== 'map') return;
  const value = number(port, 'number') ?? 0;
  if (isText(field(port, 'protocol')) && kind === 'sniffed')
    yield refused(
      field(port, 'protocol'),
      `"${text(port, 'protocol')}" is not a valid protocol, such as HTTP, TLS or TCP.`,
    );
  if ((value > 0 || !bind.startsWith('unix://')) && (value < 1 || value > 65535))
    yield refused(field(port, 'number'), 'A port must be a number from 1 to 65535.');
  if ((number(port, 'targetPort') ?? 0) > 0)
    yield refusedKey(field(port, 'targetPort'), '`targetPort` has no effect in a Gateway.');
  if (!has(port, 'name')) yield refusedKey(port, 'A port of a Gateway needs a `name`.');
}

function* bindFaults(bind: Place, port: Place): Generator<Fault> {
  const address = text(bind);
  if (address.startsWith('unix://')) {
    yield* socketFaults(bind, address);
    if ((number(port, 'number') ?? 0) !== 0)
      yield refused(field(port, 'number'), 'A server that binds to a socket must have port 0.');
  } else if (address !== '' && !isPlaceholder(address) && !isIpAddress(address))
    yield refused(bind, `"${address}" is not a valid IP address to bind to.`);
}

function* hostFaults(host: Place): Generator<Fault> {
  const value = text(host);
  if (!isText(host) || isPlaceholder(value)) return;
  const slash = value.indexOf('/');
  const [home, name] = slash < 0 ? ['*', value] : [value.slice(0, slash), value.slice(slash + 1)];
  if (home === '' || name === '')
    yield refused(host, 'Write both the namespace and the host, such as egress/httpbin.org.');
  else if (home !== '*' && home !== '.' && !isDnsLabel(home)) yield refused(host, `"${home}" is no namespace.`);
  else if (isIpAddress(name) && name.includes('.')) return;
  else yield* qualifiedHostFault(host, name, 'Gateway');
}
