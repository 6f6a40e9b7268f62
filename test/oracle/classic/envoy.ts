// What Envoy does with a connection by the configuration that Istio gives a sidecar or a gateway: listener, filter chain, route, cluster.
// envoy source/common/listener_manager/filter_chain_manager_impl.cc, source/common/router/config_impl.cc
import { parseRange } from '../../../server/src/names/addresses.ts';
import { routeMatches } from '../envoy-route.ts';
import type { ClusterReport, EntryReport } from '../report.ts';
import type { ChainReport, ConfigReport, ListenerReport, VirtualHostReport } from './report.ts';

/** A connection as it reaches a proxy. */
export interface Connection {
  readonly ip: string;
  readonly port: number;
  readonly transport: 'tls' | 'raw_buffer';
  readonly sni: string | undefined;
  /** What the bytes are, under the outer TLS if any. */
  readonly isHttp: boolean;
}

/** A sidecar's listener of the original destination, else the one of the whole port, else the one that takes all. */
export function listenerFor({ listeners }: ConfigReport, { ip, port }: Connection): ListenerReport | undefined {
  const bound = (address: string) => listeners.find(({ bind }) => bind === `${address}:${port}`);
  return bound(ip) ?? bound('0.0.0.0') ?? listeners.find(({ name }) => name === 'virtualOutbound');
}

/** Conditions are narrowed one after the other, without a way back. */
export function chainFor({ chains, default: otherwise }: ListenerReport, seen: Connection): ChainReport | undefined {
  const all: readonly ChainReport[] = chains;
  const steps: readonly ((left: readonly ChainReport[]) => readonly ChainReport[])[] = [
    (left) => best(left, ({ port }) => sameRank(port || undefined, seen.port)),
    (left) => best(left, ({ prefixes }) => prefixRank(prefixes, seen.ip)),
    (left) => best(left, ({ serverNames }) => nameRank(serverNames, seen.sni ?? '')),
    (left) => best(left, ({ transport }) => sameRank(transport || undefined, seen.transport)),
    (left) => best(left, ({ applications = [] }) => applicationRank(applications, seen)),
  ];
  const [found, ...more] = steps.reduce((left, narrow) => narrow(left), all);
  if (more.length > 0) return refusedListener;
  return found ?? otherwise;
}

/** Envoy refuses a listener with two chains that match alike: what it has then is not known, and no claim of ours may stand there. */
const refusedListener: ChainReport = { name: 'refused', to: [{ cluster: 'refused' }] };

/** Those of the highest rank; none below 0. */
function best(chains: readonly ChainReport[], rank: (chain: ChainReport) => number): readonly ChainReport[] {
  const highest = Math.max(-1, ...chains.map(rank));
  return highest < 0 ? [] : chains.filter((one) => rank(one) === highest);
}

function sameRank<T>(wanted: T | undefined, seen: T): number {
  if (wanted === undefined) return 0;
  return wanted === seen ? 1 : -1;
}

function prefixRank(prefixes: readonly string[] | undefined, ip: string): number {
  if (!prefixes) return 0;
  return Math.max(-1, ...prefixes.filter((one) => contains(one, ip)).map((one) => 1 + Number(one.split('/')[1])));
}

function contains(prefix: string, ip: string): boolean {
  const [block, one] = [parseRange(prefix), parseRange(ip)];
  if (!block || !one || block.family !== one.family) return false;
  const drop = BigInt((block.family === 4 ? 32 : 128) - block.prefix);
  return block.bits >> drop === one.bits >> drop;
}

function nameRank(names: readonly string[] | undefined, sni: string): number {
  if (!names || names.length === 0) return 0;
  return Math.max(
    -1,
    ...names.map((name) => {
      if (name.toLowerCase() === sni.toLowerCase()) return 1000;
      return name.startsWith('*.') && sni.toLowerCase().endsWith(name.slice(1).toLowerCase()) ? name.length : -1;
    }),
  );
}

function applicationRank(applications: readonly string[], { transport, isHttp }: Connection): number {
  if (applications.length === 0) return 0;
  return transport === 'raw_buffer' && isHttp && applications.includes('http/1.1') ? 1 : -1;
}

/** The virtual host of a name without its port: exact, the longest end, any. */
export function virtualHostFor(hosts: readonly VirtualHostReport[], authority: string): VirtualHostReport | undefined {
  const name = authority.replace(/:\d+$/, '').toLowerCase();
  const rank = (domain: string) => {
    if (domain.toLowerCase() === name) return 1000;
    if (domain === '*') return 1;
    return domain.startsWith('*') && name.endsWith(domain.slice(1)) ? 1 + domain.length : 0;
  };
  const ranked = hosts.map((host) => ({ host, rank: Math.max(0, ...host.domains.map(rank)) }));
  const highest = Math.max(0, ...ranked.map((one) => one.rank));
  return highest === 0 ? undefined : ranked.find((one) => one.rank === highest)?.host;
}

export function entryFor(
  host: VirtualHostReport,
  path: string,
  headers: ReadonlyMap<string, string>,
): EntryReport | undefined {
  return host.routes.find(({ match }) => routeMatches(match, { path, headers }));
}

export function clusterNamed({ clusters }: ConfigReport, name: string): ClusterReport | undefined {
  return clusters.find((one) => one.name === name);
}
