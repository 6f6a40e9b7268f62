// What the waypoint shows and checks when it opens TLS to an external host.
import type { ClientTls, ServiceEntryPort } from '../model/specs.ts';
import { protocolKind } from './hosts.ts';
import type { TlsSource } from './upstream-tls.ts';

export interface Handshake {
  /** `fromRequest` is the Host of each request; undefined means that no name is sent. */
  readonly sni: { readonly by: 'rule'; readonly name: string } | { readonly by: 'request' } | undefined;
  /** Which names the certificate may have: those listed, the one sent as SNI, or any. */
  readonly names: { readonly by: 'rule'; readonly names: readonly string[] } | { readonly by: 'sni' } | { readonly by: 'nothing' };
  /** `system`, a path in the waypoint's pod, `secret NAME`, or undefined where the chain is not checked. */
  readonly roots: string | undefined;
}

/**
 * The handshake on a port of that protocol. What Envoy takes from the request it takes from HTTP alone, so on other
 * ports nothing is sent or checked that is not written down (INFER: read off the options' place in the cluster).
 * istio@86c9f01 pilot/pkg/networking/core/cluster_tls.go setAutoSniAndAutoSanValidation, constructUpstreamTLS.
 */
export function handshakeOf(source: TlsSource, port: Pick<ServiceEntryPort, 'protocol'>): Handshake {
  const settings = source.by === 'DestinationRule' ? fromRule(source.tls) : fromPolicy(source);
  const { sni, names, roots, skipVerify } = settings;
  const asHttp = protocolKind(port.protocol?.value) === 'http' || protocolKind(port.protocol?.value) === 'sniffed';
  return {
    sni: sni ? { by: 'rule', name: sni } : asHttp ? { by: 'request' } : undefined,
    names: skipVerify ? { by: 'nothing' } : names.length > 0 ? { by: 'rule', names } : !sni && asHttp ? { by: 'sni' } : { by: 'nothing' },
    roots: skipVerify ? undefined : roots,
  };
}

interface Settings {
  readonly sni: string | undefined;
  readonly names: readonly string[];
  readonly roots: string;
  readonly skipVerify: boolean;
}

function fromRule(tls: ClientTls): Settings {
  return {
    sni: tls.sni?.value || undefined,
    names: tls.subjectAltNames.map(({ value }) => value),
    roots: tls.credentialName?.value ? `secret ${tls.credentialName.value}` : tls.caCertificates?.value || 'system',
    skipVerify: tls.insecureSkipVerify?.value ?? false,
  };
}

/** istio@86c9f01 pilot/pkg/config/kube/gateway/backend_policies.go BackendTLSPolicyCollection. */
function fromPolicy({ policy: { spec } }: Extract<TlsSource, { by: 'BackendTLSPolicy' }>): Settings {
  return {
    sni: spec.hostname?.value || undefined,
    names: spec.subjectAltNames.map(({ value }) => value),
    roots: spec.caCertificateRefs[0]?.name ? `config map ${spec.caCertificateRefs[0].name}` : 'system',
    skipVerify: false,
  };
}
