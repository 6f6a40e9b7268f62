// What one line says about a request that leaves the mesh, or tries to.
import { clientIn, type ClientAccount } from './client-account.ts';
import { hostOfAddress, portOfAddress, valueOf, type LogEntry, type LogSource } from './entry.ts';
import { headlineOf } from './headline.ts';
import { requestedOf } from './requested.ts';
import { unknownHostOf } from './unknown-host.ts';
import { parseCluster } from './upstream-cluster.ts';
import { writerOf } from './writer.ts';

export interface Observation {
  /** As written. */
  readonly time: string | undefined;
  /** Where the line names it. */
  readonly client: ClientAccount | undefined;
  readonly clientAddress: string | undefined;
  /** The client's pod, as the log of its own sidecar or ztunnel names it. */
  readonly clientPod: LogSource;
  /** Undefined where the line has only an address. */
  readonly host: string | undefined;
  readonly address: string | undefined;
  readonly port: number;
  readonly protocol: 'HTTP' | 'TLS' | 'TCP';
  /** A call of gRPC, by its form: HTTP/2, POST and `/package.Service/Method`. */
  readonly isGrpc: boolean;
  readonly method: string | undefined;
  /** With its query. */
  readonly path: string | undefined;
  /** The port that the proxy dialed outside. */
  readonly dialedPort: number | undefined;
  /** `passed`: left although no ServiceEntry has the host. `blocked`: stopped because none has. */
  readonly fate: 'left' | 'passed' | 'blocked' | 'denied' | 'failed';
}

/** Undefined for traffic inside the mesh, for tunnels, and for lines that do not name a destination. */
export function observe(entry: LogEntry): Observation | undefined {
  if (!isOnTheWayOut(entry)) return undefined;
  const { host, port, address } = requestedOf(entry);
  if (port === undefined || (host ?? address) === undefined) return undefined;
  if (host !== undefined && isInside(host)) return undefined;
  const method = valueOf(entry, 'method');
  return {
    time: valueOf(entry, 'start_time') ?? valueOf(entry, 'time'),
    client: clientIn(entry),
    clientAddress: hostOfAddress(valueOf(entry, 'downstream_remote_address') ?? valueOf(entry, 'src.addr')),
    clientPod: podOf(entry),
    host,
    address,
    port,
    protocol: protocolOf(entry, method),
    isGrpc: isGrpc(entry),
    method,
    path: valueOf(entry, 'path'),
    dialedPort: dialedPort(entry),
    fate: fateOf(entry),
  };
}

function isOnTheWayOut(entry: LogEntry): boolean {
  if (valueOf(entry, 'method') === 'CONNECT') return false;
  const cluster = parseCluster(valueOf(entry, 'upstream_cluster') ?? '');
  if (cluster.direction === 'own' || (cluster.host !== undefined && isInside(cluster.host))) return false;
  switch (writerOf(entry).kind) {
    case 'ztunnel':
      return leavesDirectly(entry);
    case 'tunnel':
    case 'sidecar-inbound':
    case 'ingress-gateway':
      return false;
    default:
      return true;
  }
}

/** A connection to a waypoint or to another pod stays inside; the waypoint's own line is the one that counts. */
function leavesDirectly(entry: LogEntry): boolean {
  return (
    valueOf(entry, 'direction') === 'outbound' &&
    valueOf(entry, 'message') !== 'connection opened' &&
    valueOf(entry, 'dst.workload') === undefined &&
    valueOf(entry, 'dst.hbone_addr') === undefined &&
    portOfAddress(valueOf(entry, 'dst.addr')) !== 15008
  );
}

/** A Service of the cluster. istio@86c9f01 pkg/config/constants (DefaultClusterLocalDomain); the domain of a cluster can be another one. */
function isInside(host: string): boolean {
  return /\.svc(\.|$)/.test(host);
}

function podOf(entry: LogEntry): LogSource {
  const { kind } = writerOf(entry);
  if (kind === 'ztunnel') return { pod: valueOf(entry, 'src.workload'), namespace: valueOf(entry, 'src.namespace') };
  return kind === 'sidecar-outbound' ? entry.source : { pod: undefined, namespace: undefined };
}

function protocolOf(entry: LogEntry, method: string | undefined): Observation['protocol'] {
  if (method !== undefined) return 'HTTP';
  return valueOf(entry, 'requested_server_name') === undefined ? 'TCP' : 'TLS';
}

function isGrpc(entry: LogEntry): boolean {
  return (
    valueOf(entry, 'protocol') === 'HTTP/2' &&
    valueOf(entry, 'method') === 'POST' &&
    /^\/[\w.]+\/\w+$/.test(valueOf(entry, 'path') ?? '')
  );
}

function dialedPort(entry: LogEntry): number | undefined {
  const upstream = valueOf(entry, 'upstream_host') ?? '';
  return upstream.startsWith('envoy:') ? undefined : portOfAddress(upstream);
}

function fateOf(entry: LogEntry): Observation['fate'] {
  const unknown = unknownHostOf(entry);
  if (unknown?.fate === 'blocked') return 'blocked';
  const { outcome } = headlineOf(entry);
  if (outcome === 'denied' || outcome === 'failed') return outcome;
  return unknown ? 'passed' : 'left';
}
