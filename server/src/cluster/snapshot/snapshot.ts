// Reads the state of the cluster that decides egress, in a few kubectl calls. Writes nothing.
import type { Kind } from '../../model/kinds.ts';
import { succeeded, type Run } from '../tools/command.ts';
import { readControlPlane } from '../objects/control-plane.ts';
import { liveKey, type LiveObject } from '../objects/live-object.ts';
import { listKinds, merged, type Listed } from '../tools/lists.ts';
import { contextNameFault, namespaceNameFault } from '../tools/name-faults.ts';
import { problemOf, type Outcome, type Problem, stopsAll } from '../tools/problem.ts';
import { withoutOwned } from '../objects/owned-pods.ts';
import { scope, type Manner, type ScopedKind } from '../objects/scope.ts';
import { kubectl, read, type Limits, type Tools } from '../tools/target.ts';
import type { ClusterContent, ControlPlane } from '../../model/cluster-content.ts';

export interface SnapshotRequest {
  readonly context: string;
  readonly tools: Tools;
  /** Only these; all by default. */
  readonly namespaces?: readonly string[] | undefined;
}

export interface Snapshot extends ClusterContent {
  /** ISO 8601. */
  readonly takenAt: string;
  readonly objects: readonly LiveObject[];
  /** A line a kind: what may not be read, or is not installed. */
  readonly unread: readonly { readonly kind: Kind; readonly problem: Problem }[];
}

const snapshotTimeoutMs = 60_000;

/** Fails only if the cluster cannot be reached; the snapshot names kinds that cannot be read. */
export async function readSnapshot(
  run: Run,
  request: SnapshotRequest,
  limits: Limits = {},
): Promise<Outcome<Snapshot>> {
  const fault =
    contextNameFault(request.context) ?? request.namespaces?.map(namespaceNameFault).find((one) => one !== undefined);
  if (fault !== undefined)
    return { ok: false, problem: { kind: 'invalid-input', message: fault, advice: 'Choose another value.' } };
  const patient = { timeoutMs: snapshotTimeoutMs, ...limits };
  const served = await servedResources(run, request, patient);
  if (!served.ok) return served;
  const [listed, controlPlane] = await Promise.all([
    listAll(run, request, served.value, patient),
    readControlPlane(run, request, patient),
  ]);
  if (limits.signal?.aborted)
    return {
      ok: false,
      problem: { kind: 'cancelled', message: 'Reading the cluster was stopped.', advice: 'No more commands are run.' },
    };
  const gone = goneNamespace(request, listed);
  if (gone !== undefined) return { ok: false, problem: gone };
  const lasting = listed.unread.find(({ problem }) => stopsAll(problem) || problem.kind === 'unreadable');
  if (lasting !== undefined) return { ok: false, problem: lasting.problem };
  return { ok: true, value: assemble(request, served.value, listed, controlPlane) };
}

/** Reads from the cluster and not from kubectl's cache, which may be hours old. */
async function servedResources(
  run: Run,
  { context, tools }: SnapshotRequest,
  limits: Limits,
): Promise<Outcome<ReadonlySet<string>>> {
  const command = kubectl(
    { context, tools },
    'api-resources',
    '--verbs=list',
    '--output=name',
    '--request-timeout=15s',
  );
  const result = await read(run, command, limits);
  const names = new Set(result.stdout.split('\n').filter((line) => line !== ''));
  // One broken aggregated API makes it fail although everything else was listed.
  if (names.has('namespaces') && result.ended === 'exited') return { ok: true, value: names };
  return {
    ok: false,
    problem: problemOf('kubectl', command, succeeded(result) ? { ...result, code: 1 } : result, context),
  };
}

async function listAll(
  run: Run,
  request: SnapshotRequest,
  served: ReadonlySet<string>,
  limits: Limits,
): Promise<Listed> {
  const { context, tools, namespaces } = request;
  const kinds = scope.filter(({ resource }) => served.has(resource));
  const wide = kinds.filter(({ clusterScoped }) => clusterScoped);
  const calls = (namespaces ?? ['all']).flatMap((namespace) =>
    manners.map((manner) =>
      listKinds(
        run,
        { context, tools, namespace },
        kinds.filter((kind) => kind.manner === manner && !kind.clusterScoped),
        limits,
      ),
    ),
  );
  return merged(await Promise.all([listKinds(run, { context, tools, namespace: 'none' }, wide, limits), ...calls]));
}

/** Lists of a namespace that is not there are empty and no error, which would read as "nothing is wrong". */
function goneNamespace({ context, namespaces }: SnapshotRequest, { objects, unread }: Listed): Problem | undefined {
  if (unread.some(({ scoped }) => scoped.kind === 'Namespace')) return undefined;
  const known = new Set(objects.filter(({ kind }) => kind === 'Namespace').map(({ name }) => name));
  const gone = namespaces?.find((name) => !known.has(name));
  return gone === undefined
    ? undefined
    : {
        kind: 'not-found',
        message: `The cluster of context "${context}" has no namespace "${gone}".`,
        advice: 'Create the namespace first, or choose another namespace.',
      };
}

const manners: readonly Manner[] = ['json', 'keys', 'pod', 'template'];

function assemble(
  request: SnapshotRequest,
  served: ReadonlySet<string>,
  listed: Listed,
  controlPlane: ControlPlane,
): Snapshot {
  const missing = scope
    .filter(({ resource, optional }) => !optional && !served.has(resource))
    .map((scoped) => ({ scoped, problem: notInstalled(scoped, request.context) }));
  const unread = onePerKind([...listed.unread, ...missing]);
  const failed = new Set(unread.map(({ kind }) => kind));
  const unique = new Map(listed.objects.map((object) => [liveKey(object), object]));
  return {
    context: request.context,
    takenAt: new Date().toISOString(),
    namespaces: request.namespaces,
    controlPlane,
    unread,
    objects: withoutOwned([...unique.values()]),
    complete: [...new Set(scope.map(({ kind }) => kind))].filter((kind) => !failed.has(kind)),
  };
}

function onePerKind(all: Listed['unread']): Snapshot['unread'] {
  return [...new Map(all.map(({ scoped, problem }) => [scoped.kind, { kind: scoped.kind, problem }])).values()];
}

function notInstalled({ resource }: ScopedKind, context: string): Problem {
  return {
    kind: 'missing-crd',
    message: `The cluster of context "${context}" does not serve ${resource}.`,
    advice:
      'The checks do not conclude that such resources are missing. To use them, install the custom resource definition.',
  };
}
