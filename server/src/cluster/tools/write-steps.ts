// A write of several steps in sequence, with a report of what was done, what was not, and what is unknown.
import { succeeded, type Command, type OutputChunk, type Run } from './command.ts';
import { problemOf, type Problem } from './problem.ts';

/** `left`: not done on purpose, the message says why. `unknown`: the request may have reached the cluster. */
export interface Step {
  readonly what: 'label' | 'gateway';
  readonly outcome: 'done' | 'nothing-to-do' | 'left' | 'failed' | 'unknown' | 'not-tried';
  /** One sentence. */
  readonly message: string;
  readonly problem?: Problem | undefined;
}

export interface Wanted {
  readonly what: Step['what'];
  readonly command: Command;
  /** What the command reads from standard input. */
  readonly input?: string | undefined;
  /** `Namespace egress no longer refers to it.` */
  readonly done: string;
  /** `Namespace egress still refers to it.` */
  readonly undone: string;
}

export interface StepOptions {
  readonly signal?: AbortSignal | undefined;
  /** For each step; default: 30 s. */
  readonly timeoutMs?: number | undefined;
  readonly onOutput?: ((chunk: OutputChunk) => void) | undefined;
  readonly onStep?: ((step: Step) => void) | undefined;
}

/** Stops at the first step that does not succeed; the others are then not tried. */
export async function carryOutSteps(
  run: Run,
  wanted: readonly Wanted[],
  context: string,
  options: StepOptions,
): Promise<readonly Step[]> {
  const done: Step[] = [];
  for (const one of wanted) {
    const stopped = done.some(({ outcome }) => outcome !== 'done');
    const step: Step = stopped
      ? { what: one.what, outcome: 'not-tried', message: one.undone }
      : await carryOut(run, one, context, options);
    done.push(step);
    options.onStep?.(step);
  }
  return done;
}

async function carryOut(
  run: Run,
  { what, command, input, done, undone }: Wanted,
  context: string,
  options: StepOptions,
): Promise<Step> {
  if (options.signal?.aborted)
    return {
      what,
      outcome: 'not-tried',
      message: undone,
      problem: { kind: 'cancelled', message: 'The run was stopped.', advice: 'No more commands are run.' },
    };
  const result = await run(command, {
    timeoutMs: options.timeoutMs ?? 30_000,
    signal: options.signal,
    onOutput: options.onOutput,
    input,
  });
  if (succeeded(result)) return { what, outcome: 'done', message: done };
  const problem = problemOf('kubectl', command, result, context);
  if (isOutcomeUnknown(result.ended, problem))
    return {
      what,
      outcome: 'unknown',
      problem,
      message: `It is unknown whether this was done; check the cluster: ${done}`,
    };
  return { what, outcome: 'failed', problem, message: undone };
}

/** Whether the request may have reached the cluster although no answer came. */
export function isOutcomeUnknown(ended: string, { kind }: Problem): boolean {
  return ended === 'timed-out' || ended === 'killed' || ended === 'cancelled' || kind === 'unreachable';
}

/** What became of each, in one text: what was done first, then what was not and why. */
export function tellSteps(steps: readonly Step[]): string {
  const reported = [
    ...steps.filter(({ outcome }) => outcome === 'done'),
    ...steps.filter(({ outcome }) => outcome !== 'done' && outcome !== 'nothing-to-do'),
  ];
  const problem = steps.find((step) => step.problem !== undefined && step.outcome !== 'left')?.problem;
  return [...(problem ? [problem.message, problem.advice] : []), ...reported.map(({ message }) => message)].join(' ');
}
