// Runs the planned command. istioctl's exit code is not enough: if the namespace is already enrolled, it applies nothing and exits 0.
import { succeeded, type OutputChunk, type Run, type RunResult } from '../tools/command.ts';
import { contextMoved } from '../tools/identity.ts';
import { problemOf, type Problem } from '../tools/problem.ts';
import type { ProvisionPlan } from './provision.ts';
import type { ProvisionRequest } from './provision-request.ts';

export interface ApplyOptions {
  readonly signal?: AbortSignal | undefined;
  /** 60 s by default. */
  readonly timeoutMs?: number | undefined;
  readonly onOutput?: ((chunk: OutputChunk) => void) | undefined;
}

/** How far a command got that did not end well: the Gateway is applied first, the namespace labelled after it. `nothing`: it was not run. */
type Progress = 'nothing' | 'unknown' | 'gateway-applied' | 'namespace-labelled';

export type Applied =
  | {
      readonly outcome: 'applied';
      readonly labelled: boolean;
      readonly message: string;
      readonly warnings: readonly string[];
    }
  | { readonly outcome: 'nothing-applied'; readonly message: string; readonly advice: string }
  /** istioctl reported success with an unknown message; only the cluster shows the result. */
  | { readonly outcome: 'unclear'; readonly message: string; readonly output: string }
  | {
      readonly outcome: 'cancelled' | 'failed';
      readonly progress: Progress;
      readonly message: string;
      readonly problem: Problem;
    };

/** Refuses if the context no longer leads to the cluster that the plan was made for. */
export async function applyProvision(run: Run, plan: ProvisionPlan, options: ApplyOptions = {}): Promise<Applied> {
  const problem = await contextMoved(run, plan.request, plan.identity, { signal: options.signal });
  if (problem !== undefined)
    return {
      outcome: problem.kind === 'cancelled' ? 'cancelled' : 'failed',
      progress: 'nothing',
      problem,
      message: unchanged(problem.message),
    };
  const result = await run(plan.command, {
    timeoutMs: options.timeoutMs ?? 60_000,
    signal: options.signal,
    onOutput: options.onOutput,
  });
  return succeeded(result) ? readSuccess(plan, result) : readFailure(plan, result);
}

function readSuccess({ request, facts }: ProvisionPlan, { stdout, stderr }: RunResult): Applied {
  const output = `${stdout}\n${stderr}`;
  const { namespace, name } = request;
  // The sentences are istio@86c9f01 istioctl/pkg/waypoint/waypoint.go waypointApplyCmd's
  if (/already has an enrolled waypoint/i.test(output)) {
    const used = facts.namespace === 'missing' ? undefined : facts.namespace.useWaypoint;
    return {
      outcome: 'nothing-applied',
      message: `Nothing was applied: namespace ${namespace} already uses ${used === undefined ? 'a waypoint' : `the waypoint ${used}`}.`,
      advice: 'Choose to overwrite it, or provision without enrolling the namespace.',
    };
  }
  if (!/waypoint \S+ applied/.test(output))
    return {
      outcome: 'unclear',
      message: 'istioctl finished but did not report that it applied a waypoint.',
      output: output.trim(),
    };
  const labelled = /labell?ed with/.test(output);
  return {
    outcome: 'applied',
    labelled,
    warnings: warningsIn(output),
    message: `Gateway ${namespace}/${name} was applied${labelled ? ` and namespace ${namespace} enrolled` : ''}.`,
  };
}

function readFailure({ request, command }: ProvisionPlan, result: RunResult): Applied {
  const progress = progressOf(result.stdout);
  const problem = problemOf('istioctl', command, result, request.context);
  const outcome = result.ended === 'cancelled' ? 'cancelled' : 'failed';
  return { outcome, progress, problem, message: `${problem.message} ${describeProgress(request, progress, result)}` };
}

function unchanged(message: string): string {
  return message.includes('Nothing was changed.') ? message : `${message} Nothing was changed.`;
}

function progressOf(stdout: string): Progress {
  if (/labell?ed with/.test(stdout)) return 'namespace-labelled';
  return /waypoint \S+ applied/.test(stdout) ? 'gateway-applied' : 'unknown';
}

function describeProgress(
  { namespace, name, enroll }: ProvisionRequest,
  progress: Progress,
  result: RunResult,
): string {
  const gateway = `Gateway ${namespace}/${name}`;
  if (progress === 'namespace-labelled')
    return `${gateway} was applied and the namespace was enrolled before the failure.`;
  if (progress === 'gateway-applied')
    return `${gateway} was applied before the failure${enroll ? '; istioctl did not report that the namespace was enrolled' : ''}.`;
  if (result.ended === 'not-started') return 'Nothing was changed.';
  return result.ended === 'exited'
    ? 'No change was reported.'
    : `It is unknown whether ${gateway} was applied; check the cluster.`;
}

function warningsIn(output: string): readonly string[] {
  return output
    .split('\n')
    .filter((line) => line.includes('Warning:'))
    .map((line) => line.slice(line.indexOf('Warning:') + 8).trim());
}
