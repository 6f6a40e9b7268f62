// What istiod tells ztunnels: istio.workload.Address in the JSON form of protobuf, where defaults are left out and bytes are base64.
import { existsSync, readFileSync } from 'node:fs';

export interface Service {
  readonly namespace: string;
  readonly hostname: string;
  readonly addresses?: readonly { readonly address: string }[];
  readonly ports?: readonly { readonly servicePort: number; readonly targetPort?: number }[];
  readonly waypoint?: {
    readonly hostname?: { readonly namespace: string; readonly hostname: string };
    readonly hboneMtlsPort?: number;
  };
  readonly canonical?: boolean;
}
export interface Workload {
  readonly namespace: string;
  readonly serviceAccount?: string;
  readonly addresses?: readonly string[];
  readonly hostname?: string;
  /** HEALTHY is left out. */
  readonly status?: 'UNHEALTHY';
  /** By `NAMESPACE/HOSTNAME`. */
  readonly services?: Readonly<Record<string, unknown>>;
}
export interface Addresses {
  readonly services: readonly Service[];
  readonly workloads: readonly Workload[];
}

export function readAddresses(file: string): Addresses {
  if (!existsSync(file)) return { services: [], workloads: [] };
  const all = JSON.parse(readFileSync(file, 'utf8')) as readonly { service?: Service; workload?: Workload }[];
  return {
    services: all.flatMap(({ service }) => service ?? []),
    workloads: all.flatMap(({ workload }) => workload ?? []),
  };
}

/** `10.0.0.1`; undefined for IPv6, which this network does not have. */
export function ipv4Of(bytes: string): string | undefined {
  const octets = Buffer.from(bytes, 'base64');
  return octets.length === 4 ? octets.join('.') : undefined;
}

export function endpointsOf({ workloads }: Addresses, namespace: string, hostname: string): readonly Workload[] {
  return workloads.filter(
    ({ services, status }) => services?.[`${namespace}/${hostname}`] !== undefined && status !== 'UNHEALTHY',
  );
}
