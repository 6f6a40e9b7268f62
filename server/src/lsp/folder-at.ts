// A folder as it was in another state of its files.
import type { Workspace } from '../engine/workspace.ts';
import type { FolderReader } from '../engine/reader.ts';
import type { ClusterContent } from '../model/cluster-content.ts';
import { Folder } from './folder.ts';
import type { ClientSettings } from './protocol/settings.ts';

export function folderAt(
  uri: string,
  reader: FolderReader,
  client: ClientSettings,
  cluster: ClusterContent | undefined,
): Workspace {
  const folder = new Folder({
    uri,
    reader,
    client,
    rules: { rules: [], documentRules: [] },
    onRuleError: () => undefined,
  });
  for (const _ of folder.read(() => false)) continue;
  if (cluster) folder.setCluster(cluster, () => undefined);
  folder.underlay();
  folder.workspace.refresh();
  return folder.workspace;
}
