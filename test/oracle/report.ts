// What the oracle prints, as far as anybody reads it. See test/peers/oracle/translate.go, routes.go.
import type { RouteMatch } from './envoy-route.ts';
import type { RbacFilter } from './rbac.ts';

export interface Report {
  readonly id: string;
  readonly error?: string;
  /** `doc` is the index of the manifest. */
  readonly problems?: readonly { readonly doc: number; readonly level: string; readonly message: string }[];
  readonly hosts: readonly HostReport[];
  readonly waypoints: readonly { readonly waypoint: string; readonly ports: readonly PortReport[] }[];
  readonly services?: readonly ServiceReport[];
  /** `client` is as `podName` writes it. */
  readonly sidecars?: readonly {
    readonly client: string;
    readonly outbound: string;
    readonly clusters: readonly ClusterReport[];
  }[];
}
export interface ServiceReport {
  readonly service: string;
  readonly host: string;
  readonly waypoint?: string;
  readonly error?: string;
  readonly addresses?: readonly string[];
  readonly canonical?: boolean;
}
export interface HostReport {
  readonly host: string;
  readonly serviceEntry: string;
  readonly waypoint?: string;
  readonly error?: string;
  readonly addresses?: readonly string[];
  readonly canonical?: boolean;
  readonly visibility?: string;
  readonly canary?: { readonly waypoint: string; readonly weight: number };
}
export interface PortReport {
  /** `inbound-vip|PORT|CHAIN|HOST`. */
  readonly chain: string;
  readonly protocol: string;
  readonly rbac?: readonly RbacFilter[];
  readonly logs?: readonly string[];
  readonly routes?: readonly { readonly cluster: ClusterReport }[];
  readonly table?: TableReport;
}
/** Virtual hosts on an HTTP chain, destinations on a TCP chain. */
export interface TableReport {
  readonly virtualHosts?: readonly { readonly domains: readonly string[]; readonly routes: readonly EntryReport[] }[];
  readonly to?: readonly DestinationReport[];
}
export interface EntryReport {
  readonly match: RouteMatch;
  readonly from?: string;
  readonly to?: readonly DestinationReport[];
  readonly redirect?: { readonly responseCode?: string };
  readonly response?: number;
  readonly hostRewrite?: string;
  readonly notFound?: string;
  readonly filters?: Readonly<Record<string, { readonly abort?: AbortReport }>>;
}
interface AbortReport {
  readonly httpStatus?: number;
  readonly grpcStatus?: number;
  readonly percentage?: { readonly numerator?: number; readonly denominator?: string };
}
export interface DestinationReport {
  readonly cluster: string;
  readonly weight?: number;
  readonly hostRewrite?: string;
  /** Absent where there is no such cluster. */
  readonly is?: ClusterReport;
}
export interface ClusterReport {
  readonly name: string;
  readonly type: string;
  readonly namespace?: string;
  readonly portOverride?: number;
  readonly endpoints?: readonly string[];
  readonly tls?: TlsReport;
}
export interface TlsReport {
  readonly auto?: boolean;
  readonly sni?: string;
  readonly autoSni?: boolean;
  readonly autoSanValidation?: boolean;
  readonly ca?: string;
  readonly clientCertificates?: readonly string[];
  readonly subjectAltNames?: readonly string[];
}
