// Objects as they are in the files, to compare them with a cluster or to apply them.
import type { Span } from '../base/span.ts';
import type { Workspace } from '../engine/workspace.ts';
import type { Kind } from '../model/kinds.ts';
import type { AnyResource } from '../model/resource.ts';
import { asSeq, at as nodeAt, toPlain } from '../yaml/read.ts';
import { subjectsIn } from './facts/subjects-in-file.ts';
import type { Manifest } from '../model/manifest.ts';

type TextOf = (uri: string) => string | undefined;

/** The object as plain data, with the namespace in which it is applied. Undefined if its text is gone or broken. */
export function plainObject(workspace: Workspace, resource: AnyResource, textOf: TextOf): object | undefined {
  // One list may have thousands of objects, which are asked for one after the other.
  const root = workspace.parsed.of(resource.document, () => documentText(workspace, resource, textOf))?.tree.root;
  const node = resource.listIndex === undefined ? root : asSeq(nodeAt(root, ['items']))?.items[resource.listIndex];
  if (node?.kind !== 'map') return undefined;
  const { namespace, name, written } = resource;
  const plain = toPlain(node) as Record<string, unknown>;
  const metadata = { ...(plain['metadata'] as object), name, ...(namespace === '' ? {} : { namespace }) };
  return { ...plain, apiVersion: written.apiVersion, kind: written.kind, metadata };
}

/** Whether the files may hold more of a kind in a namespace: a template or a patch beside them may make what no file shows. */
export function mayHoldMore(workspace: Workspace): (kind: Kind, namespace: string) => boolean {
  const unknown = new Map<Kind, Set<string | undefined>>();
  for (const uri of workspace.uris)
    for (const { record } of workspace.documents(uri))
      for (const { kind, namespace } of record.recognition.suppliesUnknown)
        unknown.set(kind, (unknown.get(kind) ?? new Set()).add(namespace));
  return (kind, namespace) => {
    const where = unknown.get(kind);
    return where !== undefined && (where.has(undefined) || where.has(namespace));
  };
}

/** What a file holds that could be applied, in its order, and where each begins in the file. */
export function manifestsIn(
  workspace: Workspace,
  uri: string,
  textOf: TextOf,
): readonly { readonly manifest: Manifest; readonly span: Span }[] {
  const errors = workspace.findings(uri).filter(({ severity }) => severity === 'error');
  return subjectsIn(workspace, uri).flatMap(({ resource, place }) => {
    const text = applicable(workspace, resource, textOf);
    if (text === undefined) return [];
    const own = errors.filter((finding) =>
      finding.resource ? finding.resource.id === resource.id : finding.document === resource.document,
    );
    return [
      {
        manifest: {
          id: String(resource.id),
          kind: resource.written.kind,
          namespace: resource.namespace,
          name: resource.name,
          text,
          errors: own.map(({ rule, message }) => `${message} (${rule})`),
        },
        span: place(resource.at.apiVersion.start < resource.at.kind.start ? resource.at.apiVersion : resource.at.kind),
      },
    ];
  });
}

/** Documents of a file that are not Istio or Gateway API manifests, by reason: they are never applied. */
export function leftOut(workspace: Workspace, uri: string): readonly string[] {
  return workspace.documents(uri).flatMap(({ record }) => {
    const { state } = record.recognition;
    return state === 'empty' || record.resources.length > 0 ? [] : [state];
  });
}

function applicable(workspace: Workspace, resource: AnyResource, textOf: TextOf): string | undefined {
  if (resource.listIndex === undefined) return documentText(workspace, resource, textOf);
  const plain = plainObject(workspace, resource, textOf);
  return plain && JSON.stringify(plain);
}

function documentText(workspace: Workspace, { document }: AnyResource, textOf: TextOf): string | undefined {
  const where = workspace.documentAt(document);
  return where && textOf(where.uri)?.slice(where.start, where.start + where.length);
}
