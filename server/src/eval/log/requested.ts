// The host and port that the client asked for, as far as a line says.
import { normalizeHost } from '../../names/hosts.ts';
import { hostOfAddress, portOfAddress, valueOf, type LogEntry } from './entry.ts';
import { parseCluster } from './upstream-cluster.ts';
import { writerOf } from './writer.ts';

export interface Requested {
  /** A name; undefined where the line has only an address. */
  readonly host: string | undefined;
  readonly port: number | undefined;
  /** The address that the client connected to, without its port. */
  readonly address: string | undefined;
}

export function requestedOf(entry: LogEntry): Requested {
  const cluster = parseCluster(valueOf(entry, 'upstream_cluster') ?? '');
  const authority = valueOf(entry, 'authority');
  const hosts = [
    hostOfAddress(authority),
    nameInHandshake(valueOf(entry, 'requested_server_name')),
    valueOf(entry, 'dst.service'),
    cluster.host,
  ];
  const host = hosts.find((one) => one !== undefined && !isAddress(one));
  const called = writerOf(entry).kind === 'tunnel' ? (authority ?? calledAddress(entry)) : calledAddress(entry);
  return {
    host: host === undefined ? undefined : normalizeHost(host),
    port: portOf(entry, cluster.port, portOfAddress(authority)),
    address: hostOfAddress(called),
  };
}

/** The service that the proxy chose, else what was asked for: where the manifests are looked up. */
export function servedHost(entry: LogEntry): string | undefined {
  const { host } = parseCluster(valueOf(entry, 'upstream_cluster') ?? '');
  const chosen = host ?? valueOf(entry, 'dst.service');
  return chosen === undefined ? requestedOf(entry).host : normalizeHost(chosen);
}

/** `host:port` or `address:port`, whatever of it the line has. */
export function requestedText(entry: LogEntry): string {
  const { host, port, address } = requestedOf(entry);
  const place = host ?? address;
  if (place === undefined) return 'an unnamed host';
  if (port === undefined) return place;
  return place.includes(':') ? `[${place}]:${port}` : `${place}:${port}`;
}

/** A gateway is called at a port of its own, and the port of a tunnel is no port of the service. */
function portOf(
  entry: LogEntry,
  clusterPort: number | undefined,
  authorityPort: number | undefined,
): number | undefined {
  const { kind } = writerOf(entry);
  const called = portOfAddress(calledAddress(entry));
  if (kind.endsWith('gateway')) return clusterPort ?? authorityPort;
  if (kind === 'tunnel') return authorityPort ?? clusterPort;
  return called ?? clusterPort ?? authorityPort;
}

function calledAddress(entry: LogEntry): string | undefined {
  return valueOf(entry, 'downstream_local_address') ?? valueOf(entry, 'dst.hbone_addr') ?? valueOf(entry, 'dst.addr');
}

function nameInHandshake(name: string | undefined): string | undefined {
  return name === undefined ? undefined : (parseCluster(name).host ?? name);
}

function isAddress(text: string): boolean {
  return /^[\d.]+$/.test(text) || text.includes(':');
}
