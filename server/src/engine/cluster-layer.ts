// Adds a cluster's objects to a workspace where no file has the resource; files override, unless the cluster would refuse what they say.
import { clusterText, clusterUri, isClusterUri, keyOfObject, objectKey } from '../sources/cluster-files.ts';
import { clusterMeshSettings } from '../sources/cluster-settings.ts';
import type { EngineSettings } from './settings.ts';
import type { Workspace } from './workspace.ts';
import type { ClusterContent, ClusterObject } from '../model/cluster-content.ts';

/**
 * Settings of a workspace that knows a cluster. Absence is then proved by the cluster alone: what it did not tell is unknown,
 * unless someone says outright that the folder is complete.
 */
export function withClusterSettings(settings: EngineSettings, cluster: ClusterContent): EngineSettings {
  return {
    ...settings,
    completeKinds: settings.completeKinds ?? [],
    suppliedKinds: cluster.complete,
    suppliedNamespaces: cluster.namespaces,
    clusterMesh: clusterMeshSettings(cluster.controlPlane, cluster.context),
  };
}

/** Puts the objects that no file describes into the workspace and takes out the others. Again after edits; `refresh` is the caller's. */
export function layCluster(workspace: Workspace, objects: readonly ClusterObject[], context: string): void {
  const inFiles = keysInFiles(workspace);
  const wanted = new Map(
    objects
      .filter((object) => !inFiles.has(keyOfObject(object)))
      .map((object) => [clusterUri(context, object), object]),
  );
  for (const uri of workspace.uris) if (isClusterUri(uri) && !wanted.has(uri)) workspace.removeFile(uri);
  for (const [uri, { object }] of wanted) workspace.setFile(uri, clusterText(object));
}

export function removeCluster(workspace: Workspace): void {
  for (const uri of workspace.uris) if (isClusterUri(uri)) workspace.removeFile(uri);
}

function keysInFiles(workspace: Workspace): ReadonlySet<string> {
  const resources = [...workspace.uris]
    .filter((uri) => !isClusterUri(uri))
    .flatMap((uri) => workspace.documents(uri))
    .flatMap(({ record }) => record.resources)
    // What the cluster would refuse leaves its own version in force.
    .filter(({ refused }) => !refused);
  return new Set(resources.map(({ kind, written, namespace, name }) => objectKey(kind, written.kind, namespace, name)));
}
