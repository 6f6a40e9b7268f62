// Which filter chain of a gateway's port takes a connection, and whether it knows the client.
// server/docs/istio-semantics-classic.md §F.11, §F.14 to §F.19, §G.8.
import { keptFor } from '../../base/kept-for.ts';
import { patternsFor } from '../../names/hosts.ts';
import { protocolKind } from '../../names/protocols.ts';
import type { EgressGateway, ServerOnPort } from '../clients/egress-gateway.ts';
import type { Mesh } from '../mesh.ts';
import { serverKind } from './gateway-servers.ts';
import { keptServers } from './merged-servers.ts';
import { chainsOf, hasChain } from './server-chains.ts';

/** What arrives at the gateway: the bytes of the client, as they are or inside TLS of its sidecar. */
export interface Arriving {
  readonly bytes: 'http' | 'tls' | 'opaque';
  /** TLS that the sidecar adds: the mesh's own, or without or with a certificate of the client's. */
  readonly sidecarTls: 'none' | 'ISTIO_MUTUAL' | 'SIMPLE' | 'MUTUAL';
  /** Of the outer handshake. */
  readonly sni: string | undefined;
}

export type GatewayChain =
  | {
      readonly state: 'taken';
      readonly chain: 'http' | 'tcp' | 'passthrough';
      /** Whose routes count: for plain HTTP those of all servers on the port. */
      readonly servers: readonly [ServerOnPort, ...ServerOnPort[]];
      readonly hasIdentity: boolean;
      /** Its server ends TLS of the sidecar's own, with certificates that no file shows. */
      readonly needsTrust?: boolean;
      readonly looksIntoTls: boolean;
    }
  /** `other-name`: the port expects TLS for other server names. `no-route`: it passes TLS through by names of routes, and none has this one. */
  | {
      readonly state: 'refused';
      readonly because:
        | 'no-server'
        | 'needs-tls'
        /** A chain for every name takes it, and the handshake fails. */
        | 'not-tls'
        | 'expects-plaintext'
        | 'other-name'
        | 'no-route'
        | 'not-http'
        | 'no-certificate'
        /** The sidecar does not accept the certificate of the gateway's pods. */
        | 'other-account';
      readonly servers: readonly ServerOnPort[];
      /** False where no server of the port has a chain, so that nobody listens there. §F.14. */
      readonly hasListener: boolean;
      readonly looksIntoTls: boolean;
    }
  | { readonly state: 'unknown'; readonly servers: readonly ServerOnPort[] };

/** One, or several of which the age of Gateways chooses. */
export function chainsAtGateway(
  mesh: Mesh,
  gateway: EgressGateway,
  servers: readonly ServerOnPort[],
  arriving: Arriving,
): readonly [GatewayChain, ...GatewayChain[]] {
  const isUnknown = sortsOf(servers).isUnread || mayHaveMoreListeners(gateway);
  const merges = isUnknown ? undefined : keptServers(servers);
  const [first = { state: 'unknown' as const, servers }, ...more] = (merges ?? []).map((kept): GatewayChain => {
    const chain = chainAmong(mesh, gateway, kept, arriving);
    if (chain.state === 'unknown') return chain;
    const { looksIntoTls, hasListener } = chainsOf(mesh, gateway, kept);
    return chain.state === 'taken' ? { ...chain, looksIntoTls } : { ...chain, looksIntoTls, hasListener };
  });
  return [first, ...more];
}

/** Those of ListenerSets, which are not read. */
function mayHaveMoreListeners({ managed, naming }: EgressGateway): boolean {
  return [...naming, ...(managed ? [managed] : [])].some(({ spec }) => spec.takesListenerSets);
}

