// What applying manifests would do: a server-side dry run of each, beside what the cluster holds. Changes nothing.
import { succeeded, type Command, type Run } from '../tools/command.ts';
import { readIdentity, type ClusterIdentity } from '../tools/identity.ts';
import { keptFields } from '../objects/kept-fields.ts';
import { at, listAt, parseJson, sameJson, stringAt } from '../tools/json.ts';
import { authored, isRecord } from '../objects/live-object.ts';
import { namespaceNameFault } from '../tools/kubernetes-names.ts';
import { problemOf, unreadable, type Outcome, type Problem } from '../tools/problem.ts';
import { kubectl, read, type Limits, type Tools } from '../tools/target.ts';
import { toYaml } from '../objects/to-yaml.ts';

export const fieldManager = 'istio-egress';

/** One object of a manifest. */
export interface ApplyItem {
  /** The caller's own; each once in a plan. */
  readonly id: string;
  readonly kind: string;
  /** Empty for cluster-scoped kinds. */
  readonly namespace: string;
  readonly name: string;
  /** The manifest of this one object, YAML or JSON, as the person wrote it. */
  readonly text: string;
  /** Messages of its findings with severity error; they stop it until they are confirmed. */
  readonly errors: readonly string[];
}

export interface ApplyRequest {
  readonly context: string;
  readonly tools: Tools;
  readonly items: readonly ApplyItem[];
}

export interface FieldConflict {
  readonly manager: string;
  readonly fields: readonly string[];
}

export interface PlannedItem {
  readonly item: ApplyItem;
  /**
   * `conflict`: somebody else manages fields that would change. `refused`: the cluster does not take it. `after-namespace`: its
   * namespace is made by the same plan, so no dry run is possible yet. `unknown`: it could not be found out.
   */
  readonly change: 'create' | 'change' | 'unchanged' | 'conflict' | 'refused' | 'after-namespace' | 'unknown';
  /** Both as YAML without defaults' noise: what is there, and what would be; empty where there is none. */
  readonly live: string;
  readonly future: string;
  /** What an undo goes back to. */
  readonly before: object | undefined;
  /** As the dry run gave it; undefined where that was refused. */
  readonly planned: object | undefined;
  readonly conflicts: readonly FieldConflict[];
  /** Fields that the file does not have (any more) and that stay all the same, because somebody else gave them. */
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
    if (planned.problem && ofTheCluster.has(planned.problem.kind)) return { ok: false, problem: planned.problem };
    items.push(planned);
  }
  return { ok: true, value: { request, identity: identity.value, items } };
}

const ofTheCluster: ReadonlySet<Problem['kind']> = new Set([
  'not-installed',
  'unknown-context',
  'unreachable',
  'unauthorized',
  'timed-out',
  'cancelled',
]);

async function planItem(
  run: Run,
  request: ApplyRequest,
  item: ApplyItem,
  making: ReadonlySet<string>,
  limits: Limits,
): Promise<PlannedItem> {
  const notHere = unfitReason(item);
  if (notHere !== undefined)
    return {
      item,
      change: 'refused',
      live: '',
      future: '',
      before: undefined,
      planned: undefined,
      conflicts: [],
      kept: [],
      problem: notHere,
    };
  const [live, dry] = await Promise.all([
    readLive(run, request, item, limits),
    dryRun(run, request, item, false, limits),
  ]);
  const before = live.ok ? live.value : undefined;
  const shown = before === undefined ? '' : toYaml(authored(before));
  const base = {
    item,
    live: shown,
    future: '',
    before,
    planned: undefined,
    conflicts: [],
    kept: [],
    problem: undefined,
  };
  if (dry.ok) {
    const change = !live.ok
      ? 'unknown'
      : before === undefined
        ? 'create'
        : sameJson(authored(before), authored(dry.value))
          ? 'unchanged'
          : 'change';
    const kept = before === undefined ? [] : await keptFields(run, request, item, dry.value, limits);
    return {
      ...base,
      change,
      kept,
      planned: dry.value,
      future: toYaml(authored(dry.value)),
      problem: live.ok ? undefined : live.problem,
    };
  }
  const { problem } = dry;
  if (problem.kind === 'not-found' && making.has(item.namespace)) return { ...base, change: 'after-namespace' };
  if (problem.kind !== 'conflict')
    return { ...base, change: refusals.has(problem.kind) ? 'refused' : 'unknown', problem };
  // For the comparison only: what it would be if the fields were taken over.
  const forced = await dryRun(run, request, item, true, limits);
  return {
    ...base,
    change: 'conflict',
    problem,
    conflicts: conflictsIn(problem.details ?? ''),
    ...(forced.ok && { planned: forced.value, future: toYaml(authored(forced.value)) }),
  };
}

