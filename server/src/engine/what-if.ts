// The mesh after a hypothetical change; the workspace does not change.
import type { Mesh } from '../mesh/mesh.ts';
import { completeByDefault } from '../mesh/index/vouching.ts';
import type { Kind } from '../model/kinds.ts';
import type { AnyResource } from '../model/resource.ts';
import { splitDocuments } from '../yaml/chunks.ts';
import { readRecord } from './document.ts';
import type { Workspace } from './workspace.ts';

export interface MeshChange {
  /** Manifests that come, as texts. */
  readonly add?: readonly string[];
  /** Gives what a resource becomes: itself where it stays, undefined if it goes. */
  readonly become?: (resource: AnyResource) => AnyResource | undefined;
  /** Kinds that are fully known after the change. */
  readonly settled?: readonly Kind[];
}

export function meshAfter(
  workspace: Workspace,
  { add = [], become = (resource) => resource, settled = [] }: MeshChange,
): Mesh {
  const { settings, mesh } = workspace;
  const completeKinds =
    settled.length === 0 ? settings.completeKinds : [...(settings.completeKinds ?? completeByDefault), ...settled];
  const index = workspace.branch(
    completeKinds ? { completeKinds } : {},
    (document) => workspace.documentAt(document)?.start ?? document,
  );
  for (const uri of workspace.uris)
    for (const { record } of workspace.documents(uri))
      for (const resource of record.resources) {
        const now = become(resource);
        if (now === resource) continue;
        index.remove(resource);
        if (now !== undefined) index.add(now);
      }
  for (const resource of read(add, mesh.settings.istioVersion)) index.add(resource);
  return index.inForce();
}

/** Its ids are below those of any workspace. */
function read(texts: readonly string[], istioVersion: string): readonly AnyResource[] {
  let id = -1;
  return texts.flatMap(splitDocuments).flatMap(
    (chunk) =>
      readRecord(chunk.text, {
        uri: 'what-if:/added.yaml',
        document: id--,
        defaultNamespace: 'default',
        overrideNamespace: undefined,
        leftAlone: undefined,
        nextId: () => id--,
        istioVersion,
      }).resources,
  );
}
