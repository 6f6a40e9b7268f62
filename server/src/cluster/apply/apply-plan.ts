// Plans an apply: a server-side dry run of each manifest, compared with the cluster. Changes nothing.
import type { Run } from '../tools/command.ts';
import { readIdentity, type ClusterIdentity } from '../tools/identity.ts';
import { conflictsIn, dryRun, readLive, type ApplyRequest, type FieldConflict } from './apply-request.ts';
import { keptFields } from './kept-fields.ts';
import { sameJson } from '../tools/parse-json.ts';
import { authored } from '../objects/live-object.ts';
import { namespaceNameFault } from '../tools/name-faults.ts';
import type { Outcome, Problem } from '../tools/problem.ts';
import type { Limits } from '../tools/target.ts';
import { toYaml } from '../objects/to-yaml.ts';
import type { Manifest } from '../../model/manifest.ts';
import { stopsAll } from '../tools/problem.ts';

export interface PlannedItem {
  readonly item: Manifest;
  /**
   * `conflict`: someone else manages fields that would change. `refused`: the cluster does not take it. `after-namespace`: its
   * namespace is made by the same plan, so no dry run is possible yet. `unknown`: it could not be found out.
   */
  readonly change: 'create' | 'change' | 'unchanged' | 'conflict' | 'refused' | 'after-namespace' | 'unknown';
  /** Both as YAML without defaults' noise: what is there, and what would be; empty where there is none. */
  readonly live: string;
  readonly future: string;
  /** What an undo goes back to. */
  readonly before: object | undefined;
  /** As the dry run gave it; undefined if that was refused. */
  readonly planned: object | undefined;
  readonly conflicts: readonly FieldConflict[];
  /** Fields that the file does not have (any more) and that stay all the same, because someone else gave them. */
  readonly kept: readonly string[];
  readonly problem: Problem | undefined;
}

export interface ApplyPlan {
  readonly request: ApplyRequest;
  readonly identity: ClusterIdentity;
  readonly items: readonly PlannedItem[];
}

export async function planApply(run: Run, request: ApplyRequest, limits: Limits = {}): Promise<Outcome<ApplyPlan>> {
  const fault = request.items
    .map(({ namespace }) => (namespace === '' ? undefined : namespaceNameFault(namespace)))
    .find((one) => one !== undefined);
  if (fault !== undefined)
    return { ok: false, problem: { kind: 'invalid-input', message: fault, advice: 'Correct the manifest.' } };
  const identity = await readIdentity(run, request, limits);
  if (!identity.ok) return identity;
  const making = new Set(request.items.filter(({ kind }) => kind === 'Namespace').map(({ name }) => name));
  const items: PlannedItem[] = [];
  for (const item of request.items) {
    const planned = await planItem(run, request, item, making, limits);
    if (planned.problem && stopsAll(planned.problem)) return { ok: false, problem: planned.problem };
    items.push(planned);
  }
  return { ok: true, value: { request, identity: identity.value, items } };
}

async function planItem(
  run: Run,
  request: ApplyRequest,
  item: Manifest,
  making: ReadonlySet<string>,
  limits: Limits,
): Promise<PlannedItem> {
  const notHere = unfitReason(item);
  if (notHere !== undefined) return { ...unplanned(item), change: 'refused', problem: notHere };
  const [live, dry] = await Promise.all([
    readLive(run, request, item, limits),
    dryRun(run, request, item, false, limits),
  ]);
  const before = live.ok ? live.value : undefined;
  const base = { ...unplanned(item), live: before === undefined ? '' : toYaml(authored(before)), before };
  if (!dry.ok) return refusedItem(run, request, base, dry.problem, making, limits);
  return {
    ...base,
    change: changeBetween(live, dry.value),
    kept: before === undefined ? [] : await keptFields(run, request, item, dry.value, limits),
    planned: dry.value,
    future: toYaml(authored(dry.value)),
    problem: live.ok ? undefined : live.problem,
  };
}

function unplanned(item: Manifest): Omit<PlannedItem, 'change'> {
  return {
    item,
    live: '',
    future: '',
    before: undefined,
    planned: undefined,
    conflicts: [],
    kept: [],
    problem: undefined,
  };
}

function changeBetween(live: Outcome<object | undefined>, future: object): PlannedItem['change'] {
  if (!live.ok) return 'unknown';
  if (live.value === undefined) return 'create';
  return sameJson(authored(live.value), authored(future)) ? 'unchanged' : 'change';
}

/** What the cluster's no to a dry run means. */
async function refusedItem(
  run: Run,
  request: ApplyRequest,
  base: Omit<PlannedItem, 'change'>,
  problem: Problem,
  making: ReadonlySet<string>,
  limits: Limits,
): Promise<PlannedItem> {
  if (problem.kind === 'not-found' && making.has(base.item.namespace)) return { ...base, change: 'after-namespace' };
  if (problem.kind !== 'conflict')
    return { ...base, change: refusals.has(problem.kind) ? 'refused' : 'unknown', problem };
  // For the comparison only: what it would be if the fields were taken over.
  const forced = await dryRun(run, request, base.item, true, limits);
  return {
    ...base,
    change: 'conflict',
    problem,
    conflicts: conflictsIn(problem.details ?? ''),
    ...(forced.ok && { planned: forced.value, future: toYaml(authored(forced.value)) }),
  };
}

/** To compare a Secret, its values would have to be read and shown. */
function unfitReason({ kind, namespace, name }: Manifest): Problem | undefined {
  if (kind !== 'Secret') return undefined;
  return {
    kind: 'unsupported',
    message: `Secret ${namespace}/${name} is not applied by this command, because it would have to read and show the secret values.`,
    advice: 'Apply the Secret with kubectl, and the other resources here.',
  };
}

const refusals: ReadonlySet<Problem['kind']> = new Set(['refused', 'forbidden', 'missing-crd', 'not-found', 'failed']);
