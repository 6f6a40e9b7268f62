// Where a command goes. Every command names its context and namespace itself, so nothing depends on what the kubeconfig says at that moment,
// and values are joined to their flag (`--context=VALUE`, `TYPE/NAME`), so that none can be taken for another flag.
import { succeeded, type Command, type Run, type RunResult } from './command.ts';
import { parseJson } from './json.ts';
import { problemOf, unreadable, type Outcome } from './problem.ts';

/** The executables to run: absolute paths, as found from settings or PATH. */
export interface Tools {
  readonly kubectl: string;
  readonly istioctl: string;
}

export interface Target {
  readonly context: string;
  readonly namespace: string;
  readonly tools: Tools;
}

export interface Limits {
  readonly signal?: AbortSignal | undefined;
  /** For one reading command; 15 s where it is not given. */
  readonly timeoutMs?: number | undefined;
}

export const readTimeoutMs = 15_000;

export function kubectl(target: Omit<Target, 'namespace'> & { readonly namespace?: string | undefined }, ...args: readonly string[]): Command {
  const namespace = target.namespace === undefined ? [] : [`--namespace=${target.namespace}`];
  return { file: target.tools.kubectl, args: [`--context=${target.context}`, ...namespace, ...args] };
}

export function istioctl(target: Target, ...args: readonly string[]): Command {
  return { file: target.tools.istioctl, args: [...args, `--context=${target.context}`, `--namespace=${target.namespace}`] };
}

/** Runs a reading command. The server gets a little less time than the process, so that its own words are heard. */
export function read(run: Run, command: Command, limits: Limits, input?: string): Promise<RunResult> {
  return run(command, { timeoutMs: limits.timeoutMs ?? readTimeoutMs, signal: limits.signal, input });
}

/** Reads one object as JSON; undefined where the cluster answers that there is none. */
export async function getObject(run: Run, target: Target, typeAndName: string, limits: Limits): Promise<Outcome<object | undefined>> {
  const command = kubectl(target, 'get', typeAndName, '--ignore-not-found', '--output=json', `--request-timeout=${requestTimeout(limits)}s`);
  const result = await read(run, command, limits);
  if (!succeeded(result)) return { ok: false, problem: problemOf('kubectl', command, result, target.context) };
  if (result.stdout.trim() === '') return { ok: true, value: undefined };
  const value = parseJson(result.stdout);
  if (typeof value !== 'object' || value === null) return { ok: false, problem: unreadable('kubectl', command, 'the object as JSON') };
  return { ok: true, value };
}

function requestTimeout(limits: Limits): number {
  return Math.max(1, Math.floor((limits.timeoutMs ?? readTimeoutMs) / 1000) - 2);
}
