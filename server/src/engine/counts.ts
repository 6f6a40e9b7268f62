// How much a workspace holds, and how much of it is Istio's.
import { isClusterUri } from '../sources/cluster-files.ts';
import { isRenderedUri } from '../sources/rendered/rendered-files.ts';
import type { DocumentRecord } from './document.ts';
import type { Workspace } from './workspace.ts';

export interface Counts {
  readonly files: number;
  readonly resources: number;
  /** Objects of Istio and the Gateway API among what was read; 0 means that there was nothing to check. */
  readonly istioResources: number;
}

export function countsOf(workspace: Workspace): Counts {
  const uris = [...workspace.uris].filter((uri) => !isClusterUri(uri));
  const records = uris.flatMap((uri) => workspace.documents(uri).map(({ record }) => record));
  return {
    files: uris.filter((uri) => !isRenderedUri(uri)).length,
    resources: records.reduce((sum, { resources }) => sum + resources.length, 0),
    istioResources: records.reduce((sum, record) => sum + istioResourcesIn(record), 0),
  };
}

/** Kinds of Kubernetes, which are read for facts about Istio. */
const plainKinds: ReadonlySet<string> = new Set([
  'Namespace',
  'Service',
  'ServiceAccount',
  'Secret',
  'Pod',
  'ConfigMap',
  'Workload',
  'Role',
  'RoleBinding',
  'NetworkPolicy',
]);

/** A manifest of Istio's without resources is of a kind that no rule reads, such as EnvoyFilter: its schema is checked. */
function istioResourcesIn({ recognition, resources }: DocumentRecord): number {
  if (recognition.state !== 'manifest') return 0;
  return resources.length === 0 ? 1 : resources.filter(({ kind }) => !plainKinds.has(kind)).length;
}
