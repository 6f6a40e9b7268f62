// The cluster part of `check --cluster`: what was read, and the status that controllers report.
import type { Snapshot } from '../cluster/snapshot/snapshot.ts';
import { statusFindings, type StatusFinding } from '../cluster/snapshot/statuses.ts';
import { isClusterUri } from '../sources/cluster-files.ts';
import type { CliHost } from './host.ts';
import type { Loaded } from './load.ts';
import { placer } from './position.ts';
import type { ReportedCluster, ReportedStatus } from './report.ts';

export function clusterReport(snapshot: Snapshot, loaded: Loaded, host: CliHost): ReportedCluster {
  const { context, takenAt, namespaces, unread } = snapshot;
  const place = placer(loaded, host);
  return {
    context,
    takenAt,
    namespaces: namespaces ?? null,
    resources: [...loaded.workspace.uris].filter(isClusterUri).length,
    unread: unread.map(({ kind, problem }) => ({ kind, why: problem.message })),
    statuses: statusFindings(snapshot).flatMap((finding) => reported(finding, loaded, place)),
  };
}

/** A status belongs to the object as it is in the cluster; a file that describes it is where a user can do something about it. */
function reported(
  finding: StatusFinding,
  { workspace }: Loaded,
  place: ReturnType<typeof placer>,
): readonly ReportedStatus[] {
  const { kind, namespace, name, code, severity, message, condition, status, reason, since } = finding;
  const [resource] = workspace.writtenMesh.named(kind, namespace, name);
  if (resource === undefined) return [];
  return [
    { code, severity, message, ...place(resource, resource.at.name), condition, status, reason, since: since ?? null },
  ];
}
