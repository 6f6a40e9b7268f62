// The logs of all pods of a gateway: read once, or followed. Broken streams are resumed, new pods are added, and each line
// is reported once.
import { compareText } from '../../base/compare.ts';
import { succeeded, type Command, type Run } from '../tools/command.ts';
import { contextNameFault, namespaceNameFault, waypointNameFault } from '../tools/name-faults.ts';
import { listGatewayPods, type PodSummary } from '../objects/pods.ts';
import { backOff, pause } from '../tools/pause.ts';
import { problemOf, type Outcome, type Problem, type ProblemKind } from '../tools/problem.ts';
import { LineReader, type LogLine } from './log-stream.ts';
import { kubectl, read, type Limits, type Target } from '../tools/target.ts';

export interface LogRequest extends Target {
  /** Of the Gateway. */
  readonly name: string;
}

export interface FollowOptions {
  readonly signal: AbortSignal;
  readonly onLine: (line: LogLine) => void;
  readonly onState?: ((state: LogState) => void) | undefined;
  /** Only what was written after this moment (ISO 8601); from now on by default, and all of a pod that comes later. */
  readonly since?: string | undefined;
  /** Between two looks for new pods; default: 5 s. */
  readonly pollMs?: number | undefined;
  /** A number between 0 and 1 by which a pause before the next attempt is varied. */
  readonly jitter?: (() => number) | undefined;
}

/** What happens to the streams, for users. `broken`: it is tried again. */
export type LogState =
  | { readonly state: 'no-pods'; readonly message: string }
  | { readonly state: 'following' | 'resumed' | 'gone'; readonly pod: string; readonly message: string }
  | { readonly state: 'broken'; readonly pod: string | undefined; readonly message: string; readonly problem: Problem };

const dayMs = 24 * 60 * 60 * 1000;
// Asking again does not help against these.
const lasting: ReadonlySet<ProblemKind> = new Set([
  'not-installed',
  'unknown-context',
  'unauthorized',
  'forbidden',
  'invalid-input',
  'unsupported',
]);

export function logRequestFault({ context, namespace, name }: LogRequest): string | undefined {
  return contextNameFault(context) ?? namespaceNameFault(namespace) ?? waypointNameFault(name);
}

/** The last lines of all pods, oldest first. */
export async function readGatewayLogs(
  run: Run,
  request: LogRequest,
  options: Limits & { readonly since?: string | undefined; readonly tail?: number | undefined } = {},
): Promise<Outcome<readonly LogLine[]>> {
  const fault = logRequestFault(request) ?? sinceFault(options.since);
  if (fault !== undefined)
    return { ok: false, problem: { kind: 'invalid-input', message: fault, advice: 'Choose another value.' } };
  const pods = await listGatewayPods(run, request, options);
  if (!pods.ok) return pods;
  const all: LogLine[] = [];
  for (const pod of pods.value) {
    const command = logCommand(request, pod, [
      ...(options.since === undefined ? [] : [sinceTime(options.since)]),
      `--tail=${Math.max(1, Math.floor(options.tail ?? 200))}`,
    ]);
    const result = await read(run, command, options);
    if (!succeeded(result)) return { ok: false, problem: problemOf('kubectl', command, result, request.context) };
    const reader = new LineReader(pod.name, (line) => all.push(line));
    reader.take(result.stdout);
    reader.end();
  }
  return { ok: true, value: all.sort((a, b) => compareText(a.time, b.time)) };
}

/** Until the signal fires. Resolves earlier only with a problem that asking again does not solve. */
export async function followGatewayLogs(
  run: Run,
  request: LogRequest,
  options: FollowOptions,
): Promise<Problem | undefined> {
  const fault = logRequestFault(request) ?? sinceFault(options.since);
  if (fault !== undefined) return { kind: 'invalid-input', message: fault, advice: 'Choose another value.' };
  const following = new Following(run, request, options);
  const { signal } = following;
  let failures = 0;
  while (!signal.aborted) {
    const pods = await listGatewayPods(run, request, { signal });
    if (signal.aborted) break;
    failures = pods.ok ? 0 : failures + 1;
    if (pods.ok) following.join(pods.value.filter(({ isRunning }) => isRunning));
    else following.listFailed(pods.problem);
    await pause(backOff(options.pollMs ?? 5000, failures, options.jitter), signal);
  }
  return following.end();
}

/** The streams of all pods of a gateway. */
class Following {
  /** Fires with the caller's own, and on a problem that lasts. */
  readonly signal: AbortSignal;
  readonly #run: Run;
  readonly #request: LogRequest;
  readonly #options: FollowOptions;
  readonly #ended = new AbortController();
  readonly #streams = new Map<string, Promise<void>>();
  #problem: Problem | undefined;
  #isFirst = true;
  #wasEmpty = false;

