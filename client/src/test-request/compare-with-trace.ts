// Compares the expected result with the actual one, as text. Independent of VS Code.
import type { CurlFailure } from '../../../server/src/cluster/requests/curl.ts';
import type { TestAnswer } from '../../../server/src/cluster/requests/test-request.ts';
import type { ExplainedLine, TraceResult } from '../../../server/src/lsp/protocol/egress.ts';

export interface Happened {
  readonly answer: Pick<TestAnswer, 'response' | 'failure'>;
  /** The gateway's own line about it; undefined if none was found. */
  readonly line: Pick<ExplainedLine, 'outcome' | 'summary'> | undefined;
}

export interface Comparison {
  /** Undefined if the expectation is not certain, or the result is unknown. */
  readonly agrees: boolean | undefined;
  /** A sentence or two. */
  readonly text: string;
}

export function compare(expected: TraceResult | undefined, happened: Happened): Comparison {
  if (!expected)
    return { agrees: undefined, text: 'The expected result is unknown: the language server does not answer.' };
  if (expected.verdict === 'undetermined') return compareCandidates(expected, happened);
  return judge(expected, happened);
}

function judge({ verdict, waypoint }: TraceResult, happened: Happened): Comparison {
  const what = inWords(happened);
  switch (verdict) {
    case 'allowed':
      return judgeAllowed(happened, what, waypoint !== null && waypoint !== undefined);
    case 'denied':
      return judgeDenied(happened, what);
    case 'fails':
      return isAnswered(happened)
        ? { agrees: false, text: `Expected: fails. It got a response: ${what}` }
        : { agrees: true, text: `It failed: ${what}` };
    case 'bypasses':
      return judgeBypassed(happened, what);
    case 'undetermined':
      return { agrees: undefined, text: what };
  }
}

function judgeAllowed(happened: Happened, what: string, hasWaypoint: boolean): Comparison {
  if (isDenied(happened)) return { agrees: false, text: `Expected: allowed. A policy denied it: ${what}` };
  if (!isAnswered(happened)) return { agrees: false, text: `Expected: reaches the host. It did not: ${what}` };
  if (hasWaypoint && !happened.line)
    return {
      agrees: true,
      text: `It was allowed: ${what} The gateway's log has no line for it, so it is unknown whether it used the gateway.`,
    };
  return { agrees: true, text: `It was allowed: ${what}` };
}

function judgeDenied(happened: Happened, what: string): Comparison {
  if (isDenied(happened)) return { agrees: true, text: `It was denied: ${what}` };
  if (isAnswered(happened)) return { agrees: false, text: `Expected: denied. It got a response: ${what}` };
  // A policy for connections closes them, and no status shows why.
  return {
    agrees: closed(happened.answer.failure) ? true : undefined,
    text: closed(happened.answer.failure)
      ? `The connection was closed. Without plain HTTP, this is how a client sees a denial: ${what}`
      : `Expected: denied. It failed, possibly for another reason: ${what}`,
  };
}

function judgeBypassed(happened: Happened, what: string): Comparison {
  const { line } = happened;
  if (line)
    return {
      agrees: false,
      text: `Expected: bypasses the gateway. The gateway's log has it: ${line.summary}`,
    };
  return isAnswered(happened)
    ? {
        agrees: true,
        text: `It got a response and no gateway logged it, so it bypassed the gateway. ${what.slice(0, 1).toUpperCase()}${what.slice(1)}`,
      }
    : { agrees: undefined, text: `Expected: bypasses the gateway. It got no response: ${what}` };
}

function compareCandidates({ candidates, summary }: TraceResult, happened: Happened): Comparison {
  const fitting = candidates
    .map((candidate, i) => ({ i, fits: judge(candidate, happened).agrees === true }))
    .filter(({ fits }) => fits);
  const what = inWords(happened);
  if (candidates.length === 0) return { agrees: undefined, text: `No certain expectation (${summary}): ${what}` };
  if (fitting.length === 0)
    return { agrees: false, text: `It matches none of the ${candidates.length} possible outcomes: ${what}` };
  return {
    agrees: undefined,
    text: `${candidates.length} outcomes were possible. This matches ${fitting.map(({ i }) => `number ${i + 1}`).join(' and ')}: ${what}`,
  };
}

/** Envoy's body of a denial, for gateways whose log says nothing. */
const refusal = /^RBAC: access denied/;

function isDenied({ answer: { response }, line }: Happened): boolean {
  return line ? line.outcome === 'denied' : response?.status === 403 && refusal.test(response.body);
}

/** Whether the host responded. An error response of the gateway itself (502 to 504) does not count. */
function isAnswered(happened: Happened): boolean {
  const {
    answer: { response },
    line,
  } = happened;
  if (!response || isDenied(happened)) return false;
  return line
    ? line.outcome === 'answered' || line.outcome === 'connected'
    : response.status < 502 || response.status > 504;
}

function closed(failure: CurlFailure | undefined): boolean {
  return failure !== undefined && [35, 52, 56].includes(failure.code);
}

function inWords({ answer: { response, failure }, line }: Happened): string {
  if (!response) return failure ? `${failure.meaning} (curl ${failure.code}).` : 'no response.';
  return line ? `status ${response.status}. Gateway log: ${line.summary}` : `status ${response.status}.`;
}
