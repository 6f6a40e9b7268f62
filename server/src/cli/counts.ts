// How much a run read, and whether any of it is Istio's.
import type { Snapshot } from '../cluster/snapshot/snapshot.ts';
import type { DocumentRecord } from '../engine/document.ts';
import { isClusterUri } from '../sources/cluster-files.ts';
import { isRenderedUri } from '../sources/rendered/rendered-files.ts';
import type { CliHost } from './host.ts';
import type { Loaded } from './load.ts';

export interface Counts {
  readonly files: number;
  readonly resources: number;
  /** Objects of Istio and the Gateway API among what was read; 0 means that there was nothing to check. */
  readonly istioResources: number;
}

export function countsOf({ workspace }: Loaded): Counts {
  const uris = [...workspace.uris].filter((uri) => !isClusterUri(uri));
  const records = uris.flatMap((uri) => workspace.documents(uri).map(({ record }) => record));
  return {
    files: uris.filter((uri) => !isRenderedUri(uri)).length,
    resources: records.reduce((sum, { resources }) => sum + resources.length, 0),
    istioResources: records.reduce((sum, record) => sum + istioResourcesIn(record), 0),
  };
}

/** For users: nothing was there to check. */
export function nothingFound({
  istioResources,
  files,
  cluster,
}: Counts & { readonly cluster?: unknown }): string | undefined {
  if (istioResources > 0 || cluster !== undefined) return undefined;
  return `No Istio or Gateway API resources found in ${files} ${files === 1 ? 'file' : 'files'}.`;
}

/** An answer about files without resources of Istio is told apart from an answer about a mesh. */
export function tellNothingFound(loaded: Loaded, host: CliHost, cluster?: Snapshot): void {
  const line = nothingFound({ ...countsOf(loaded), cluster });
  if (line !== undefined) host.stderr(`${line}\n`);
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