  constructor(run: Run, request: LogRequest, options: FollowOptions) {
    this.#run = run;
    this.#request = request;
    this.signal = AbortSignal.any([options.signal, this.#ended.signal]);
    this.#options = { ...options, signal: this.signal };
  }

  /** Follows those that are not followed yet. */
  join(running: readonly PodSummary[]): void {
    if (running.length === 0 && this.#streams.size === 0 && !this.#wasEmpty)
      this.#options.onState?.({
        state: 'no-pods',
        message: `Gateway ${this.#request.namespace}/${this.#request.name} has no running pod. Waiting for one.`,
      });
    this.#wasEmpty = running.length === 0;
    for (const pod of running.filter(({ name }) => !this.#streams.has(name)))
      this.#streams.set(
        pod.name,
        followPod(this.#run, this.#request, pod, this.#start(), this.#options, (why) => this.#fail(why)).finally(() =>
          this.#streams.delete(pod.name),
        ),
      );
    this.#isFirst = false;
  }

  listFailed(problem: Problem): void {
    if (lasting.has(problem.kind)) this.#fail(problem);
    else
      this.#options.onState?.({
        state: 'broken',
        pod: undefined,
        problem,
        message: `${problem.message} Trying again.`,
      });
  }

  async end(): Promise<Problem | undefined> {
    await Promise.all(this.#streams.values());
    return this.#problem;
  }

  #start(): readonly string[] {
    if (this.#options.since !== undefined) return [sinceTime(this.#options.since)];
    // Of a pod that came later every line counts.
    return this.#isFirst ? ['--tail=0'] : [];
  }

  #fail(why: Problem): void {
    this.#problem ??= why;
    this.#ended.abort();
  }
}

/** One pod, until it is gone. */
async function followPod(
  run: Run,
  request: LogRequest,
  pod: PodSummary,
  start: readonly string[],
  options: FollowOptions,
  fail: (problem: Problem) => void,
): Promise<void> {
  const { signal, onState } = options;
  const reader = new LineReader(pod.name, options.onLine);
  const began = Date.now();
  for (let attempt = 0; !signal.aborted; ) {
    onState?.({
      state: attempt === 0 ? 'following' : 'resumed',
      pod: pod.name,
      message: `${attempt === 0 ? 'Following' : 'Following again'} pod ${pod.name}.`,
    });
    const before = reader.count;
    const from = attempt === 0 ? start : resumeFrom(reader, start, began);
    const command = logCommand(request, pod, [...from, '--follow']);
    const result = await run(command, {
      timeoutMs: dayMs,
      signal,
      onOutput: ({ stream, text }) => {
        if (stream === 'stdout') reader.take(text);
      },
    });
    reader.end();
    if (signal.aborted) return;
    const problem = problemOf('kubectl', command, result, request.context);
    if (!succeeded(result) && lasting.has(problem.kind)) return fail(problem);
    if (await isGone(run, request, pod, signal))
      return onState?.({ state: 'gone', pod: pod.name, message: `Pod ${pod.name} no longer exists.` });
    attempt = reader.count > before ? 1 : attempt + 1;
    const why = succeeded(result) ? { ...problem, message: 'The log stream ended.' } : problem;
    onState?.({
      state: 'broken',
      pod: pod.name,
      problem: why,
      message: `${why.message} Following pod ${pod.name} again.`,
    });
    await pause(backOff(500, attempt, options.jitter), signal);
  }
}

/** If a stream broke before its first line, only the cluster's clock is used. */
function resumeFrom({ lastTime }: LineReader, start: readonly string[], began: number): readonly string[] {
  if (lastTime !== undefined) return [sinceTime(lastTime)];
  return start[0] === '--tail=0' ? [`--since=${Math.ceil((Date.now() - began) / 1000) + 1}s`] : start;
}

async function isGone(run: Run, request: LogRequest, { name }: PodSummary, signal: AbortSignal): Promise<boolean> {
  const pods = await listGatewayPods(run, request, { signal });
  return pods.ok && !pods.value.some((pod) => pod.name === name && pod.isRunning);
}

export function logCommand(
  { context, tools }: Omit<Target, 'namespace'>,
  { namespace, name, containers, inMesh }: PodSummary,
  more: readonly string[],
): Command {
  // Also where the proxy is an init container that goes on running.
  const container = inMesh === 'sidecar' ? 'istio-proxy' : (containers[0] ?? 'istio-proxy');
  return kubectl(
    { context, tools, namespace },
    'logs',
    `pods/${name}`,
    `--container=${container}`,
    '--timestamps',
    ...more,
  );
}

/** kubectl takes whole seconds only; what comes twice then is left out by the reader. */
function sinceTime(time: string): string {
  return `--since-time=${time.replace(/\.\d+(?=Z|[+-]\d\d:\d\d$)/, '')}`;
}

function sinceFault(since: string | undefined): string | undefined {
  return since === undefined || /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(since)
    ? undefined
    : `"${since}" is not a valid time. Write it like 2026-01-31T12:00:00Z.`;
}
