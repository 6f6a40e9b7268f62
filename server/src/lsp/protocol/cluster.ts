// Requests about a cluster that the client read, and about files that are compared with it or applied to it.
import { notification, request } from './define.ts';
import { anyObject, listOf, nothing, nullable, object, optional, text } from './read.ts';
import type { Evidence, ObjectName } from './shared.ts';
import type { ClusterContent, ClusterObject, ControlPlane } from '../../model/cluster-content.ts';
import type { Manifest } from '../../model/manifest.ts';

/** The snapshot that the client read from a cluster. Files override it; `null` removes it. The server never reads a cluster itself. */
export interface ClusterParams {
  readonly cluster: ClusterContent<string> | null;
}

export interface ClusterTextParams {
  readonly uri: string;
}

export interface ClusterTextResult {
  /** `null` if the object does not exist. */
  readonly text: string | null;
}

export interface PlacesParams {
  readonly objects: readonly ObjectName[];
}

/** In the order of the question. A file that describes an object goes before the cluster. */
export interface PlacesResult {
  readonly places: readonly (Evidence | null)[];
}

export interface FileObjectsResult {
  readonly files: readonly (ClusterObject<string> & { readonly id: string; readonly place: Evidence })[];
  /** Kinds that the files may not cover fully; `null`: in any namespace. */
  readonly more: readonly { readonly kind: string; readonly namespace: string | null }[];
}

export interface ManifestsParams {
  readonly uris: readonly string[];
}

export interface ManifestsResult {
  /** In the order of the files; Namespaces first, because their objects need them. */
  readonly manifests: readonly (Manifest & { readonly place: Evidence })[];
  /** Documents that are none of ours, and why. */
  readonly leftOut: readonly { readonly uri: string; readonly why: string }[];
}

const objectName = { kind: text, namespace: text, name: text };

const clusterContent = object<ClusterContent<string>>({
  context: text,
  namespaces: optional(listOf(text)),
  objects: listOf(object<ClusterObject<string>>({ ...objectName, object: anyObject })),
  complete: listOf(text),
  controlPlane: object<ControlPlane>({ namespace: text, version: optional(text), meshText: optional(text) }),
});

export const clusterRequests = {
  'istioEgress/clusterText': request<ClusterTextParams, ClusterTextResult>({
    read: object<ClusterTextParams>({ uri: text }),
    answers: '`{ text }` of an object of the cluster (`istio-egress-cluster:`), `null` where it has none',
  }),
  'istioEgress/places': request<PlacesParams, PlacesResult>({
    read: object<PlacesParams>({ objects: listOf(object<ObjectName>(objectName)) }),
    answers: 'the location of each object; files override the cluster',
  }),
  'istioEgress/fileObjects': request<undefined, FileObjectsResult>({
    read: nothing,
    answers: 'all objects of the files as plain data, and the kinds that may be incomplete',
  }),
  'istioEgress/manifests': request<ManifestsParams, ManifestsResult>({
    read: object<ManifestsParams>({ uris: listOf(text) }),
    answers: 'the manifests in these files that can be applied, with their errors',
  }),
};

export const clusterNotifications = {
  'istioEgress/cluster': notification<ClusterParams, 'session'>({
    read: object<ClusterParams>({ cluster: nullable(clusterContent) }),
    to: 'session',
    tells: 'the snapshot that the client read from a cluster; `null` to forget it',
  }),
  'istioEgress/changed': notification({
    read: nothing,
    to: 'client',
    tells: 'answers may have changed; sent to clients whose `initializationOptions` say `tellsChanges`',
  }),
};
