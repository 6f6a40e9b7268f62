// Undoes an apply in reverse order: deletes created objects and restores changed ones. Later changes by others are kept and
// reported; where the outcome of the apply is unknown, the cluster is read first.
import { succeeded, type Command, type Run } from '../tools/command.ts';
import type { AppliedItem, ApplyReport, CarryOutOptions } from './apply-manifests.ts';
import { nameOf } from './apply-manifests.ts';
import type { ApplyPlan, PlannedItem } from './apply-plan.ts';
import { fieldManager, readLive, targetOf } from './apply-request.ts';
import { contextMoved } from '../tools/identity.ts';
import { sameJson, stringAt } from '../tools/parse-json.ts';
import { authored } from '../objects/live-object.ts';
import { otherManagers } from '../objects/managers.ts';
import { problemOf, type Problem } from '../tools/problem.ts';
import { isOutcomeUnknown } from '../tools/write-steps.ts';
import { kubectl } from '../tools/target.ts';
import type { Manifest } from '../../model/manifest.ts';

type UndoOptions = Pick<CarryOutOptions, 'signal' | 'timeoutMs' | 'onOutput' | 'onProgress'>;

/** Items of the report: `applied` means put back here, `not-tried` left as it is, with the reason. */
export async function undoApply(
  run: Run,
  plan: ApplyPlan,
  report: ApplyReport,
  options: UndoOptions = {},
): Promise<ApplyReport> {
  const wanted = report.items.filter(({ outcome }) => outcome === 'applied' || outcome === 'unknown').reverse();
  const moved = await contextMoved(run, plan.request, plan.identity, options);
  if (moved !== undefined)
    return {
      outcome: 'refused',
      items: wanted.map(({ planned }) => ({ planned, outcome: 'not-tried' })),
      problem: moved,
      message: `${moved.message} ${moved.advice}`,
    };
  const done: AppliedItem[] = [];
  for (const item of wanted) {
    const next = await undoOne(run, plan, item, options);
    done.push(next);
    options.onProgress?.(next);
  }
  const fault = done.find(({ outcome }) => outcome !== 'applied');
  return { outcome: fault ? 'stopped' : 'applied', items: done, problem: fault?.problem, message: undoMessage(done) };
}

async function undoOne(run: Run, plan: ApplyPlan, applied: AppliedItem, options: UndoOptions): Promise<AppliedItem> {
  const { planned } = applied;
  if (options.signal?.aborted)
    return {
      planned,
      outcome: 'not-tried',
      problem: { kind: 'cancelled', message: 'The undo was stopped.', advice: 'Run the undo again to resume.' },
    };
  const now = await readLive(run, plan.request, planned.item, options);
  if (!now.ok) return { planned, outcome: 'failed', problem: now.problem };
  if (isAsBefore(planned, now.value)) return { planned, outcome: 'applied' };
  const changed = changedSince(applied, now.value);
  if (changed !== undefined) return { planned, outcome: 'not-tried', problem: changed };
  const command = undoCommand(plan, planned.item, planned.before);
  const result = await run(command, {
    timeoutMs: options.timeoutMs ?? 30_000,
    signal: options.signal,
    onOutput: options.onOutput,
    input: undoInput(planned, now.value),
  });
  if (succeeded(result)) return { planned, outcome: 'applied' };
  const problem = problemOf('kubectl', command, result, plan.request.context);
  return { planned, outcome: isOutcomeUnknown(result.ended, problem) ? 'unknown' : 'failed', problem };
}

function isAsBefore({ before }: PlannedItem, now: object | undefined): boolean {
  return before === undefined || now === undefined ? before === now : sameJson(authored(before), authored(now));
}

/** Undefined if the object still is what applying made of it. */
function changedSince({ planned, outcome, after }: AppliedItem, now: object | undefined): Problem | undefined {
  const expected = after ?? planned.planned;
  if (now === undefined)
    return conflict(planned, 'was deleted after that', 'Apply its earlier manifest if it is still needed.');
  if (expected !== undefined && sameJson(authored(expected), authored(now))) return undefined;
  const others = otherManagers(now, [fieldManager]);
  // Objects in a namespace that the same plan created have no dry run to compare with; then no other manager may have written them.
  if (expected === undefined && planned.before === undefined && others.length === 0) return undefined;
  const managers = others.length === 0 ? '' : ` (it is also written by ${others.join(', ')})`;
  return conflict(
    planned,
    outcome === 'unknown'
      ? `has neither its earlier nor its applied content${managers}`
      : `was changed after that${managers}`,
    'It was not changed. Check it and change it yourself.',
  );
}

function conflict({ item }: PlannedItem, what: string, advice: string): Problem {
  return { kind: 'conflict', message: `${nameOf(item)} ${what}.`, advice };
}

function undoCommand({ request, identity }: ApplyPlan, item: Manifest, before: object | undefined): Command {
  const target = targetOf(request, item);
  const server = `--server=${identity.server}`;
  return before === undefined
    ? kubectl(target, 'delete', '--filename=-', '--ignore-not-found', '--wait=false', server)
    : kubectl(target, 'replace', '--filename=-', `--field-manager=${fieldManager}`, server);
}

/** With the version that was just read: the API server then rejects the change if the object is newer. */
function undoInput({ item, before }: PlannedItem, now: object | undefined): string {
  if (before === undefined) return item.text;
  const back = authored(before) as { readonly metadata: object };
  return JSON.stringify({
    ...back,
    metadata: { ...back.metadata, resourceVersion: stringAt(now, 'metadata', 'resourceVersion') },
  });
}

function undoMessage(done: readonly AppliedItem[]): string {
  if (done.length === 0) return 'Nothing to undo.';
  const names = (which: (one: AppliedItem) => boolean) =>
    done
      .filter(which)
      .map(({ planned }) => nameOf(planned.item))
      .join(', ');
  const back = names(({ outcome }) => outcome === 'applied');
  const problems = done.flatMap(({ problem }) => (problem ? [`${problem.message} ${problem.advice}`] : []));
  const [still, unknown] = [
    names(({ outcome }) => outcome === 'failed' || outcome === 'not-tried'),
    names(({ outcome }) => outcome === 'unknown'),
  ];
  return [
    ...new Set(problems),
    ...(back === '' ? [] : [`Restored: ${back}.`]),
    ...(still === '' ? [] : [`Not restored: ${still}.`]),
    ...(unknown === '' ? [] : [`Unknown, check the cluster: ${unknown}.`]),
  ].join(' ');
}
