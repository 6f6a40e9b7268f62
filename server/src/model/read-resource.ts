import { entryOf } from '../yaml/read.ts';
import type { YamlMap } from '../yaml/node.ts';
import { digest } from './digest.ts';
import type { Field } from './field.ts';
import { groupOf, isClusterScoped, kindOf } from './kind-of.ts';
import { KeptPlaces } from './kept-places.ts';
import type { Kind } from './kinds.ts';
import { isVendorPolicy } from './proxy-extension.ts';
import { child, childMap, textField, textFields } from './read-field.ts';
import { readSpec } from './read-spec.ts';
import type { AnyResource, DocumentId } from './resource.ts';

export interface ResourceContext {
  readonly uri: string;
  readonly document: DocumentId;
  /** For namespaced objects that name none. */
  readonly defaultNamespace: string;
  /** For every namespaced object, whatever it names: what Kustomize's `namespace` does. */
  readonly overrideNamespace?: string | undefined;
  /** A number that was never given before. */
  readonly nextId: () => number;
}

/** Kind and apiVersion as an object writes them. */
export interface Written {
  readonly apiVersion: Field<string>;
  readonly kind: Field<string>;
}

/** The kind that is read of an object; undefined for others. */
export function readableKind(root: YamlMap, apiVersion: string, kind: string): Kind | undefined {
  return kindOf(apiVersion, kind) ?? (isVendorPolicy(root, groupOf(apiVersion)) ? 'ProxyExtension' : undefined);
}

/** Undefined if the object has no name: nothing can refer to it, and the API server does not take it. */
export function readResource(
  root: YamlMap,
  written: Written,
  kind: Kind,
  listIndex: number | undefined,
  context: ResourceContext,
): AnyResource | undefined {
  const metadata = childMap(root, 'metadata');
  const name = textField(metadata, 'name');
  if (name === undefined || name.value === '') return undefined;
  const namespace = textField(metadata, 'namespace');
  return {
    id: context.nextId(),
    kind,
    written: writtenNames(written.kind.value, written.apiVersion.value),
    document: context.document,
    uri: context.uri,
    listIndex,
    namespace: namespaceOf(kind, namespace?.value, context),
    // Kustomize gives Namespaces the new name too: kustomize api/internal/konfig/builtinpluginconsts/namespace.go.
    name: kind === 'Namespace' ? (context.overrideNamespace ?? name.value) : name.value,
    at: new KeptPlaces({
      whole: root.span,
      kind: written.kind.span,
      apiVersion: written.apiVersion.span,
      name: name.span,
      namespace: namespace?.span,
      metadata: entryOf(root, 'metadata')?.key.span ?? written.kind.span,
      spec: entryOf(root, 'spec')?.key.span ?? written.kind.span,
    }),
    labels: textFields(child(metadata, 'labels')),
    annotations: textFields(child(metadata, 'annotations')),
    spec: readSpec(kind, root),
    digest: digest(root, kind),
    // The table of readers pairs each kind with its spec.
  } as AnyResource;
}

const names = new Map<string, AnyResource['written']>();
/** Files can hold any number of versions. */
const mostNames = 1000;

/** One object for all that write the same. */
function writtenNames(kind: string, apiVersion: string): AnyResource['written'] {
  const key = `${apiVersion} ${kind}`;
  const known = names.get(key);
  if (known) return known;
  if (names.size >= mostNames) names.clear();
  const made = { kind, apiVersion };
  names.set(key, made);
  return made;
}

/** Where an object lands that names this namespace, or none. */
export function namespaceOf(
  kind: Kind,
  named: string | undefined,
  context: Pick<ResourceContext, 'defaultNamespace' | 'overrideNamespace'>,
): string {
  if (isClusterScoped(kind)) return '';
  return context.overrideNamespace ?? (named || context.defaultNamespace);
}
