// Runs a plan of `apply-plan.ts`, one object after the other, and reports what was done and what was not.
import { succeeded, type OutputChunk, type Run } from '../tools/command.ts';
import type { ApplyPlan, PlannedItem } from './apply-plan.ts';
import { applyCommand, readLive } from './apply-request.ts';
import { contextMoved } from '../tools/identity.ts';
import { parseJson, sameJson } from '../tools/parse-json.ts';
import { authored } from '../objects/live-object.ts';
import { problemOf, type Problem } from '../tools/problem.ts';
import { isOutcomeUnknown } from '../tools/write-steps.ts';
import { isRecord } from '../../base/is-record.ts';
import type { Manifest } from '../../model/manifest.ts';

export interface CarryOutOptions {
  /** Ids of the items to apply; all that would change something by default. */
  readonly chosen?: ReadonlySet<string> | undefined;
  /** Ids of items whose findings of severity error the user has seen and confirmed. */
  readonly confirmed?: ReadonlySet<string> | undefined;
  /** Ids of items whose conflicts the user has seen and wants to win. */
  readonly takeOver?: ReadonlySet<string> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** For each object; default: 30 s. */
  readonly timeoutMs?: number | undefined;
  readonly onOutput?: ((chunk: OutputChunk) => void) | undefined;
  readonly onProgress?: ((done: AppliedItem) => void) | undefined;
}

/** `unknown`: the request may have reached the cluster; only the cluster shows it. */
export interface AppliedItem {
  readonly planned: PlannedItem;
  readonly outcome: 'applied' | 'failed' | 'unknown' | 'not-tried';
  readonly problem?: Problem | undefined;
  /** The object as the cluster answered that it is now: what an undo must still find. */
  readonly after?: object | undefined;
}

export interface ApplyReport {
  /** `refused`: stopped before anything was changed. `stopped`: in the middle. */
  readonly outcome: 'applied' | 'refused' | 'stopped';
  readonly items: readonly AppliedItem[];
  /** What happened, what is applied and what is not, how to finish and how to undo. */
  readonly message: string;
  readonly problem: Problem | undefined;
}

export async function applyPlanned(run: Run, plan: ApplyPlan, options: CarryOutOptions = {}): Promise<ApplyReport> {
  const chosen = plan.items.filter(({ item, change }) =>
    options.chosen ? options.chosen.has(item.id) : change !== 'unchanged',
  );
  const refusal =
    refusalOf(chosen, options) ??
    (await contextMoved(run, plan.request, plan.identity, options)) ??
    (await changedSince(run, plan, chosen, options));
  if (refusal !== undefined)
    return reportOf(
      'refused',
      chosen.map((planned) => ({ planned, outcome: 'not-tried' })),
      refusal,
    );
  const done: AppliedItem[] = [];
  for (const planned of chosen) {
    const last = done.at(-1);
    const next: AppliedItem =
      last === undefined || last.outcome === 'applied'
        ? await applyOne(run, plan, planned, options)
        : { planned, outcome: 'not-tried' };
    done.push(next);
    options.onProgress?.(next);
  }
  const fault = done.find(({ outcome }) => outcome !== 'applied');
  const report = reportOf(fault ? 'stopped' : 'applied', done, fault?.problem);
  return fault ? report : { ...report, message: [report.message, ...keptWords(plan, chosen)].join(' ') };
}

/** Of what was applied, and of what needed no applying. */
function keptWords({ items }: ApplyPlan, chosen: readonly PlannedItem[]): readonly string[] {
  const kept = items.filter((one) => one.kept.length > 0 && (chosen.includes(one) || one.change === 'unchanged'));
  return kept.length === 0
    ? []
    : [
        `Not in the file, but kept because another manager set it: ${kept.map((one) => `${nameOf(one.item)} ${one.kept.join(', ')}`).join('; ')}.`,
      ];
}

