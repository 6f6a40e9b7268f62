// What Istio's own code makes of a mesh, cut down to what can be compared: which waypoint carries a host, and what TLS
// it originates on each port. See test/peers/oracle.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Report, TlsReport } from '../oracle/report.ts';

/** By `namespace/entry host`. */
export type Answer = Readonly<Record<string, HostAnswer>>;

export interface HostAnswer {
  readonly waypoint: string | null;
  /** Why a waypoint that is named is not used. */
  readonly refused: string | null;
  /** By `port/chain`; null is plaintext. */
  readonly ports: Readonly<Record<string, TlsAnswer | null>>;
}

export interface TlsAnswer {
  readonly sni: string | null;
  /** The name sent is the request's, and the certificate is compared with it: in the options of HTTP. */
  readonly autoSni: boolean;
  readonly autoSan: boolean;
  readonly names: readonly string[];
  readonly roots: string | null;
  readonly client: readonly string[];
}

/** Runs the oracle on files or folders. */
export async function askOracle(program: string, paths: readonly string[]): Promise<Answer> {
  const { stdout } = await promisify(execFile)(program, [...paths], { maxBuffer: 1 << 28 });
  const report = JSON.parse(stdout) as Report;
  return Object.fromEntries(
    report.hosts.map((host) => [
      `${host.serviceEntry} ${host.host}`,
      {
        waypoint: host.waypoint || null,
        refused: host.error?.split(':')[0] ?? null,
        ports: host.waypoint ? portsOf(report, host.waypoint, host.host) : {},
      },
    ]),
  );
}

function portsOf(report: Report, waypoint: string, host: string): HostAnswer['ports'] {
  const ports = report.waypoints.find((one) => one.waypoint === waypoint)?.ports ?? [];
  return Object.fromEntries(
    ports.flatMap(({ chain, routes }) => {
      const [, port, kind, name] = chain.split('|');
      return name === host ? [[`${port}/${kind}`, tlsOf(routes?.[0]?.cluster.tls)]] : [];
    }),
  );
}

function tlsOf(tls: TlsReport | undefined): TlsAnswer | null {
  return tls ? reportedTls(tls) : null;
}

/** Without `http` the options of HTTP mean nothing. */
export function reportedTls(tls: TlsReport, http = true): TlsAnswer {
  return {
    sni: tls.sni || null,
    autoSni: http && (tls.autoSni ?? false),
    autoSan: http && (tls.autoSanValidation ?? false),
    names: tls.subjectAltNames ?? [],
    roots: tls.ca || null,
    client: tls.clientCertificates ?? [],
  };
}
