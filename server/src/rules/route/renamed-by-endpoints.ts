// A host whose endpoints have other names: the server name in TLS is the host's, unless a DestinationRule sets `sni`.
import { joinedWith } from '../../base/and-more.ts';
import { isExternal } from '../../mesh/hosts/target-ports.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe, type Resource } from '../../model/resource.ts';
import type { ClientTls, ServiceEntryPort } from '../../model/specs.ts';
import { isIpAddress } from '../../names/addresses.ts';
import { looksInCluster, normalizeHost } from '../../names/hosts.ts';
import { protocolKind } from '../../names/protocols.ts';
import type { RuleFinding } from '../rule.ts';

type Entry = Resource<'ServiceEntry'>;
interface Tls {
  readonly rule: Resource<'DestinationRule'>;
  readonly settings: ClientTls;
}

/**
 * One endpoint may well have a certificate for the host, such as a private address of a public service. Several of other domains seldom do,
 * and for a name of the cluster there is no public certificate. server/docs/istio-semantics-classic.md §E.41, §E.42.
 */
export function* renamedByEndpoints(
  mesh: Mesh,
  entry: Entry,
  tlsTo: (host: string, port: number) => Tls | undefined,
): Iterable<RuleFinding<undefined>> {
  const [host] = entry.spec.hosts;
  if (!host || host.value.startsWith('*') || !isExternal(entry)) return;
  const names = otherNames(entry, host.value);
  if (names.length === 0) return;
  const [tls] = entry.spec.ports.flatMap((port) => originatedByHost(port, (number) => tlsTo(host.value, number)));
  if (!tls || !isVerifiedPublicly(tls.settings)) return;
  const isSure = looksInCluster(host.value, mesh.settings.clusterDomain);
  if (!isSure && names.length < 2) return;
  const to = joinedWith('and', names, (name) => name);
  yield {
    at: host.span,
    message: isSure
      ? `Requests to ${host.value} fail: the TLS handshake with ${to} asks for the name ${host.value}, and no public certificate has that name; set sni and subjectAltNames in the DestinationRule, and rewrite the authority to the name of the server.`
      : `Requests to ${host.value} fail unless the certificates of ${to} have that name: without sni in the DestinationRule it is the server name in TLS, and what certificates are compared with.`,
    ...(isSure ? {} : { severity: 'information' as const }),
    related: [
      { resource: tls.rule, at: tls.settings.key, message: `${describe(tls.rule)} originates TLS and sets no sni.` },
    ],
    data: undefined,
  };
}

/** TLS whose server name is that of the request: of HTTP, without `sni`. */
function originatedByHost(
  { number, protocol }: ServiceEntryPort,
  tlsTo: (port: number) => Tls | undefined,
): readonly Tls[] {
  const tls = number && protocolKind(protocol?.value) === 'http' ? tlsTo(number.value) : undefined;
  return tls && !tls.settings.sni && tls.settings.mode?.value !== 'ISTIO_MUTUAL' ? [tls] : [];
}

function isVerifiedPublicly({
  insecureSkipVerify,
  caCertificates,
  credentialName,
  subjectAltNames,
}: ClientTls): boolean {
  return !insecureSkipVerify?.value && !caCertificates && !credentialName && subjectAltNames.length === 0;
}

/** Names of endpoints in other domains than the host. */
function otherNames({ spec }: Entry, host: string): readonly string[] {
  const names = spec.endpoints.flatMap(({ address }) =>
    address && !isIpAddress(address.value) && !address.value.includes(':') ? [normalizeHost(address.value)] : [],
  );
  return [...new Set(names)].filter((name) => domainOf(name) !== domainOf(host));
}

/** Names of one domain usually belong to one server. */
export function domainOf(host: string): string {
  return normalizeHost(host).split('.').slice(-2).join('.');
}
