// Istio's answer for one request: the sidecar's configuration, then the gateway's, read as Envoy reads them.
import type { ClusterReport } from '../report.ts';
import { chainFor, listenerFor, type Connection } from './envoy.ts';
import { throughChain, type AtChain, type Turn } from './filters.ts';
import { closed, tlsText, type Line, type Outcome } from './outcome.ts';
import type { ChainReport, ClassicReport, ConfigReport, ListenerReport } from './report.ts';
import type { ClassicRequest, ClassicSample } from './sample.ts';
import { gatewayIp, nameOutside, realAddressOf } from './world.ts';

interface Proxies {
  readonly sidecar: ConfigReport;
  readonly gateway: ConfigReport;
}

export function theirAnswers({ requests }: ClassicSample, { proxies }: ClassicReport): readonly Outcome[] {
  const named = (wanted: string) => proxies.find(({ name }) => name === wanted)!;
  return requests.map((request) =>
    theirOutcome({ sidecar: named(`client-${request.namespace}`), gateway: named('gateway') }, request),
  );
}

/** Manifests that Istio's validation refuses. */
export function refusedOf({ problems = [] }: ClassicReport): ReadonlySet<number> {
  return new Set(problems.filter(({ level }) => level === 'error').map(({ doc }) => doc));
}

function theirOutcome({ sidecar, gateway }: Proxies, request: ClassicRequest): Outcome {
  const isTls = request.scheme === 'https';
  const connection: Connection = {
    ip: dialled(sidecar, request.host),
    port: request.port,
    transport: isTls ? 'tls' : 'raw_buffer',
    sni: isTls ? request.host : undefined,
    isHttp: request.scheme === 'http',
  };
  const listener = listenerFor(sidecar, connection);
  const chain = listener && chainFor(listener, connection);
  if (!chain) throw new Error(`no listener of ${sidecar.name} takes ${request.host}:${request.port}`);
  const turn = throughChain(sidecar, { chain, connection, request, principal: '', proxy: 'sidecar' });
  const port = turn.cluster && gatewayPortOf(turn.cluster);
  if (turn.isSent && isPassedOn(turn) && isAllocated(connection.ip))
    return { lines: [{ ...turn.line, status: turn.isHttp ? 503 : 0, flags: ['UF', 'URX'] }], upstream: undefined };
  if (!turn.isSent || port === undefined) return { lines: [turn.line], upstream: endOf(turn, request) };
  const sent = { ...request, host: turn.hostRewrite ?? request.host };
  return throughGateway(gateway, { cluster: turn.cluster!, line: turn.line, port, client: connection, request: sent });
}

function isPassedOn({ cluster }: Turn): boolean {
  return cluster === undefined || cluster.type === 'ORIGINAL_DST';
}

/** Outside the mesh nobody has it. */
function isAllocated(ip: string): boolean {
  return ip.startsWith('240.240.');
}

/** Without a cluster the connection goes on to where it was meant. */
function endOf(turn: Turn, request: ClassicRequest): string | undefined {
  if (!turn.isSent) return undefined;
  if (!turn.cluster) return `${nameOutside(request.host)}:${request.port} plain`;
  return upstreamOf(turn.cluster, { ...request, sent: turn.hostRewrite ?? request.host }, turn.isHttp);
}

function leadsToGateway({ isSent, cluster }: Turn): boolean {
  return isSent && cluster !== undefined && gatewayPortOf(cluster) !== undefined;
}

/** The gateway sends it to itself until something gives up. */
function looping(line: Line, { line: last, isHttp }: Turn, failing: Line): Outcome {
  const first = isHttp ? { ...line, status: 503 } : failing;
  return { lines: [first, { ...last, status: isHttp ? 503 : 0, flags: closed }], upstream: undefined };
}

/** The address that the name leads the client to. */
export function dialled({ names = {} }: ConfigReport, host: string): string {
  const wild = Object.keys(names).find((name) => name.startsWith('*.') && host.endsWith(name.slice(1)));
  const [captured] = names[host] ?? (wild ? names[wild] : undefined) ?? [];
  return captured ?? realAddressOf(host) ?? '198.51.100.250';
}

interface Arrival {
  readonly cluster: ClusterReport;
  readonly line: Line;
  readonly port: number;
  readonly client: Connection;
  readonly request: ClassicRequest;
}

function failsHandshake({ tls }: ChainReport, { transport }: Connection, identity: string): boolean {
  return tls !== undefined && (transport !== 'tls' || (tls === 'client-certificate' && !identity));
}

