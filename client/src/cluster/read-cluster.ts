// Reads the cluster in use: its objects are used where no file has the resource, its statuses become findings, and the files are compared with it.
import { workspace } from 'vscode';
import { readDrift, type DriftRequest, type FileObject } from '../../../server/src/cluster/snapshot/drift.ts';
import { sameJson } from '../../../server/src/cluster/tools/parse-json.ts';
import { readSnapshot, type Snapshot, type SnapshotRequest } from '../../../server/src/cluster/snapshot/snapshot.ts';
import type { Problem } from '../../../server/src/cluster/tools/problem.ts';
import type { Tools } from '../../../server/src/cluster/tools/target.ts';
import type { ClusterParams } from '../../../server/src/lsp/protocol/cluster.ts';
import type { EgressContext } from '../extension-context.ts';
import { withProgress } from '../ui/progress.ts';
import { showProblem } from '../ui/notify.ts';
import { readingRun } from './tools.ts';
import { readTarget } from './target.ts';

export type ReadEnding = 'read' | 'problem' | 'busy';

/** On request of the user: with progress, and errors are shown. */
export async function readInto(egress: EgressContext, tools: Tools): Promise<ReadEnding> {
  const { live } = egress;
  if (live.reading) return 'busy';
  live.begin();
  const run = readingRun(egress);
  const target = await readTarget(egress, run, tools);
  if (!target.ok) return failed(egress, target.problem);
  live.setTarget(target.value);
  const { context } = target.value;
  const found = await withProgress(`Reading cluster ${context}`, async (signal, report) => {
    const read = await readSnapshot(run, requestFor(context, tools), { signal });
    if (!read.ok) return read;
    report('comparing it with the files');
    await takeIn(egress, tools, read.value, { signal, anew: true });
    return read;
  });
  return found.ok ? 'read' : failed(egress, found.problem);
}

export function requestFor(context: string, tools: Tools): SnapshotRequest {
  const namespaces = workspace.getConfiguration().get<readonly string[]>('istioEgress.cluster.namespaces', []);
  return { context, tools, ...(namespaces.length > 0 && { namespaces }) };
}

function failed(egress: EgressContext, problem: Problem): 'problem' {
  egress.live.fail(problem);
  showProblem(egress, problem);
  return 'problem';
}

export interface TakeIn {
  readonly signal?: AbortSignal;
  /** Files are compared again although the cluster is as it was. */
  readonly anew?: boolean;
}

export async function takeIn(
  egress: EgressContext,
  tools: Tools,
  snapshot: Snapshot,
  { signal, anew = false }: TakeIn,
): Promise<void> {
  const { live } = egress;
  const isSame = sameObjects(live.snapshot, snapshot);
  live.take(snapshot, isSame);
  if (!isSame) await tellServer(egress);
  if (anew || !live.drift) await compare(egress, tools, signal);
}

function sameObjects(a: Snapshot | undefined, b: Snapshot): boolean {
  return (
    a?.context === b.context &&
    sameJson([a.objects, a.complete, a.controlPlane], [b.objects, b.complete, b.controlPlane])
  );
}

/** Also after a restart: the server itself does not read a cluster. */
export function tellServer({ server, live: { snapshot } }: Pick<EgressContext, 'server' | 'live'>): Promise<void> {
  return server.notify('istioEgress/cluster', { cluster: snapshot ? paramsOf(snapshot) : null });
}

function paramsOf({ context, namespaces, objects, complete, controlPlane }: Snapshot): ClusterParams['cluster'] {
  return {
    context,
    namespaces,
    complete,
    controlPlane,
    objects: objects.map(({ kind, namespace, name, object }) => ({ kind, namespace, name, object })),
  };
}

/** Files against cluster. Dry runs only; what cannot be compared is said per object. */
export async function compare(egress: EgressContext, tools: Tools, signal?: AbortSignal): Promise<void> {
  const { live, server } = egress;
  const { snapshot } = live;
  if (!snapshot) return;
  const found = await server.request('istioEgress/fileObjects');
  if (!found) return;
  const request: DriftRequest = {
    snapshot,
    tools,
    files: found.files.map(({ id, kind, namespace, name, object }) => ({
      id,
      kind: kind as FileObject['kind'],
      namespace,
      name,
      object,
    })),
    mayHoldMore: (kind, namespace) =>
      found.more.some((one) => one.kind === kind && (one.namespace === null || one.namespace === namespace)),
  };
  const drift = await readDrift(readingRun(egress), request, signal ? { signal } : {});
  // Meanwhile another snapshot may have been taken.
  if (live.snapshot === snapshot) live.compare(drift);
}
