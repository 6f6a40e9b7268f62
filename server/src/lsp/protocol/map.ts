// The map of what leaves the mesh, by gateway.
import { request } from './define.ts';
import { nothing } from './read.ts';
import type { Evidence } from './shared.ts';

export interface MapResult {
  /** While folders are being read, what is not there may only be still unread. */
  readonly reading: boolean;
  readonly folders: readonly { readonly uri: string; readonly map: MapSide }[];
  /** The cluster by itself, without the files. */
  readonly cluster: { readonly context: string; readonly map: MapSide } | null;
}

export interface MapSide {
  readonly gateways: readonly GatewayItem[];
  /** Hosts that no gateway stands before. */
  readonly past: readonly HostItem[];
  /** Hosts of which nothing shows whether one does. */
  readonly unclear: readonly HostItem[];
}

export interface GatewayItem {
  readonly namespace: string;
  readonly name: string;
  readonly className: string | null;
  /** `null` where a label names it and nothing shows it. */
  readonly place: Evidence | null;
  readonly hosts: readonly HostItem[];
}

export interface HostItem {
  readonly host: string;
  readonly place: Evidence;
  /** Why no gateway stands before it; empty where one does. */
  readonly why: string;
  readonly ports: readonly {
    readonly number: number;
    readonly protocol: string | null;
    readonly targets: readonly number[];
    readonly tls: 'SIMPLE' | 'MUTUAL' | 'plain' | 'client' | 'unknown' | 'elsewhere';
    readonly by: Evidence | null;
  }[];
  readonly policies: readonly { readonly action: string; readonly dryRun: boolean; readonly place: Evidence }[];
  readonly callers: 'policies' | 'anyone' | 'unjudged' | 'unknown';
}

export const mapRequests = {
  'istioEgress/map': request<undefined, MapResult>({
    read: nothing,
    answers: 'egress traffic by gateway, for each folder and for the cluster',
  }),
};
