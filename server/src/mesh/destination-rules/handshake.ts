// What the waypoint sends and verifies in the TLS handshake with an external host.
import type { Resource } from '../../model/resource.ts';
import type { ClientTls } from '../../model/specs.ts';
import type { TlsSource } from './upstream-tls.ts';

export interface Handshake {
  /** By the rule, or the Host of each request; undefined means that no name is sent. */
  readonly sni: { readonly by: 'rule'; readonly name: string } | { readonly by: 'request' } | undefined;
  /** What the certificate's names are compared with: one of a list, the Host of the request, both, or nothing. */
  readonly names: { readonly listed: readonly string[]; readonly request: boolean };
  /** `system`, a path in the waypoint's pod, `secret NAME`, or undefined if the chain is not checked. */
  readonly roots: string | undefined;
}

/** A sidecar takes the entry's `subjectAltNames` where the rule lists none; a waypoint does not. istio@86c9f01 pilot/pkg/networking/core/cluster_tls.go constructUpstreamTLS. */
export type Originator = 'waypoint' | 'sidecar';

/**
 * The handshake behind a chain of that kind. What is taken from the request is taken by Envoy's HTTP router, so behind a
 * TCP chain, which is what TLS ports have too, nothing is sent or compared that is not written down.
 * istio@86c9f01 pilot/pkg/networking/core/cluster_tls.go setAutoSniAndAutoSanValidation, constructUpstreamTLS;
 * envoy source/common/router/router.cc decodeHeaders.
 */
export function handshakeOf(
  source: TlsSource,
  chain: 'http' | 'tcp',
  entry?: Resource<'ServiceEntry'>,
  by: Originator = 'waypoint',
  naming = entry,
): Handshake {
  const settings = source.by === 'DestinationRule' ? fromRule(source.tls) : fromPolicy(source);
  const { sni, skipVerify, roots } = settings;
  const byRequest = chain === 'http' ? ({ by: 'request' } as const) : undefined;
  return {
    sni: sni ? { by: 'rule', name: sni } : byRequest,
    names: skipVerify ? { listed: [], request: false } : comparedNames(settings, chain, { entry, naming, by }),
    roots: skipVerify ? undefined : roots,
  };
}

interface Named {
  readonly entry: Resource<'ServiceEntry'> | undefined;
  /** Whose names a sidecar takes, where several entries of the namespace have the host. */
  readonly naming: Resource<'ServiceEntry'> | undefined;
  readonly by: Originator;
}

/** The names that are compared with the certificate's. */
function comparedNames(
  { sni, names }: Settings,
  chain: 'http' | 'tcp',
  { entry, naming, by }: Named,
): Handshake['names'] {
  // Where hosts are found per request, each is compared with its certificate, whatever name is sent.
  const dynamic = entry?.spec.resolution?.value === 'DYNAMIC_DNS';
  const fromEntry = names.length === 0 && by === 'sidecar' && !dynamic;
  return {
    listed: fromEntry ? (naming?.spec.subjectAltNames.map(({ value }) => value) ?? []) : names,
    request: chain === 'http' && (dynamic || (!sni && names.length === 0)),
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
    roots: spec.caCertificateRefs[0]?.name ? `config map ${spec.caCertificateRefs[0].name.value}` : 'system',
    skipVerify: false,
  };
}