/** To compare a Secret, its values would have to be read and shown. */
function unfitReason({ kind, namespace, name }: ApplyItem): Problem | undefined {
  if (kind !== 'Secret') return undefined;
  return {
    kind: 'unsupported',
    message: `Secret ${namespace}/${name} is not applied from here, because its values would have to be read and shown.`,
    advice: 'Apply it with kubectl, and the rest without it.',
  };
}

const refusals: ReadonlySet<Problem['kind']> = new Set(['refused', 'forbidden', 'missing-crd', 'not-found', 'failed']);

/** The object as the cluster holds it; undefined where it does not. The manifest itself says which one is meant. */
export async function readLive(
  run: Run,
  request: Pick<ApplyRequest, 'context' | 'tools'>,
  item: ApplyItem,
  limits: Limits,
): Promise<Outcome<object | undefined>> {
  const command = kubectl(
    targetOf(request, item),
    'get',
    '--filename=-',
    '--ignore-not-found',
    '--show-managed-fields',
    '--output=json',
    '--request-timeout=13s',
  );
  const result = await read(run, command, limits, item.text);
  if (!succeeded(result)) return { ok: false, problem: problemOf('kubectl', command, result, request.context) };
  return result.stdout.trim() === '' ? { ok: true, value: undefined } : objectOf(command, result.stdout);
}

async function dryRun(
  run: Run,
  request: ApplyRequest,
  item: ApplyItem,
  force: boolean,
  limits: Limits,
): Promise<Outcome<object>> {
  const command = applyCommand(request, item, ['--dry-run=server', ...(force ? ['--force-conflicts'] : [])]);
  const result = await read(run, command, limits, item.text);
  if (!succeeded(result)) return { ok: false, problem: problemOf('kubectl', command, result, request.context) };
  return objectOf(command, result.stdout);
}

export function applyCommand(
  request: Pick<ApplyRequest, 'context' | 'tools'>,
  item: ApplyItem,
  more: readonly string[] = [],
): Command {
  return kubectl(
    targetOf(request, item),
    'apply',
    '--server-side',
    `--field-manager=${fieldManager}`,
    '--filename=-',
    '--output=json',
    ...more,
  );
}

/** The namespace is said where there is one, so that an object that names none does not follow the context's. */
export function targetOf(
  { context, tools }: Pick<ApplyRequest, 'context' | 'tools'>,
  { namespace }: Pick<ApplyItem, 'namespace'>,
): Parameters<typeof kubectl>[0] {
  return { context, tools, ...(namespace === '' ? {} : { namespace }) };
}

/** With --ignore-not-found kubectl prints even one object as a list of one. */
function objectOf(command: Command, stdout: string): Outcome<object> {
  const printed = parseJson(stdout);
  const items = stringAt(printed, 'kind') === 'List' ? listAt(printed, 'items') : [];
  const value = items.length === 1 ? items[0] : printed;
  if (isRecord(value) && stringAt(value, 'kind') !== 'List' && at(value, 'metadata') !== undefined)
    return { ok: true, value };
  return { ok: false, problem: unreadable('kubectl', command, 'one object as JSON') };
}

/** `conflict with "M" using GROUP/VERSION: .spec.x`, or `conflicts with "M" …:` and a list below. */
export function conflictsIn(text: string): readonly FieldConflict[] {
  const found = text.matchAll(/conflicts? with "([^"]+)"[^:\n]*:((?: \.\S.*)|(?:\n- .+)+)/g);
  return [...found].map(([, manager = '', fields = '']) => ({
    manager,
    fields: fields
      .split('\n')
      .map((line) => line.replace(/^-? ?/, '').trim())
      .filter((field) => field !== ''),
  }));
}
