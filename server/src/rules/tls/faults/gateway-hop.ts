// Whether the server of an egress gateway can take what a sidecar sends it.
// server/docs/istio-semantics-classic.md §F.11, §F.13, §G.4, §G.5.
import { sniOnHop, type GatewayHop, type SentTls } from '../../../mesh/clients/gateway-hop.ts';
import { refusedAccount, type RefusedAccount } from '../../../mesh/clients/refused-account.ts';
import { endTlsFor, serversOfPods, type ServerOf, type ServersOfPods } from '../../../mesh/clients/servers-of-pods.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import type { ClientTls } from '../../../model/specs.ts';
import { serverKind, type ServerKind } from '../../../mesh/routes/gateway-servers.ts';

type Kind =
  /** The server ends TLS, and plain HTTP or TCP arrives. */
  | 'plaintext-to-tls'
  /** The server reads plain bytes, and TLS arrives. */
  | 'tls-to-plaintext'
  /** The server passes TLS on to the outside host, which cannot end it. */
  | 'tls-to-passthrough'
  /** The server ends the mesh's TLS, and TLS of another kind arrives. */
  | 'no-client-certificate';

export type HopFault =
  | { readonly kind: Kind; readonly at: ServerOf }
  /** The server ends the mesh's TLS for other names. */
  | { readonly kind: 'other-name'; readonly at: ServerOf; readonly sni: string }
  /** The rule takes only certificates of accounts other than that of the gateway's pods, or outside of their namespace. */
  | ({ readonly kind: 'other-account'; readonly at: ServerOf } & RefusedAccount);

/** Undefined where one of the servers takes it, and where this is not known. */
export function hopFault(mesh: Mesh, hop: GatewayHop, sent: SentTls): HopFault | undefined {
  if (sent.mode === 'unknown') return undefined;
  const { mode } = sent;
  const outcomeOf = (kind: ServerKind | undefined) => faultAt(kind, hop.seenAs, mode);
  const onPods = serversOfPods(mesh, hop.selectors, hop.port);
  const outcomes = [...onPods.kinds].map(outcomeOf);
  if (outcomes.includes('unknown')) return undefined;
  if (outcomes.includes('none'))
    return sent.mode === 'ISTIO_MUTUAL'
      ? (nameFault(hop, onPods, sniOnHop(hop, sent.tls)) ?? accountFault(mesh, hop, sent.tls.tls))
      : undefined;
  const kind = outcomeOf(serverKind(hop.server.server));
  return kind === 'none' || kind === 'unknown' ? undefined : { kind, at: hop.server };
}

/** A server that forwards TLS by its server name does not accept the mesh's TLS. */
function nameFault({ mutual }: GatewayHop, onPods: ServersOfPods, sni: string): HopFault | undefined {
  const at = mutual ?? onPods.mutual;
  return at && !endTlsFor(onPods, sni) ? { kind: 'other-name', at, sni } : undefined;
}

function accountFault(mesh: Mesh, { host, server: at }: GatewayHop, tls: ClientTls | undefined): HopFault | undefined {
  const refused = refusedAccount(mesh, host, tls);
  return refused && { kind: 'other-account', at, ...refused };
}

type Outcome = Kind | 'none' | 'unknown';

function faultAt(kind: ServerKind | undefined, seenAs: GatewayHop['seenAs'], mode: SentTls['mode']): Outcome {
  if (mode === 'ISTIO_MUTUAL') return meshTls(kind);
  if (mode === 'none') return ownBytes(kind, seenAs);
  return originated(kind, seenAs, mode);
}

/** The host outside the mesh cannot terminate the mesh's TLS, so connections that are forwarded unchanged fail. */
function meshTls(kind: ServerKind | undefined): Outcome {
  switch (kind) {
    case 'istio-mutual':
      return 'none';
    case 'http':
    case 'tcp':
      return 'tls-to-plaintext';
    case 'passthrough':
      return 'tls-to-passthrough';
    default:
      return 'unknown';
  }
}

/** What the client sends: HTTP, its own TLS, or bytes that may be either. */
function ownBytes(kind: ServerKind | undefined, seenAs: GatewayHop['seenAs']): Outcome {
  if (kind === 'istio-mutual') return seenAs === 'tls' ? 'no-client-certificate' : 'plaintext-to-tls';
  if (seenAs === 'http') {
    if (kind === 'http' || kind === 'tcp') return 'none';
    return kind === undefined ? 'unknown' : 'plaintext-to-tls';
  }
  if (seenAs === 'tls' && kind === 'http') return 'tls-to-plaintext';
  return kind === 'simple' || kind === 'mutual' || kind === undefined ? 'unknown' : 'none';
}

/** TLS that a rule makes with SIMPLE or MUTUAL; through PASSTHROUGH it may reach the outside host. */
function originated(kind: ServerKind | undefined, seenAs: GatewayHop['seenAs'], mode: SentTls['mode']): Outcome {
  if (kind === 'http') return 'tls-to-plaintext';
  if (kind === 'istio-mutual' && mode === 'SIMPLE') return 'no-client-certificate';
  return kind === 'passthrough' && seenAs === 'tls' ? 'tls-to-passthrough' : 'unknown';
}