/** What the user has to decide first. */
function refusalOf(
  chosen: readonly PlannedItem[],
  { confirmed, takeOver, signal }: CarryOutOptions,
): Problem | undefined {
  if (signal?.aborted) return { kind: 'cancelled', message: 'The run was stopped.', advice: 'Nothing was changed.' };
  const withErrors = chosen.find(({ item }) => item.errors.length > 0 && !confirmed?.has(item.id));
  if (withErrors) {
    return {
      kind: 'needs-confirmation',
      message: `${nameOf(withErrors.item)} has errors: ${withErrors.item.errors.join(' ')}`,
      advice: 'Nothing was changed. Fix the errors, or confirm that you want to apply it anyway.',
    };
  }
  const contested = chosen.find(({ item, change }) => change === 'conflict' && !takeOver?.has(item.id));
  if (contested) {
    const managers = contested.conflicts
      .map(({ manager, fields }) => `${manager} manages ${fields.join(', ')}`)
      .join('; ');
    return {
      kind: 'conflict',
      message: `${nameOf(contested.item)} has fields that another manager owns: ${managers}.`,
      advice: 'Nothing was changed. Change it with that tool, or confirm that you take over these fields.',
    };
  }
  // What could not be found out is not written over either: no one has seen the difference.
  const refused = chosen.find(({ change }) => change === 'refused' || change === 'unknown');
  return (
    refused?.problem && {
      ...refused.problem,
      message: `${nameOf(refused.item)}: ${refused.problem.message} Nothing was changed.`,
    }
  );
}

/** A difference that the user has not seen must not be decided over. */
async function changedSince(
  run: Run,
  plan: ApplyPlan,
  chosen: readonly PlannedItem[],
  { signal }: CarryOutOptions,
): Promise<Problem | undefined> {
  for (const { item, before } of chosen) {
    const now = await readLive(run, plan.request, item, { signal });
    if (!now.ok) return now.problem;
    if (sameJson(before && authored(before), now.value && authored(now.value))) continue;
    return {
      kind: 'conflict',
      message: `${nameOf(item)} was changed in the cluster after the plan was made.`,
      advice: 'Nothing was changed. Make a new plan and check the difference.',
    };
  }
  return undefined;
}

async function applyOne(
  run: Run,
  plan: ApplyPlan,
  planned: PlannedItem,
  options: CarryOutOptions,
): Promise<AppliedItem> {
  const { item } = planned;
  if (options.signal?.aborted)
    return {
      planned,
      outcome: 'not-tried',
      problem: { kind: 'cancelled', message: 'The run was stopped.', advice: 'No more commands are run.' },
    };
  // The server of the plan is named outright: a kubeconfig that changes from here on leads nowhere else.
  const force = options.takeOver?.has(item.id) && planned.change === 'conflict' ? ['--force-conflicts'] : [];
  const command = applyCommand(plan.request, item, [`--server=${plan.identity.server}`, ...force]);
  const result = await run(command, {
    timeoutMs: options.timeoutMs ?? 30_000,
    signal: options.signal,
    onOutput: options.onOutput,
    input: item.text,
  });
  const after = succeeded(result) ? parseJson(result.stdout) : undefined;
  if (succeeded(result)) return { planned, outcome: 'applied', ...(isRecord(after) && { after }) };
  const problem = problemOf('kubectl', command, result, plan.request.context);
  return { planned, outcome: isOutcomeUnknown(result.ended, problem) ? 'unknown' : 'failed', problem };
}

function reportOf(
  outcome: ApplyReport['outcome'],
  items: readonly AppliedItem[],
  problem: Problem | undefined,
): ApplyReport {
  return { outcome, items, problem, message: messageOf(outcome, items, problem) };
}

function messageOf(
  outcome: ApplyReport['outcome'],
  items: readonly AppliedItem[],
  problem: Problem | undefined,
): string {
  const named = (which: AppliedItem['outcome']) =>
    items
      .filter((item) => item.outcome === which)
      .map(({ planned }) => nameOf(planned.item))
      .join(', ');
  if (outcome === 'applied') return items.length === 0 ? 'Nothing to change.' : `Applied: ${named('applied')}.`;
  const why = problem ? `${problem.message} ${problem.advice}` : '';
  if (outcome === 'refused') return why;
  const parts = [
    ['Applied', named('applied')],
    ['Not applied', named('failed')],
    ['Unknown, check the cluster', named('unknown')],
    ['Not started', named('not-tried')],
  ];
  const sums = parts
    .filter(([, names]) => names !== '')
    .map(([what, names]) => `${what}: ${names}.`)
    .join(' ');
  return `${why} ${sums} To finish, fix the problem and apply again; resources that are already applied do not change. To go back, undo.`;
}

/** `ServiceEntry egress/httpbin`. */
export function nameOf({ kind, namespace, name }: Pick<Manifest, 'kind' | 'namespace' | 'name'>): string {
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}
