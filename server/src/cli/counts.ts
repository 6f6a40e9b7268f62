// Whether any of what a run read is Istio's.
import type { Snapshot } from '../cluster/snapshot/snapshot.ts';
import { countsOf, type Counts } from '../engine/counts.ts';
import type { CliHost } from './host.ts';
import type { Loaded } from './load.ts';

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
  const line = nothingFound({ ...countsOf(loaded.workspace), cluster });
  if (line !== undefined) host.stderr(`${line}\n`);
}