function chainAmong(
  mesh: Mesh,
  gateway: EgressGateway,
  servers: readonly ServerOnPort[],
  arriving: Arriving,
): Undescribed {
  if (servers.length === 0) return { state: 'refused', because: 'no-server', servers };
  const isTls = arriving.bytes === 'tls' || arriving.sidecarTls !== 'none';
  const chain = isTls ? forTls(mesh, gateway, servers, arriving) : forPlaintext(mesh, gateway, servers, arriving);
  // Such TLS goes on to the host outside, whose certificate the sidecar compares; what comes of it is not followed.
  if (chain.state === 'taken' && isOwnTls(arriving) && !chain.needsTrust)
    return { state: 'unknown', servers: chain.servers };
  const isBytes = chain.state === 'taken' && chain.chain === 'tcp';
  if (!isBytes || chain.servers.some((one) => hasChain(mesh, gateway, one))) return chain;
  const others = servers.filter((one) => !chain.servers.includes(one));
  const taking = isTls ? [] : takingAll(mesh, gateway, others);
  return taking.length > 0
    ? { state: 'refused', because: 'not-tls', servers: taking }
    : { state: 'refused', because: 'no-route', servers: chain.servers };
}

function isOwnTls({ sidecarTls }: Arriving): boolean {
  return sidecarTls === 'SIMPLE' || sidecarTls === 'MUTUAL';
}

type Undescribed =
  | Omit<Extract<GatewayChain, { state: 'taken' }>, 'looksIntoTls'>
  | Omit<Extract<GatewayChain, { state: 'refused' }>, 'hasListener' | 'looksIntoTls'>
  | Extract<GatewayChain, { state: 'unknown' }>;

function forPlaintext(
  mesh: Mesh,
  gateway: EgressGateway,
  servers: readonly ServerOnPort[],
  { bytes }: Arriving,
): Undescribed {
  const { hasHttp, plain } = sortsOf(servers);
  if (!isFilled(plain)) return withoutPlaintext(mesh, gateway, servers);
  if (hasHttp && bytes !== 'http') return { state: 'refused', because: 'not-http', servers };
  return taken(hasHttp ? 'http' : 'tcp', plain, false);
}

function withoutPlaintext(mesh: Mesh, gateway: EgressGateway, servers: readonly ServerOnPort[]): Undescribed {
  const taking = takingAll(mesh, gateway, servers);
  return taking.length > 0
    ? { state: 'refused', because: 'not-tls', servers: taking }
    : { state: 'refused', because: 'needs-tls', servers };
}

function forTls(mesh: Mesh, gateway: EgressGateway, servers: readonly ServerOnPort[], arriving: Arriving): Undescribed {
  const { plain, secured } = sortsOf(servers);
  if (secured.length === 0) return toPlaintext(servers);
  const { byName, unrouted } = chainsOf(mesh, gateway, servers);
  const patterns = arriving.sni === undefined ? ['*'] : patternsFor(arriving.sni);
  for (const pattern of patterns) {
    const found = (byName.get(pattern) ?? []).map((i) => servers[i]!);
    const [first, ...others] = found;
    if (!first) continue;
    // Two chains with one name make Envoy refuse the listener. §F.17.
    return others.every((other) => isPassthrough(other) && isPassthrough(first))
      ? forServer(found, first, arriving)
      : { state: 'unknown', servers: found };
  }
  if (plain.length > 0) return toPlaintext(servers);
  const isUnrouted = patterns.some((one) => unrouted.has(one));
  const isPassed = isUnrouted || secured.some(isPassthrough);
  return { state: 'refused', because: isPassed ? 'no-route' : 'other-name', servers: secured };
}

function toPlaintext(servers: readonly ServerOnPort[]): Undescribed {
  const { hasHttp, plain } = sortsOf(servers);
  if (hasHttp || !isFilled(plain)) return { state: 'refused', because: 'expects-plaintext', servers: plain };
  return taken('tcp', plain, false);
}

