// The totals of a workspace check.
import type { Finding } from '../engine/finding.ts';
import { count } from '../engine/count.ts';
import { isRenderedUri } from '../sources/rendered/rendered-files.ts';
import type { Folder } from './folder.ts';
import type { CheckWorkspaceResult } from './protocol/workspace.ts';

export function sumsOf(
  folders: readonly Folder[],
  unmet: (folder: Folder) => readonly Finding[],
): CheckWorkspaceResult {
  const uris = folders.flatMap(({ workspace }) => [...workspace.uris].map((uri) => ({ workspace, uri })));
  return {
    files: uris.filter(({ uri }) => !isRenderedUri(uri)).length,
    resources: uris.reduce(
      (sum, { workspace, uri }) =>
        sum + workspace.documents(uri).reduce((n, { record }) => n + record.resources.length, 0),
      0,
    ),
    findings: count([...uris.flatMap(({ workspace, uri }) => workspace.findings(uri)), ...folders.flatMap(unmet)]),
    skipped: folders.flatMap(({ skipped }) => skipped),
  };
}
