// The configuration of one proxy, as the oracle prints it. See test/peers/oracle/proxies.go.
import type { RbacFilter } from '../rbac.ts';
import type { ClusterReport, EntryReport } from '../report.ts';

export interface ConfigReport {
  readonly name: string;
  readonly listeners: readonly ListenerReport[];
  readonly routes: Readonly<Record<string, readonly VirtualHostReport[]>>;
  readonly clusters: readonly ClusterReport[];
  /** Where the pod's DNS is captured: addresses by name. */
  readonly names?: Readonly<Record<string, readonly string[]>>;
  /** What Envoy is sent, where it is asked for. */
  readonly raw?: object;
}

export interface ListenerReport {
  readonly name: string;
  readonly bind: string;
  readonly chains: readonly ChainReport[];
  readonly default?: ChainReport;
}

export interface ChainReport {
  readonly name: string;
  readonly serverNames?: readonly string[];
  readonly prefixes?: readonly string[];
  readonly port?: number;
  readonly transport?: string;
  readonly applications?: readonly string[];
  readonly tls?: 'any-client' | 'client-certificate';
  readonly rbac?: readonly RbacFilter[];
  readonly rds?: string;
  readonly to?: readonly { readonly cluster: string; readonly weight?: number }[];
}

export interface VirtualHostReport {
  readonly domains: readonly string[];
  readonly requireTls?: boolean;
  readonly routes: readonly EntryReport[];
}

export interface ClassicReport {
  readonly id: string;
  readonly error?: string;
  readonly problems?: readonly { readonly doc: number; readonly level: string; readonly message: string }[];
  readonly proxies: readonly ConfigReport[];
}
