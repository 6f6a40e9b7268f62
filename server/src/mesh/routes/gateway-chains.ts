// Which filter chain of a gateway's port takes a connection, and whether it knows the client.
// server/docs/istio-semantics-classic.md §F.11, §F.14 to §F.19, §G.8.
import { normalizeHost, patternsFor } from '../../names/hosts.ts';
import { protocolKind } from '../../names/protocols.ts';
import type { EgressGateway, ServerOnPort } from '../clients/egress-gateway.ts';
import type { Mesh } from '../mesh.ts';
import { serverKind } from './gateway-servers.ts';
import { passthroughNames } from './routes-at-gateway.ts';

/** What arrives at the gateway: the bytes of the client, as they are or inside TLS of its sidecar. */
export interface Arriving {
  readonly bytes: 'http' | 'tls' | 'opaque';
  /** TLS that the sidecar adds. */
  readonly sidecarTls: 'none' | 'ISTIO_MUTUAL';
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
    }
  /** `other-name`: the port expects TLS for other server names. `no-route`: it passes TLS through by names of routes, and none has this one. */
  | {
      readonly state: 'refused';
      readonly because:
        | 'no-server'
        | 'needs-tls'
        | 'expects-plaintext'
        | 'other-name'
        | 'no-route'
        | 'not-http'
        | 'no-certificate';
      readonly servers: readonly ServerOnPort[];
    }
  | { readonly state: 'unknown'; readonly servers: readonly ServerOnPort[] };

export function chainAtGateway(
  mesh: Mesh,
  gateway: EgressGateway,
  servers: readonly ServerOnPort[],
  arriving: Arriving,
): GatewayChain {
  if (servers.length === 0) return { state: 'refused', because: 'no-server', servers };
  if (servers.some(({ server }) => server.bind !== undefined || serverKind(server) === undefined))
    return { state: 'unknown', servers };
  const isTls = arriving.bytes === 'tls' || arriving.sidecarTls !== 'none';
  return isTls ? forTls(mesh, gateway, servers, arriving) : forPlaintext(servers, arriving);
}

function forPlaintext(servers: readonly ServerOnPort[], { bytes }: Arriving): GatewayChain {
  const http = ofKind(servers, 'http');
  const tcp = ofKind(servers, 'tcp');
  // The older of the two stays.
  if (http.length > 0 && tcp.length > 0) return { state: 'unknown', servers };
  const [first, ...more] = [...http, ...tcp];
  if (!first) return { state: 'refused', because: 'needs-tls', servers };
  if (http.length > 0 && bytes !== 'http') return { state: 'refused', because: 'not-http', servers };
  return taken(http.length > 0 ? 'http' : 'tcp', [first, ...more], false);
}

function forTls(
  mesh: Mesh,
  gateway: EgressGateway,
  servers: readonly ServerOnPort[],
  arriving: Arriving,
): GatewayChain {
  const plain = [...ofKind(servers, 'http'), ...ofKind(servers, 'tcp')];
  const secured = servers.filter((one) => !plain.includes(one));
  if (secured.length === 0) return toPlaintext(plain);
  // Beside plaintext that was there first, TLS is dropped. §F.16.
  if (plain.length > 0 && !secured.every((one) => plain.every((other) => isBefore(one, other))))
    return { state: 'unknown', servers };
  const named = secured.map((one) => ({ one, names: namesOf(mesh, gateway, one) }));
  const patterns = arriving.sni === undefined ? ['*'] : patternsFor(arriving.sni);
  for (const pattern of patterns) {
    const found = named.filter(({ names }) => names.includes(pattern)).map(({ one }) => one);
    const [first, ...others] = found;
    if (!first) continue;
    return others.every((other) => other.gateway === first.gateway)
      ? forServer(first, arriving)
      : { state: 'unknown', servers: found };
  }
  if (plain.length > 0) return toPlaintext(plain);
  const isPassed = secured.some(({ server }) => serverKind(server) === 'passthrough');
  return { state: 'refused', because: isPassed ? 'no-route' : 'other-name', servers: secured };
}

function toPlaintext(servers: readonly ServerOnPort[]): GatewayChain {
  const [first, ...more] = ofKind(servers, 'tcp');
  if (!first || ofKind(servers, 'http').length > 0) return { state: 'refused', because: 'expects-plaintext', servers };
  return taken('tcp', [first, ...more], false);
}

/** Server names of a chain: the server's hosts, or where TLS passes through those of the routes. */
function namesOf(mesh: Mesh, gateway: EgressGateway, { gateway: of, server }: ServerOnPort): readonly string[] {
  if (serverKind(server) === 'passthrough') return passthroughNames(mesh, gateway, of, server);
  return server.hosts.map(({ value }) => normalizeHost(value.slice(value.indexOf('/') + 1)));
}

function forServer(one: ServerOnPort, { bytes, sidecarTls }: Arriving): GatewayChain {
  const kind = serverKind(one.server);
  if (kind === 'passthrough') return taken('passthrough', [one], false);
  if (kind !== 'istio-mutual') return { state: 'unknown', servers: [one] };
  if (sidecarTls !== 'ISTIO_MUTUAL') return { state: 'refused', because: 'no-certificate', servers: [one] };
  // Of protocol HTTPS the server sees requests, of TLS only bytes.
  const isHttp = one.server.protocol?.value.toUpperCase() === 'HTTPS';
  if (isHttp && bytes !== 'http') return { state: 'refused', because: 'not-http', servers: [one] };
  return taken(isHttp ? 'http' : 'tcp', [one], true);
}

function taken(
  chain: 'http' | 'tcp' | 'passthrough',
  servers: readonly [ServerOnPort, ...ServerOnPort[]],
  hasIdentity: boolean,
): GatewayChain {
  return { state: 'taken', chain, servers, hasIdentity };
}

function ofKind(servers: readonly ServerOnPort[], kind: 'http' | 'tcp'): readonly ServerOnPort[] {
  return servers.filter(({ server }) => protocolKind(server.protocol?.value) === kind);
}

function isBefore(a: ServerOnPort, b: ServerOnPort): boolean {
  return a.gateway === b.gateway && a.index < b.index;
}