interface Sorts {
  /** Of a kind that is not followed. */
  readonly isUnread: boolean;
  readonly hasHttp: boolean;
  /** Those for plaintext, HTTP first. */
  readonly plain: readonly ServerOnPort[];
  readonly secured: readonly ServerOnPort[];
}

/** Told apart once for all connections to a port, on which hundreds of teams can have servers. */
const sortsOf = keptFor((servers: readonly ServerOnPort[]): Sorts => {
  const ofKind = (kind: 'http' | 'tcp') =>
    servers.filter(({ server }) => protocolKind(server.protocol?.value) === kind);
  const [http, tcp] = [ofKind('http'), ofKind('tcp')];
  const plain = [...http, ...tcp];
  const known = new Set(plain);
  return {
    isUnread: servers.some(({ server }) => server.bind !== undefined || serverKind(server) === undefined),
    hasHttp: http.length > 0,
    plain,
    secured: servers.filter((one) => !known.has(one)),
  };
});

function isFilled<T>(list: readonly T[]): list is readonly [T, ...T[]] {
  return list.length > 0;
}

function forServer(all: readonly ServerOnPort[], one: ServerOnPort, { bytes, sidecarTls }: Arriving): Undescribed {
  const kind = serverKind(one.server);
  if (kind === 'passthrough') return taken('passthrough', [one, ...all.filter((other) => other !== one)], false);
  if (kind !== 'istio-mutual') return forOwnCertificate(one, { bytes, sidecarTls });
  // Whether the client's certificate is one of the mesh's, no file shows.
  if (sidecarTls === 'MUTUAL') return { state: 'unknown', servers: [one] };
  if (sidecarTls !== 'ISTIO_MUTUAL') return { state: 'refused', because: 'no-certificate', servers: [one] };
  // Of protocol HTTPS the server sees requests, of TLS only bytes.
  const isHttp = one.server.protocol?.value.toUpperCase() === 'HTTPS';
  if (isHttp && bytes !== 'http') return { state: 'refused', because: 'not-http', servers: [one] };
  return taken(isHttp ? 'http' : 'tcp', [one], true);
}

/** A server with a certificate of its own. Which identity a client's certificate has there, no file shows. */
function forOwnCertificate(
  one: ServerOnPort,
  { bytes, sidecarTls }: Pick<Arriving, 'bytes' | 'sidecarTls'>,
): Undescribed {
  const mode = one.server.tls?.mode?.value;
  if (mode === 'MUTUAL' && sidecarTls === 'SIMPLE')
    return { state: 'refused', because: 'no-certificate', servers: [one] };
  const isAnonymous = mode === 'SIMPLE' || sidecarTls === 'SIMPLE';
  const isHttp = one.server.protocol?.value.toUpperCase() === 'HTTPS';
  if (!isAnonymous || !(sidecarTls === 'SIMPLE' || sidecarTls === 'MUTUAL') || (isHttp && bytes !== 'http'))
    return { state: 'unknown', servers: [one] };
  return { ...taken(isHttp ? 'http' : 'tcp', [one], false), needsTrust: true };
}

function taken(
  chain: 'http' | 'tcp' | 'passthrough',
  servers: readonly [ServerOnPort, ...ServerOnPort[]],
  hasIdentity: boolean,
): Extract<Undescribed, { state: 'taken' }> {
  return { state: 'taken', chain, servers, hasIdentity };
}

/** Those whose chain takes plaintext too, and fails in the handshake. */
function takingAll(mesh: Mesh, gateway: EgressGateway, servers: readonly ServerOnPort[]): readonly ServerOnPort[] {
  return servers.filter((one) => takesEveryName(one) && hasChain(mesh, gateway, one));
}

function takesEveryName({ server }: ServerOnPort): boolean {
  return serverKind(server) !== 'passthrough' && server.hosts.some(({ value }) => /^(.*\/)?\*$/.test(value));
}

function isPassthrough({ server }: ServerOnPort): boolean {
  return serverKind(server) === 'passthrough';
}
