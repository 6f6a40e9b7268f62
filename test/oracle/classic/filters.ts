// What the filters of one chain do with a connection: policies, the route, and the cluster that it leads to.
import { judge } from '../rbac.ts';
import type { ClusterReport } from '../report.ts';
import { clusterNamed, entryFor, virtualHostFor, type Connection } from './envoy.ts';
import type { Line } from './outcome.ts';
import type { ChainReport, ConfigReport } from './report.ts';
import type { ClassicRequest } from './sample.ts';

export interface AtChain {
  readonly chain: ChainReport;
  readonly connection: Connection;
  readonly request: ClassicRequest;
  /** Of the client's certificate. */
  readonly principal: string;
  readonly proxy: Line['proxy'];
}

export interface Turn {
  /** Whether the connection goes on from here. */
  readonly isSent: boolean;
  readonly line: Line;
  /** Undefined where it goes on to where it was meant. */
  readonly cluster: ClusterReport | undefined;
  readonly isHttp: boolean;
  readonly hostRewrite: string | undefined;
}

export function throughChain(config: ConfigReport, at: AtChain): Turn {
  const { chain, connection, proxy } = at;
  const isHttp = chain.rds !== undefined;
  const chosen = isHttp ? routed(config, at) : byCluster(chain.to?.[0]?.cluster);
  const turn = (isSent: boolean, cluster: string, status: number, flags: readonly string[] = []): Turn => ({
    isSent,
    line: { proxy, cluster, status: isHttp ? status : 0, flags, sni: connection.sni ?? '' },
    cluster: clusterNamed(config, cluster),
    isHttp,
    hostRewrite: chosen.hostRewrite,
  });
  const isThere = clusterNamed(config, chosen.cluster) !== undefined;
  const failing = failingCluster(config, chosen, at);
  // Bytes are connected before the first of them is judged.
  if (failing && !isHttp) return turn(false, isThere ? chosen.cluster : '-', failing.status, failing.flags);
  if (isDenied(at)) return turn(false, isThere ? chosen.cluster : '-', 403);
  if (chosen.answer) return turn(false, '-', chosen.answer.status, chosen.answer.flags);
  if (chosen.cluster === 'PassthroughCluster') return turn(true, chosen.cluster, 200);
  if (chosen.cluster === 'BlackHoleCluster') return turn(false, chosen.cluster, 0, ['UH']);
  return failing
    ? turn(false, isThere ? chosen.cluster : '-', failing.status, failing.flags)
    : turn(true, chosen.cluster, 200);
}

function failingCluster(
  config: ConfigReport,
  { cluster, notFound, answer }: Routed,
  { chain, proxy }: AtChain,
): Failing | undefined {
  if (answer || cluster === 'PassthroughCluster' || cluster === 'BlackHoleCluster') return undefined;
  const there = clusterNamed(config, cluster);
  if (!there) return { status: notFound, flags: ['NC'] };
  const { type, endpoints = [] } = there;
  // At a gateway nothing resolves names for bytes.
  const isUnresolved = proxy === 'gateway' && !chain.rds && type.includes('dynamic_forward_proxy');
  if (isUnresolved) return { status: 503, flags: ['UH'] };
  return type === 'EDS' && endpoints.length === 0 ? { status: 503, flags: ['UH'] } : undefined;
}

interface Failing {
  readonly status: number;
  readonly flags: readonly string[];
}

function isDenied({ chain, connection, request, principal }: AtChain): boolean {
  const { rbac = [] } = chain;
  const { decision } = judge(rbac, {
    principal,
    sourceIp: '10.1.1.1',
    destinationIp: connection.ip,
    destinationPort: connection.port,
    serverName: connection.sni ?? '',
    headers: chain.rds === undefined ? new Map() : headersOf(request),
  });
  return decision === 'deny';
}

function authorityOf({ host, port }: ClassicRequest): string {
  return port === 80 ? host : `${host}:${port}`;
}

function headersOf(request: ClassicRequest): ReadonlyMap<string, string> {
  const authority = authorityOf(request);
  return new Map([
    [':authority', authority],
    [':method', 'GET'],
    [':path', request.path],
    [':scheme', 'http'],
    ['host', authority],
  ]);
}

interface Routed {
  readonly cluster: string;
  /** The status if there is no such cluster. */
  readonly notFound: number;
  /** Sent as Host instead of the request's. */
  readonly hostRewrite?: string | undefined;
  /** What the proxy answers itself. */
  readonly answer?: { readonly status: number; readonly flags: readonly string[] };
}

function byCluster(cluster = '-'): Routed {
  return { cluster, notFound: 503 };
}

function routed(config: ConfigReport, { chain, request }: AtChain): Routed {
  const answer = (status: number, ...flags: readonly string[]): Routed => ({
    ...byCluster('-'),
    answer: { status, flags },
  });
  const host = virtualHostFor(config.routes[chain.rds!] ?? [], authorityOf(request));
  if (host?.requireTls) return answer(301);
  const entry = host && entryFor(host, request.path, headersOf(request));
  if (!entry) return answer(404, 'NR');
  if (entry.redirect) return answer(301);
  if (entry.response) return answer(entry.response);
  const notFound = entry.notFound === 'INTERNAL_SERVER_ERROR' ? 500 : 503;
  return { ...byCluster(entry.to?.[0]?.cluster), notFound, hostRewrite: entry.hostRewrite };
}