function throughGateway(gateway: ConfigReport, arrival: Arrival): Outcome {
  const { line, client, request } = arrival;
  const arrived = arrivingAt(arrival);
  const failing: Line = { ...line, status: client.isHttp ? 503 : 0, flags: closed };
  const listener = listenerFor(gateway, arrived);
  if (!listener) return { lines: [{ ...failing, flags: ['UF', 'URX'] }], upstream: undefined };
  const arriving = asSeen(listener, arrived);
  const chain = chainFor(listener, arriving);
  const ended = (flags: readonly string[], status = 0, first: Line = failing): Outcome => ({
    lines: [first, { proxy: 'gateway', cluster: '-', status, flags, sni: arriving.sni ?? '' }],
    upstream: undefined,
  });
  if (!chain) return ended(['NR']);
  const identity = identityOf(arrival);
  // A server of requests writes no line of a handshake that fails: real Envoy, test/data-plane/classic-bytes.test.ts.
  if (failsHandshake(chain, arriving, identity))
    return chain.rds
      ? { lines: [failing], upstream: undefined }
      : unfinished(gateway, { chain, connection: arriving, request, failing });
  if (chain.rds && !carriesHttp(chain, arriving, client))
    return ended(
      ['DPE'],
      400,
      answersInClear(chain, arriving) ? { ...line, status: client.isHttp ? 400 : 0 } : failing,
    );
  const turn = throughChain(gateway, {
    chain,
    connection: { ...arriving, isHttp: client.isHttp },
    request,
    principal: chain.tls ? identity : '',
    proxy: 'gateway',
  });
  if (leadsToGateway(turn)) return looping(line, turn, failing);
  const answered = chain.rds ? { ...line, status: turn.line.status } : failing;
  return { lines: [turn.isSent ? line : answered, turn.line], upstream: endOf(turn, request) };
}

/** Server names are seen only where the listener looks into TLS. */
function asSeen({ chains }: ListenerReport, arrived: Connection): Connection {
  const isSeen = chains.some(
    ({ tls, serverNames = [], transport }) => tls || serverNames.length > 0 || transport === 'tls',
  );
  return isSeen ? arrived : { ...arrived, sni: undefined };
}

interface Unfinished extends Pick<AtChain, 'chain' | 'connection' | 'request'> {
  readonly failing: Line;
}

/** A handshake that fails with a server of bytes, which is connected to the host by then. */
function unfinished(gateway: ConfigReport, { failing, ...at }: Unfinished): Outcome {
  const { line, isSent } = throughChain(gateway, { ...at, principal: '', proxy: 'gateway' });
  const isClosedBefore = !isSent && line.flags.length > 0;
  return { lines: [failing, { ...line, flags: isClosedBefore ? line.flags : [] }], upstream: undefined };
}

function tlsOfHop({ tls }: ClusterReport): ClusterReport['tls'] {
  // Only to pods that say that they take it, which gateways do not.
  return tls?.auto ? undefined : tls;
}

function arrivingAt({ cluster, port, client, request }: Arrival): Connection {
  const own = tlsOfHop(cluster);
  if (!own) return { ...client, ip: gatewayIp, port };
  const sni = own.sni ?? (client.isHttp && own.autoSni ? request.host : undefined);
  return { ip: gatewayIp, port, transport: 'tls', sni, isHttp: false };
}

/** Of the client, where its sidecar shows the mesh's certificate. */
function identityOf({ cluster, request: { namespace } }: Arrival): string {
  const isShown = tlsOfHop(cluster)?.clientCertificates?.includes('default');
  return isShown ? `spiffe://cluster.local/ns/${namespace}/sa/client-${namespace}` : '';
}

/** Whether the answer to what is not HTTP can be read by the sidecar. */
function answersInClear({ tls }: ChainReport, { transport }: Connection): boolean {
  return transport === 'raw_buffer' || tls !== undefined;
}

/** Whether what is left after the chain's own TLS is plain HTTP. */
function carriesHttp({ tls }: ChainReport, arriving: Connection, client: Connection): boolean {
  const isOpened = tls === undefined ? arriving.transport === 'raw_buffer' : client.transport === 'raw_buffer';
  return isOpened && client.isHttp;
}

/** The port of the gateway's pod that a cluster leads to. */
function gatewayPortOf({ endpoints = [] }: ClusterReport): number | undefined {
  const found = endpoints.find((one) => one.startsWith(`${gatewayIp}:`));
  return found === undefined ? undefined : Number(found.split(':')[1]);
}

function upstreamOf(
  cluster: ClusterReport,
  { host, port, sent }: ClassicRequest & { readonly sent: string },
  isHttp: boolean,
): string {
  const { type, endpoints = [], portOverride } = cluster;
  const words = tlsWords(tlsOfHop(cluster), sent, isHttp);
  if (type === 'ORIGINAL_DST') return `${nameOutside(host)}:${portOverride || port} ${words}`;
  if (type.includes('dynamic_forward_proxy')) return `${host}:* ${words}`;
  return `${[...endpoints].sort().join(',')} ${words}`;
}

/** What follows the request is an option of HTTP. */
function tlsWords(own: ClusterReport['tls'], host: string, isHttp: boolean): string {
  if (!own) return tlsText(undefined);
  const { ca = '', clientCertificates = [], subjectAltNames: names = [] } = own;
  return tlsText({
    client: clientCertificates.length > 0,
    sni: own.sni ?? (isHttp && own.autoSni ? host : undefined),
    names,
    verifies: (isHttp && own.autoSanValidation === true) || names.length > 0,
    roots: ca.replace(/^file-root:/, '').replace(/^kubernetes:\/\/(.*?)(-cacert)?$/, 'secret $1') || undefined,
  });
}
