// What was expected against what happened, in words. Nothing here knows the editor.
import type { CurlFailure } from '../../../server/src/cluster/requests/curl.ts';
import type { TestAnswer } from '../../../server/src/cluster/requests/test-request.ts';
import type { ExplainedLine, TraceResult } from '../../../server/src/lsp/protocol/egress.ts';

export interface Happened {
  readonly answer: Pick<TestAnswer, 'response' | 'failure'>;
  /** The gateway's own line about it; undefined where none was found. */
  readonly line: Pick<ExplainedLine, 'outcome' | 'summary'> | undefined;
}

export interface Comparison {
  /** Undefined where nothing certain was expected, or where it cannot be told. */
  readonly agrees: boolean | undefined;
  /** A sentence or two. */
  readonly text: string;
}

export function compare(expected: TraceResult | undefined, happened: Happened): Comparison {
  if (!expected)
    return { agrees: undefined, text: 'What was to be expected is not known: the language server had no answer.' };
  if (expected.verdict === 'undetermined') return compareCandidates(expected, happened);
  return judge(expected, happened);
}

function judge({ verdict, waypoint }: TraceResult, happened: Happened): Comparison {
  const { line } = happened;
  const what = inWords(happened);
  switch (verdict) {
    case 'allowed': {
      if (isDenied(happened))
        return { agrees: false, text: `It was expected to be allowed, and a policy denied it: ${what}` };
      if (!isAnswered(happened))
        return { agrees: false, text: `It was expected to reach the host, and did not: ${what}` };
      if (waypoint && !line)
        return {
          agrees: true,
          text: `It was allowed: ${what} The gateway's log has no line of it, so whether it went through the gateway is not shown.`,
        };
      return { agrees: true, text: `It was allowed: ${what}` };
    }
    case 'denied': {
      if (isDenied(happened)) return { agrees: true, text: `It was denied: ${what}` };
      if (isAnswered(happened))
        return { agrees: false, text: `It was expected to be denied, and was answered: ${what}` };
      // A policy that judges connections closes them, and no status tells why.
      return {
        agrees: closed(happened.answer.failure) ? true : undefined,
        text: closed(happened.answer.failure)
          ? `The connection was closed, which is how a denial looks to a client that speaks no plain HTTP: ${what}`
          : `It was expected to be denied; it did not get through, for a reason that may be another one: ${what}`,
      };
    }
    case 'fails':
      return isAnswered(happened)
        ? { agrees: false, text: `It was expected to fail, and was answered: ${what}` }
        : { agrees: true, text: `It failed: ${what}` };
    case 'bypasses': {
      if (line)
        return {
          agrees: false,
          text: `It was expected to go past the gateway, and the gateway's log has it: ${line.summary}`,
        };
      return isAnswered(happened)
        ? {
            agrees: true,
            text: `It was answered, and no gateway logged it: it went past. ${what.slice(0, 1).toUpperCase()}${what.slice(1)}`,
          }
        : { agrees: undefined, text: `It was expected to go past the gateway; it was not answered: ${what}` };
    }
    case 'undetermined':
      return { agrees: undefined, text: what };
  }
}

function compareCandidates({ candidates, summary }: TraceResult, happened: Happened): Comparison {
  const fitting = candidates
    .map((candidate, i) => ({ i, fits: judge(candidate, happened).agrees === true }))
    .filter(({ fits }) => fits);
  const what = inWords(happened);
  if (candidates.length === 0) return { agrees: undefined, text: `Nothing certain was expected (${summary}): ${what}` };
  if (fitting.length === 0)
    return { agrees: false, text: `It is none of the ${candidates.length} outcomes that were possible: ${what}` };
  return {
    agrees: undefined,
    text: `${candidates.length} outcomes were possible; this fits ${fitting.map(({ i }) => `number ${i + 1}`).join(' and ')}: ${what}`,
  };
}

/** Envoy's body of a denial, for gateways whose log says nothing. */
const refusal = /^RBAC: access denied/;

function isDenied({ answer: { response }, line }: Happened): boolean {
  return line ? line.outcome === 'denied' : response?.status === 403 && refusal.test(response.body);
}

/** By the host, whatever it said. What a gateway says itself when it reaches nobody is no answer. */
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
  if (!response) return failure ? `${failure.meaning} (curl ${failure.code}).` : 'no answer came.';
  return line ? `status ${response.status}. The gateway: ${line.summary}` : `status ${response.status}.`;
}
