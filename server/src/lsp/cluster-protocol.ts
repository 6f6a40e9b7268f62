// What the server and its clients say to each other about maps, clusters and manifests. As protocol.ts: plain types and names, which clients may import.
import type { Evidence } from './protocol.ts';

/** What a cluster holds lies under the files from now on; `null` takes it out again. A server asks no cluster by itself. */
export const clusterNotification = 'istioEgress/cluster';

export interface ClusterParams {
  readonly cluster: {
    readonly context: string;
    /** Those that were asked for; absent means all. */
    readonly namespaces?: readonly string[] | undefined;
    readonly objects: readonly {
      readonly kind: string;
      readonly namespace: string;
      readonly name: string;
      readonly object: object;
    }[];
    /** Kinds of which everything was read. */
    readonly complete: readonly string[];
    readonly controlPlane: {
      readonly namespace: string;
      readonly version?: string | undefined;
      readonly meshText?: string | undefined;
    };
  } | null;
}

/** From the server, to clients whose `initializationOptions` say `tellsChanges`: what was asked before may have another answer now. No parameters. */
export const changedNotification = 'istioEgress/changed';

/** What leaves the mesh, by gateway: no parameters → {@link MapResult}. */
export const mapRequest = 'istioEgress/map';

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

/** The text behind a place in a cluster (`istio-egress-cluster:`): `{ uri }` → `{ text }`, `null` where there is no such object. */
export const clusterTextRequest = 'istioEgress/clusterText';

/** Where objects stand: `{ objects }` → {@link PlacesResult}, in their order. A file that describes one goes before the cluster. */
export const placesRequest = 'istioEgress/places';

export interface PlacesParams {
  /** Kinds of the model. */
  readonly objects: readonly { readonly kind: string; readonly namespace: string; readonly name: string }[];
}

export interface PlacesResult {
  readonly places: readonly (Evidence | null)[];
}

/** All objects of the files, for a comparison with a cluster: no parameters → {@link FileObjectsResult}. */
export const fileObjectsRequest = 'istioEgress/fileObjects';

export interface FileObjectsResult {
  readonly files: readonly {
    readonly id: string;
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    readonly object: object;
    readonly place: Evidence;
  }[];
  /** Kinds of which the files may hold more than could be read; `null`: in any namespace. */
  readonly more: readonly { readonly kind: string; readonly namespace: string | null }[];
}

/** What files hold that can be applied: {@link ManifestsParams} → {@link ManifestsResult}. */
export const manifestsRequest = 'istioEgress/manifests';

export interface ManifestsParams {
  readonly uris: readonly string[];
}

export interface ManifestsResult {
  /** In the order of the files; Namespaces first, as what lies in them needs them. */
  readonly manifests: readonly {
    readonly id: string;
    /** As it is written. */
    readonly kind: string;
    /** Empty for cluster-scoped kinds. */
    readonly namespace: string;
    readonly name: string;
    readonly text: string;
    /** Messages of its findings of severity error. */
    readonly errors: readonly string[];
    readonly place: Evidence;
  }[];
  /** Documents that are none of ours, and why. */
  readonly leftOut: readonly { readonly uri: string; readonly why: string }[];
}
