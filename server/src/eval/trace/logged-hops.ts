// The access-log lines of the sidecar and the egress gateway that a request passes.
// server/docs/istio-semantics-classic.md §C.42, §H.33 to §H.35.
import { clientBytes, clientSni } from './client-bytes.ts';
import type { Ending, GatewayArrival, TraceState } from './state.ts';
import type { FailureCause, LoggedHop, Trace } from './step.ts';

/**
 * Where an egress gateway is on the way, the log is that of the client's sidecar, which may see requests where the gateway does not.
 * `status`: of a request.
 */
export function loggedFirst(
  { gateway, backend, chain, request }: TraceState,
  status: number | undefined,
): Trace['log'] {
  const seen = gateway ? clientBytes(request) : chain;
  return { upstreamCluster: gateway?.cluster ?? backend!.cluster, status: seen === 'http' ? status : undefined };
}

type Refusal = NonNullable<GatewayArrival['refused']>;

/** None where it is not known how the request ends, or where no such proxy sees it. */
export function loggedHops(state: TraceState, ending: Ending): readonly LoggedHop[] {
  if (state.path !== 'sidecar' && state.path !== 'gateway') return [];
  if (ending.verdict === 'undetermined' && !ending.upstream) return [];
  const { gateway } = state;
  return gateway ? throughGateway(state, gateway, ending) : [fromSidecar(state, ending)];
}

/** An unknown host that is let out goes to PassthroughCluster. §C.40, §C.41. */
function fromSidecar(state: TraceState, { cause, log, lastCluster }: Ending): LoggedHop {
  const isHttp = clientBytes(state.request) === 'http' && state.isRequestSeen !== false;
  return {
    proxy: 'sidecar',
    namespace: state.request.from.namespace,
    name: undefined,
    upstreamCluster: lastCluster ?? log?.upstreamCluster ?? 'PassthroughCluster',
    status: log ? log.status : statusPassedBy(isHttp, cause),
    flags: cause === 'registry-only' && log?.status === 502 ? [] : flagsOf(state, cause),
    serverName: ownServerName(state),
  };
}

function statusPassedBy(isHttp: boolean, cause: FailureCause | undefined): number | undefined {
  if (!isHttp) return undefined;
  return cause === undefined ? 200 : 400;
}

function throughGateway(state: TraceState, gateway: GatewayArrival, ending: Ending): readonly LoggedHop[] {
  const { cause, log } = ending;
  const { taken, pods, cluster } = gateway;
  const first: LoggedHop = {
    proxy: 'sidecar',
    namespace: state.request.from.namespace,
    name: undefined,
    upstreamCluster: cluster,
    status: log?.status,
    flags: isClosed(state, ending) ? closedFor(state) : [],
    serverName: ownServerName(state),
  };
  const { refused } = gateway;
  if (refused && isUnwritten(refused, ending))
    return [isUnconnected(refused) ? { ...first, flags: ['UF', 'URX'] } : first];
  const said = refused
    ? refusal(refused)
    : { status: state.chain === 'http' ? log?.status : undefined, flags: flagsOf(state, cause) };
  const second: LoggedHop = {
    proxy: 'gateway',
    namespace: pods.namespace,
    name: pods.name,
    upstreamCluster: ending.lastCluster ?? (taken && state.backend?.cluster) ?? '-',
    status: said.status,
    flags: ending.lastFlags ?? said.flags,
    serverName: nameSeenAtGateway(gateway),
  };
  return [first, second];
}

/** No connection comes about: nobody listens there, or the sidecar does not accept the certificate. */
function isUnconnected({ hasListener, because }: Refusal): boolean {
  return !hasListener || because === 'other-account';
}

/**
 * Whether the gateway writes no line: a handshake ends before a server of requests has one to write of. A server of bytes has opened a
 * connection, or tried to, by then. §C.42; Envoy 1.40.0.
 */
function isUnwritten({ hasListener, because }: Refusal, { lastCluster }: Ending): boolean {
  return !hasListener || (endsInHandshake.has(because) && lastCluster === undefined);
}

/** Whether the gateway passes on the mTLS that the sidecar sends it: its server ends none. §G.4. */
export function passesMeshTls({ sent, taken }: GatewayArrival): boolean {
  return sent.mode === 'ISTIO_MUTUAL' && taken !== undefined && !taken.by.hasIdentity;
}

/** Whether the gateway closes the connection, instead of answering a request. */
function isClosed({ gateway, chain }: TraceState, { cause, upstream }: Ending): boolean {
  if (gateway?.refused) return gateway.refused.because !== 'not-http';
  return chain !== 'http' && !upstream && !isOutside(cause);
}

/** Failures of what the server outside is sent, once it is connected. */
function isOutside(cause: FailureCause | undefined): boolean {
  return cause === 'plaintext-to-tls' || cause === 'double-tls';
}

const endsInHandshake: ReadonlySet<string> = new Set(['no-certificate', 'not-tls', 'other-account']);

/** §C.42: TLS at plain HTTP is a protocol error, a name or plaintext without a chain is found by no chain. */
function refusal({ because }: Refusal): Pick<LoggedHop, 'status' | 'flags'> {
  if (because === 'expects-plaintext' || because === 'not-http') return { status: 400, flags: ['DPE'] };
  return { status: undefined, flags: endsInHandshake.has(because) ? [] : ['NR'] };
}

/** Where each server of the port expects plaintext, the gateway does not look into TLS. §C.43. */
export function nameSeenAtGateway({ sent, taken, refused }: GatewayArrival): string | undefined {
  return (taken?.by ?? refused)?.looksIntoTls === false ? undefined : sent.sni;
}

/** Sidecars look into TLS only where they tell connections apart by it. §C.43. */
function ownServerName({ request, isNameSeen }: TraceState): string | undefined {
  return isNameSeen ? clientSni(request) : undefined;
}

/** A connection of bytes that is closed in order ends without a flag. §C.45. */
function closedFor({ request }: TraceState): readonly string[] {
  return clientBytes(request) === 'http' ? closed : ['-', ...closed];
}

/** What the sidecar says of a connection that the gateway closes, by when it does. */
const closed = ['UC', 'UF', 'URX', 'UPE', 'UR'];

const flagsByCause: Partial<Readonly<Record<FailureCause, readonly string[]>>> = {
  unmatched: ['NR'],
  'gateway-without-route': ['NR'],
  'no-destination': ['NC'],
  'no-endpoint': ['UH'],
  'registry-only': ['UH'],
  credential: ['UF', 'URX'],
  'server-name': ['UF', 'URX'],
  'port-not-listed': ['UF', 'URX'],
  'mesh-mtls': ['UF', 'URX'],
  'tls-to-plaintext': ['UF', 'URX'],
  'network-policy': ['UF', 'URX'],
  'gateway-refuses': closed,
  'gateway-loop': closed,
};

/** The client's own TLS is bytes to a proxy that passes it on: what the server makes of it leaves no flag. */
function flagsOf({ tls }: TraceState, cause: FailureCause | undefined): readonly string[] {
  if (cause === 'tls-to-plaintext' && tls?.state === 'plain') return [];
  return (cause && flagsByCause[cause]) ?? [];
}
