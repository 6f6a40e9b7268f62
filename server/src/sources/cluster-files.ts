// Objects of a cluster as texts with URIs, so that they are read like files.
import type { Kind } from '../model/kinds.ts';
import type { Plain } from '../yaml/plain.ts';
import { printDocument } from '../yaml/print.ts';
import type { ClusterObject } from '../model/cluster-content.ts';

const clusterScheme = 'istio-egress-cluster:';

/** `istio-egress-cluster:/CONTEXT/NAMESPACE/KIND/NAME.yaml`; `_` means no namespace. */
export function clusterUri(context: string, { kind, namespace, name, object }: ClusterObject): string {
  const shown = kind === 'Workload' || kind === 'ProxyExtension' ? writtenKind(object) : kind;
  return `${clusterScheme}/${[context, namespace || '_', shown, `${name}.yaml`].map(encodeURIComponent).join('/')}`;
}

export function isClusterUri(uri: string): boolean {
  return uri.startsWith(clusterScheme);
}

/** The context that a cluster's place names. */
export function contextOfUri(uri: string): string | undefined {
  const part = isClusterUri(uri) ? uri.slice(clusterScheme.length + 1).split('/')[0] : undefined;
  return part === undefined ? undefined : decodeURIComponent(part);
}

/** The object as YAML, the usual keys first, as a user would write it. */
export function clusterText(object: object): string {
  const { apiVersion, kind, metadata, spec, status, ...rest } = object as Record<string, unknown>;
  const sorted = { apiVersion, kind, metadata, spec, ...rest, status };
  return printDocument(Object.fromEntries(Object.entries(sorted).filter(([, value]) => value !== undefined)) as Plain);
}

/** Kind as written, namespace and name: what makes two manifests the same object. */
export function objectKey(kind: Kind, written: string, namespace: string, name: string): string {
  return `${kind} ${written} ${namespace}/${name}`;
}

export function keyOfObject({ kind, namespace, name, object }: ClusterObject): string {
  return objectKey(kind, writtenKind(object), namespace, name);
}

function writtenKind(object: object): string {
  const kind = (object as { readonly kind?: unknown }).kind;
  return typeof kind === 'string' ? kind : '';
}
