// Sends one request from a pod with kubectl exec and the pod's curl.
import type { Command, Run, RunResult } from '../tools/command.ts';
import { curlFault, curlWords, readCurl, type CurlAnswer, type CurlRequest } from './curl.ts';
import { containerNameFault, contextNameFault, namespaceNameFault, podNameFault } from '../tools/name-faults.ts';
import { problemOf, type Outcome, type Problem } from '../tools/problem.ts';
import { kubectl, type Limits, type Target } from '../tools/target.ts';

export interface TestRequest extends Target, CurlRequest {
  readonly pod: string;
  readonly container: string;
}

export interface TestAnswer extends CurlAnswer {
  readonly command: Command;
  /** When it was sent. ISO 8601. */
  readonly sentAt: string;
  /** `403 Forbidden` or what went wrong, one sentence. */
  readonly summary: string;
}

export function testRequestFault(request: TestRequest): string | undefined {
  return (
    contextNameFault(request.context) ??
    namespaceNameFault(request.namespace) ??
    podNameFault(request.pod) ??
    containerNameFault(request.container) ??
    curlFault(request)
  );
}

export function testRequestCommand(request: TestRequest): Command {
  return kubectl(
    request,
    'exec',
    `pods/${request.pod}`,
    `--container=${request.container}`,
    '--',
    ...curlWords(request),
  );
}

/** A request that fails is an answer too; a problem means that none was sent, or that no one knows. */
export async function sendTestRequest(
  run: Run,
  request: TestRequest,
  limits: Pick<Limits, 'signal'> = {},
): Promise<Outcome<TestAnswer>> {
  const fault = testRequestFault(request);
  if (fault !== undefined)
    return { ok: false, problem: { kind: 'invalid-input', message: fault, advice: 'Choose another value.' } };
  const command = testRequestCommand(request);
  const sentAt = new Date().toISOString();
  const result = await run(command, { timeoutMs: ((request.maxSeconds ?? 10) + 10) * 1000, signal: limits.signal });
  const answer = result.ended === 'exited' ? readCurl(result.stdout, result.stderr) : undefined;
  if (answer === undefined) return { ok: false, problem: problemIn(request, command, result) };
  return { ok: true, value: { ...answer, command, sentAt, summary: summaryOf(answer) } };
}

function problemIn(request: TestRequest, command: Command, result: RunResult): Problem {
  const problem = problemOf('kubectl', command, result, request.context);
  if (
    /executable file not found|exec: "curl"|curl: (?:command )?not found|no such file or directory/.test(result.stderr)
  ) {
    return {
      ...problem,
      kind: 'unsupported',
      message: `Container ${request.container} of pod ${request.namespace}/${request.pod} has no curl.`,
      advice: 'Choose another container or workload, or deploy one with curl (Istio\'s sample "curl").',
    };
  }
  if (/container .* (?:is )?not (?:found|valid)|container not found/.test(result.stderr)) {
    return {
      ...problem,
      kind: 'not-found',
      message: `Pod ${request.namespace}/${request.pod} has no container ${request.container}.`,
      advice: 'Choose another container. The pod may have been replaced.',
    };
  }
  if (problem.kind === 'timed-out' || problem.kind === 'cancelled')
    return { ...problem, message: `${problem.message} It is unknown whether the request was sent.` };
  return problem;
}

function summaryOf({ response, failure }: CurlAnswer): string {
  const reason =
    failure && `${failure.meaning} (curl ${failure.code}${failure.detail === '' ? '' : `: ${failure.detail}`})`;
  if (!response) return reason === undefined ? 'No response.' : `No response: ${reason}.`;
  return `${response.version} ${response.status}${reason === undefined ? '' : `, but ${reason}`}`;
}
