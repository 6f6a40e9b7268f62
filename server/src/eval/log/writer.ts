// Which proxy wrote a line, by what only that kind of proxy writes. A sentence names the proxy only where the line shows it.
import type { LogEntry } from './entry.ts';
import { hostOfAddress, portOfAddress, valueOf } from './entry.ts';
import { allocationRanges, rangeContains } from '../../names/addresses.ts';
import { hostMatches, normalizeHost } from '../../names/hosts.ts';
import { isInternal, parseCluster, type ClusterName } from './upstream-cluster.ts';

export type WriterKind =
  | 'ztunnel'
  | 'waypoint'
  | 'sidecar-outbound'
  | 'sidecar-inbound'
  | 'egress-gateway'
  | 'ingress-gateway'
  | 'gateway'
  /** The end of a tunnel (HBONE): a waypoint, or a sidecar that accepts it. */
  | 'tunnel'
  | 'unknown';

export interface Writer {
  readonly kind: WriterKind;
  /** As it stands in a sentence, behind "the". */
  readonly noun: string;
}

const nouns: Readonly<Record<WriterKind, string>> = {
  ztunnel: 'ztunnel',
  waypoint: 'waypoint',
  'sidecar-outbound': "client's sidecar",
  'sidecar-inbound': "destination's sidecar",
  'egress-gateway': 'egress gateway',
  'ingress-gateway': 'ingress gateway',
  gateway: 'gateway',
  tunnel: 'proxy that ends the tunnel',
  unknown: 'proxy',
};

export function writerOf(entry: LogEntry): Writer {
  const kind = entry.format === 'ztunnel' ? 'ztunnel' : kindOf(entry);
  return { kind, noun: nouns[kind] };
}

function kindOf(entry: LogEntry): WriterKind {
  const cluster = parseCluster(valueOf(entry, 'upstream_cluster') ?? '');
  const byCluster = kindByCluster[cluster.direction];
  if (byCluster) return byCluster;
  if (['block_all', 'allow_any', 'allow_any_dynamic_dns'].includes(valueOf(entry, 'route_name') ?? ''))
    return 'sidecar-outbound';
  const local = valueOf(entry, 'downstream_local_address');
  if (local !== undefined && (isInternal(local) || portOfAddress(local) === 15008)) return 'tunnel';
  return cluster.direction === 'outbound' ? clientSide(entry, cluster) : (kindByName(entry) ?? 'unknown');
}

const kindByCluster: Partial<Readonly<Record<ClusterName['direction'], WriterKind>>> = {
  'inbound-vip': 'waypoint',
  'inbound-pod': 'waypoint',
  inbound: 'sidecar-inbound',
  'inbound-hbone': 'sidecar-inbound',
  'inbound-passthrough': 'sidecar-inbound',
  passthrough: 'sidecar-outbound',
  blackhole: 'sidecar-outbound',
  tunnel: 'tunnel',
};

/**
 * Sidecars, gateways and waypoints all have clusters called `outbound|…`. A sidecar connects from the client's own
 * address; a gateway is called at its own; a waypoint is called at the service's. Without a connection the Service of an egress gateway
 * tells: only sidecars send to one.
 */
function clientSide(entry: LogEntry, cluster: ClusterName): WriterKind {
  const own = hostOfAddress(valueOf(entry, 'upstream_local_address'));
  const client = hostOfAddress(valueOf(entry, 'downstream_remote_address'));
  const called = hostOfAddress(valueOf(entry, 'downstream_local_address'));
  if (own !== undefined && own === client) return 'sidecar-outbound';
  const isGateway = (own !== undefined && own === called) || isSniOfMesh(valueOf(entry, 'requested_server_name'));
  if (isGateway) return kindByName(entry) ?? gatewayTo(cluster.host);
  const isSidecar = isEgressGateway(cluster.host ?? '') || isOfClient(entry, cluster, called);
  return kindByName(entry) ?? (isSidecar ? 'sidecar-outbound' : 'unknown');
}

/**
 * A waypoint sends what is asked of a host to `inbound-vip|…`, and to `outbound|…` only what goes to another. A gateway adds the client's address
 * to each request, a sidecar does not, and nobody calls a gateway at an address that Istio allocates to a host.
 * istio@86c9f01 pilot/pkg/networking/core/gateway.go createGatewayHTTPFilterChainOpts (useRemoteAddress).
 */
function isOfClient(entry: LogEntry, { host }: ClusterName, called: string | undefined): boolean {
  const asked = hostOfAddress(valueOf(entry, 'authority')) ?? valueOf(entry, 'requested_server_name');
  if (asked === undefined || host === undefined || !hostMatches(host, normalizeHost(asked))) return false;
  const isAllocated = called !== undefined && allocationRanges.some((range) => rangeContains(range, called));
  return isAllocated || (valueOf(entry, 'method') !== undefined && isEmpty(entry, 'x_forwarded_for'));
}

/** The line has the field, without a value. */
function isEmpty({ fields }: LogEntry, name: string): boolean {
  return fields.some((one) => one.name === name && (one.value === '-' || one.value === ''));
}

/** Why a line does not tell its proxy; undefined where it does. */
export function whyUnknown(entry: LogEntry): string | undefined {
  const { direction } = parseCluster(valueOf(entry, 'upstream_cluster') ?? '');
  const isElsewhere = direction === 'own' || valueOf(entry, 'upstream_local_address') !== undefined;
  const isWhole = valueOf(entry, 'downstream_local_address') !== undefined;
  if (writerOf(entry).kind !== 'unknown' || isElsewhere || !isWhole) return undefined;
  const missing = direction === 'outbound' ? 'no connection to a server was made' : 'it names no cluster';
  return `The line does not tell a sidecar from a waypoint or gateway, because ${missing}; \`kubectl logs --prefix\` shows the pod that wrote it.`;
}

/** `outbound_.443_._.example.com`: what sidecars ask a gateway for. istio@86c9f01 pilot/pkg/model/service.go BuildDNSSrvSubsetKey. */
function isSniOfMesh(name: string | undefined): boolean {
  return name?.startsWith('outbound_.') ?? false;
}

function gatewayTo(host: string | undefined): WriterKind {
  if (host === undefined) return 'gateway';
  return /\.svc\.|\.svc$|\.global$/.test(host) ? 'ingress-gateway' : 'egress-gateway';
}

/** The names that Istio's charts and their users give to pods. */
function kindByName({ source }: LogEntry): WriterKind | undefined {
  const pod = source.pod ?? '';
  if (/waypoint/.test(pod)) return 'waypoint';
  if (isEgressGateway(pod)) return 'egress-gateway';
  return /ingress/.test(pod) ? 'ingress-gateway' : undefined;
}

function isEgressGateway(name: string): boolean {
  return /istio-?egress|egressgateway/.test(name);
}
