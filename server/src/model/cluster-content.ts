// What was read of a cluster: `cluster/snapshot` reads it, a client sends it, and a workspace holds it under its files.
import type { Kind } from './kinds.ts';

export interface ClusterContent<KindName extends string = Kind> {
  readonly context: string;
  /** The namespaces that were read; undefined means all. */
  readonly namespaces?: readonly string[] | undefined;
  readonly objects: readonly ClusterObject<KindName>[];
  /** Kinds of which everything was read, in `namespaces` or anywhere: only of those does absence prove anything. */
  readonly complete: readonly KindName[];
  readonly controlPlane: ControlPlane;
}

export interface ClusterObject<KindName extends string = Kind> {
  readonly kind: KindName;
  /** Empty for cluster-scoped kinds. */
  readonly namespace: string;
  readonly name: string;
  /** Without the fields that the API server manages; of Secrets, pods and workloads only the requested fields. */
  readonly object: object;
}

export interface ControlPlane {
  /** Where istiod runs. */
  readonly namespace: string;
  /** As in the cluster: `1.31.0`, `1.31-dev`. Undefined if unknown. */
  readonly version?: string | undefined;
  /** MeshConfig as YAML, the key `mesh` of ConfigMap `istio`. Undefined where it is not there or may not be read. */
  readonly meshText?: string | undefined;
}
