// Whether a pod can leave the mesh where it must not: requests that must fail, each with its result. Only a response from
// outside proves that a path is open; no response counts as closed only if a request that must succeed did.
import type { Run } from '../tools/command.ts';
import type { Problem } from '../tools/problem.ts';
import type { CurlFailure } from './curl.ts';
import { sendTestRequest, type TestAnswer, type TestRequest } from './test-request.ts';
import type { Target } from '../tools/target.ts';

export interface ClosedRequest extends Target {
  readonly pod: string;
  readonly container: string;
  /** Of a host that no ServiceEntry lists. */
  readonly undeclaredUrl: string;
  /** A declared host by an address of its own: the way around the gateway. */
  readonly around?: { readonly url: string; readonly address: string } | undefined;
  /** A request that must succeed, without which silence proves nothing. */
  readonly controlUrl?: string | undefined;
  readonly maxSeconds?: number | undefined;
}

export interface ClosedCheck {
  readonly what: 'control' | 'undeclared' | 'around';
  readonly url: string;
  readonly address?: string | undefined;
  /** Of the control: `open` is as it should be. */
  readonly verdict: 'closed' | 'open' | 'undetermined';
  /** One sentence. */
  readonly why: string;
  readonly answer?: TestAnswer | undefined;
  readonly problem?: Problem | undefined;
}

export interface ClosedReport {
  readonly context: string;
  readonly from: { readonly namespace: string; readonly pod: string; readonly container: string };
  /** ISO 8601. */
  readonly takenAt: string;
  /** `open` where any way is. */
  readonly verdict: 'closed' | 'open' | 'undetermined';
  readonly checks: readonly ClosedCheck[];
  readonly summary: string;
}

export async function checkEgressIsClosed(
  run: Run,
  request: ClosedRequest,
  limits: {
    readonly signal?: AbortSignal | undefined;
    readonly onCheck?: ((check: ClosedCheck) => void) | undefined;
  } = {},
): Promise<ClosedReport> {
  const takenAt = new Date().toISOString();
  const wanted: readonly Pick<ClosedCheck, 'what' | 'url' | 'address'>[] = [
    ...(request.controlUrl === undefined ? [] : [{ what: 'control' as const, url: request.controlUrl }]),
    { what: 'undeclared', url: request.undeclaredUrl },
    ...(request.around === undefined ? [] : [{ what: 'around' as const, ...request.around }]),
  ];
  const checks: ClosedCheck[] = [];
  for (const one of wanted) {
    const isAlive = checks.find(({ what }) => what === 'control')?.verdict === 'open';
    const check = await checkOne(run, request, one, isAlive, limits.signal);
    checks.push(check);
    limits.onCheck?.(check);
  }
  const judged = checks.filter(({ what }) => what !== 'control').map(({ verdict }) => verdict);
  const verdict = (['open', 'undetermined'] as const).find((one) => judged.includes(one)) ?? 'closed';
  const { context, namespace, pod, container } = request;
  return {
    context,
    from: { namespace, pod, container },
    takenAt,
    verdict,
    checks,
    summary: summaries[verdict](`${namespace}/${pod}`),
  };
}

const summaries: Readonly<Record<ClosedReport['verdict'], (pod: string) => string>> = {
  closed: (pod) => `From ${pod}, only the declared path to the outside is open.`,
  open: (pod) => `From ${pod}, the outside can be reached where it must not be.`,
  undetermined: (pod) => `It is unknown whether ${pod} can reach the outside where it must not.`,
};

async function checkOne(
  run: Run,
  request: ClosedRequest,
  { what, url, address }: Pick<ClosedCheck, 'what' | 'url' | 'address'>,
  isAlive: boolean,
  signal: AbortSignal | undefined,
): Promise<ClosedCheck> {
  const { context, tools, namespace, pod, container, maxSeconds } = request;
  const testRequest: TestRequest = {
    context,
    tools,
    namespace,
    pod,
    container,
    url,
    ...(address !== undefined && { address }),
    ...(maxSeconds !== undefined && { maxSeconds }),
  };
  const sent = await sendTestRequest(run, testRequest, { signal });
  const base = { what, url, ...(address !== undefined && { address }) };
  if (!sent.ok) return { ...base, verdict: 'undetermined', why: sent.problem.message, problem: sent.problem };
  return { ...base, answer: sent.value, ...judge(sent.value, isAlive) };
}

type Judgement = Pick<ClosedCheck, 'verdict' | 'why'>;

function judge({ response, failure, summary }: TestAnswer, isAlive: boolean): Judgement {
  if (response) {
    const refusal = refusalOf(response);
    return refusal === undefined
      ? { verdict: 'open', why: `It got a response: ${response.version} ${response.status}.` }
      : { verdict: 'closed', why: refusal };
  }
  return failure ? judgeFailure(failure, summary, isAlive) : judgeSilence(summary, isAlive);
}

function judgeFailure(failure: CurlFailure, summary: string, isAlive: boolean): Judgement {
  const { code } = failure;
  if (code === 6)
    return {
      verdict: 'undetermined',
      why: 'The host name does not resolve in the pod. This does not show whether egress is closed.',
    };
  if (code === 60 || code === 51) return { verdict: 'open', why: `A TLS server responded (${failure.meaning}).` };
  // A handshake that the other side broke off is silence; one that it refused is an answer, from whomever.
  if (code === 35 && !/reset|EOF|SSL_ERROR_SYSCALL|timed out/i.test(failure.detail))
    return { verdict: 'undetermined', why: `${summary} A server responded, but the TLS handshake failed.` };
  return judgeSilence(summary, isAlive || code === 7 || code === 52 || code === 56);
}

/** Nothing came back: that is closed egress only where the host is known to be up, or the connection was refused. */
function judgeSilence(summary: string, isClosed: boolean): Judgement {
  if (isClosed) return { verdict: 'closed', why: summary };
  return {
    verdict: 'undetermined',
    why: `${summary} The host itself may be down: add a request that must succeed to rule this out.`,
  };
}

/** Answers that the mesh gives in place of the host. */
function refusalOf({ status, headers, body }: NonNullable<TestAnswer['response']>): string | undefined {
  if (status === 403 && body.trim() === 'RBAC: access denied')
    return 'A policy of the mesh denied it (403 RBAC: access denied).';
  const server = headers.find(([name]) => name.toLowerCase() === 'server')?.[1] ?? '';
  const passed = headers.some(([name]) => name.toLowerCase() === 'x-envoy-upstream-service-time');
  // istio@86c9f01 pilot/pkg/networking/core/httproute.go: with REGISTRY_ONLY the route block_all answers 502 from the client's own proxy
  return status === 502 && /envoy/.test(server) && !passed && body.trim() === ''
    ? 'The mesh refused it (502 from the proxy; outbound traffic is REGISTRY_ONLY).'
    : undefined;
}
