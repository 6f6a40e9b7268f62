// The logs of all pods of a gateway, whole: each line is handed on as it comes, because a log can be larger than what is kept of an output.
import { succeeded, type Run } from '../tools/command.ts';
import { problemOf, type Outcome } from '../tools/problem.ts';
import type { Limits } from '../tools/target.ts';
import { logCommand, logRequestFault } from './gateway-logs.ts';
import { findGatewayPods, type GatewayName, type GatewayPods } from './gateway-pods.ts';
import { LineReader, type LogLine } from './log-stream.ts';

export interface AllLogsOptions extends Limits {
  /** `10m`, `1h30m`: how long ago the first line was written; default: all that is kept. */
  readonly since?: string | undefined;
  readonly onLine: (line: LogLine) => void;
}

/** For one pod; default of `timeoutMs` here. */
const longestMs = 10 * 60 * 1000;

/** Gives the pods that were read, and the object that they are of. */
export async function readAllGatewayLogs(
  run: Run,
  request: GatewayName,
  { since, onLine, signal, timeoutMs = longestMs }: AllLogsOptions,
): Promise<Outcome<GatewayPods>> {
  const fault = logRequestFault(request) ?? durationFault(since);
  if (fault !== undefined)
    return { ok: false, problem: { kind: 'invalid-input', message: fault, advice: 'Choose another value.' } };
  const found = await findGatewayPods(run, request, { signal });
  if (!found.ok) return found;
  for (const pod of found.value.pods) {
    const reader = new LineReader(pod.name, onLine);
    const command = logCommand(request, pod, since === undefined ? ['--tail=-1'] : [`--since=${since}`, '--tail=-1']);
    const result = await run(command, {
      timeoutMs,
      signal,
      onOutput: ({ stream, text }) => {
        if (stream === 'stdout') reader.take(text);
      },
    });
    if (!succeeded(result)) return { ok: false, problem: problemOf('kubectl', command, result, request.context) };
  }
  return found;
}

/** In one sentence, or undefined. */
export function durationFault(since: string | undefined): string | undefined {
  return since === undefined || /^(?:\d{1,9}[hms])+$/.test(since)
    ? undefined
    : `"${since}" is not a valid duration. Write it like 10m or 1h30m.`;
}
