// The target of a command. Every command names its context and namespace, so it does not depend on the current kubeconfig, and
// values are joined to their flag (`--context=VALUE`, `TYPE/NAME`), so that none can become another flag.
import { succeeded, type Command, type Run, type RunResult } from './command.ts';
import { listAt, parseJson, stringAt } from './parse-json.ts';
import { problemOf, unreadable, type Outcome, type ProblemKind } from './problem.ts';

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
  /** For one reading command; default: 15 s. */
  readonly timeoutMs?: number | undefined;
}

const readTimeoutMs = 15_000;

export function kubectl(
  target: Omit<Target, 'namespace'> & { readonly namespace?: string | undefined },
  ...args: readonly string[]
): Command {
  const namespace = target.namespace === undefined ? [] : [`--namespace=${target.namespace}`];
  return { file: target.tools.kubectl, args: [`--context=${target.context}`, ...namespace, ...args] };
}

export function istioctl(target: Target, ...args: readonly string[]): Command {
  return {
    file: target.tools.istioctl,
    args: [...args, `--context=${target.context}`, `--namespace=${target.namespace}`],
  };
}

/** Runs a reading command. The server gets a little less time than the process, so that its own words are heard. */
export function read(run: Run, command: Command, limits: Limits, input?: string): Promise<RunResult> {
  return run(command, { timeoutMs: limits.timeoutMs ?? readTimeoutMs, signal: limits.signal, input });
}

export interface ObjectName {
  /** As kubectl takes it, with its group: `deployments.apps`. */
  readonly resource: string;
  readonly kind: string;
  readonly name: string;
}

/** Reads one object as JSON; undefined if the cluster answers that there is none. */
export async function getObject(
  run: Run,
  target: Target,
  object: ObjectName,
  limits: Limits,
): Promise<Outcome<object | undefined>> {
  const got = await get(run, target, [object], limits);
  return got.ok ? { ok: true, value: got.value[0] } : got;
}

/**
 * Reads several objects at once, because each kubectl may have to log in again. Where that fails for a reason that may be one
 * object's, they are read one by one, so that the others are known.
 */
export async function getObjects(
  run: Run,
  target: Target,
  objects: readonly ObjectName[],
  limits: Limits,
): Promise<readonly Outcome<object | undefined>[]> {
  const got = await get(run, target, objects, limits);
  if (!got.ok && ofOneObject.has(got.problem.kind))
    return Promise.all(objects.map((object) => getObject(run, target, object, limits)));
  return objects.map(({ kind, name }) =>
    got.ok
      ? {
          ok: true,
          value: got.value.find(
            (item) => stringAt(item, 'kind') === kind && stringAt(item, 'metadata', 'name') === name,
          ),
        }
      : got,
  );
}

const ofOneObject: ReadonlySet<ProblemKind> = new Set(['forbidden', 'missing-crd', 'not-found', 'failed']);

async function get(
  run: Run,
  target: Target,
  objects: readonly ObjectName[],
  limits: Limits,
): Promise<Outcome<readonly object[]>> {
  const names = objects.map(({ resource, name }) => `${resource}/${name}`);
  const command = kubectl(
    target,
    'get',
    ...names,
    '--ignore-not-found',
    '--show-managed-fields',
    '--output=json',
    `--request-timeout=${requestTimeout(limits)}s`,
  );
  const result = await read(run, command, limits);
  if (!succeeded(result)) return { ok: false, problem: problemOf('kubectl', command, result, target.context) };
  if (result.stdout.trim() === '') return { ok: true, value: [] };
  const value = parseJson(result.stdout);
  if (typeof value !== 'object' || value === null)
    return { ok: false, problem: unreadable('kubectl', command, 'the object as JSON') };
  return {
    ok: true,
    value:
      stringAt(value, 'kind') === 'List'
        ? listAt(value, 'items').filter((item) => typeof item === 'object' && item !== null)
        : [value],
  };
}

function requestTimeout(limits: Limits): number {
  return Math.max(1, Math.floor((limits.timeoutMs ?? readTimeoutMs) / 1000) - 2);
}
