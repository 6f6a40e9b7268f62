import type { Span } from '../base/span.ts';
import type { Field } from './field.ts';
import type { Kind, KindMap } from './kinds.ts';

/** One parsed document of one file. A new text of the same document is a new `DocumentId`; ids are never used again. */
export type DocumentId = number;

/** Why the API server refuses an object. */
interface Refusal {
  /** The field, as in `spec.action`, and what is wrong with it. */
  readonly reason: string;
  readonly at: Span;
  /** The manifest shows that the object is in a cluster: an earlier version of it is likely in force. */
  readonly hasEarlierVersion: boolean;
}

export interface ResourcePlaces {
  readonly whole: Span;
  readonly kind: Span;
  readonly apiVersion: Span;
  /** `metadata.name`'s value, else the kind. */
  readonly name: Span;
  /** `metadata.namespace`'s value, undefined if the manifest names none. */
  readonly namespace: Span | undefined;
  /** The key `metadata`, else the kind. */
  readonly metadata: Span;
  /** The key `spec`, else the kind. */
  readonly spec: Span;
}

/** One Kubernetes object as a manifest declares it. Immutable; `id` is unique in a process and never used again. */
export interface Resource<K extends Kind = Kind> {
  readonly id: number;
  readonly kind: K;
  /** Kind and apiVersion as written. */
  readonly written: { readonly kind: string; readonly apiVersion: string };
  readonly document: DocumentId;
  /** The file's URI, or the origin of a resource that no file holds (`cluster:CONTEXT`). */
  readonly uri: string;
  /** Index in a `List`'s items, undefined outside a List. */
  readonly listIndex: number | undefined;
  /** Empty for cluster-scoped kinds. A namespaced manifest that names none is in the source's default namespace. */
  readonly namespace: string;
  readonly name: string;
  readonly at: ResourcePlaces;
  readonly labels: ReadonlyMap<string, Field<string>>;
  readonly annotations: ReadonlyMap<string, Field<string>>;
  readonly spec: KindMap[K];
  /** Hash of the object's plain content, to distinguish an identical copy from a different version. */
  readonly digest: number;
  /** Set where the API server or Istio's webhook refuses the object as it is written: then it is not in the mesh. */
  readonly refused?: Refusal | undefined;
}

/** A resource of any of the kinds in `K`, distinguished by its `kind`. */
export type AnyResource<K extends Kind = Kind> = { [X in K]: Resource<X> }[K];

/** `Kind namespace/name`, as users write it. */
export function describe(resource: Pick<Resource, 'written' | 'namespace' | 'name'>): string {
  const { namespace, name, written } = resource;
  return `${written.kind} ${namespace ? `${namespace}/` : ''}${name}`;
}
