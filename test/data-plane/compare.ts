// Whether what the bytes did is what the trace says: for the client, in the access log, and at the site.
import type { Trace } from '../../server/src/eval/trace/step.ts';
import type { Mesh } from '../../server/src/mesh/mesh.ts';
import { differs } from './differs.ts';
import { logProblems, unexplained } from './line-problems.ts';
import type { Answer, Query } from './messages.ts';
import { rootsOf, type Question } from './questions.ts';
import { acceptanceProblems, siteProblems } from './site-problems.ts';
import { failureProblems, silenceProblems } from './slow-sites.ts';

/** `equal`; `open`: the trace leaves it open, and what happened is among what it names, or it names nothing; else what differs. */
export type Comparison =
  | { readonly state: 'equal' | 'open' }
  | { readonly state: 'different'; readonly why: readonly string[] };

export function compareBytes(question: Question, answer: Answer, mesh: Mesh): Comparison {
  const own = compareWithTrace(question, answer, mesh);
  if (own.state !== 'different' || !question.orElse) return own;
  const other = compareWithTrace({ ...question, trace: question.orElse }, answer, mesh);
  return other.state === 'different' ? own : other;
}

function compareWithTrace(
  { query, trace, variant, patience, isShared }: Question,
  answer: Answer,
  mesh: Mesh,
): Comparison {
  const lines = answer.lines.flatMap(({ text }) => unexplained({ proxy: 'waypoint', text }, mesh));
  if (lines.length > 0) return { state: 'different', why: lines };
  if (variant === 'silent') return verdictOn(silenceProblems(trace, answer));
  if (variant === 'failing') return verdictOn(failureProblems(patience!, answer));
  if (variant) return verdictOn(acceptanceProblems(trace, trace.upstream!, variant, answer));
  const problemsOf = (one: Trace) => problems(one, query, answer, mesh);
  if (trace.candidates.length === 0)
    return trace.verdict === 'undetermined' ? { state: 'open' } : verdictOn(problemsOf(trace));
  const found = trace.candidates.map((one) => {
    if (one.verdict === 'undetermined') return [];
    return fitsAnother(one, query) ? refusalProblems(one, answer) : problemsOf(one);
  });
  // Of several destinations that all get a share, one gets this request.
  if (found.some((why) => why.length === 0)) return { state: isShare(trace) ? 'equal' : 'open' };
  if (isShared) return { state: 'open' };
  return {
    state: 'different',
    why: [`none of ${found.length} ways: ${found.map((why) => why.join('; ')).join(' OR ')}`],
  };
}

/** The site has one certificate, which not each way accepts: a trace takes for granted that it is a good one. */
function fitsAnother({ upstream }: Trace, { certificate }: Query): boolean {
  const roots = upstream?.tls?.roots;
  return roots !== undefined && rootsOf(roots) !== certificate.by;
}

function refusalProblems(trace: Trace, answer: Answer): readonly string[] {
  const cluster = trace.log?.upstreamCluster ?? '-';
  return [
    ...acceptanceProblems(trace, trace.upstream!, 'other-authority', answer),
    ...(answer.lines.some(({ text }) => text.includes(` ${cluster} `)) ? [] : [`no line names ${cluster}`]),
  ];
}

function isShare({ summary, candidates }: Trace): boolean {
  const isSure = candidates.every(({ verdict, candidates: more }) => verdict !== 'undetermined' && more.length === 0);
  return isSure && / spreads requests /.test(summary);
}

export function verdictOn(why: readonly string[]): Comparison {
  return why.length > 0 ? { state: 'different', why } : { state: 'equal' };
}

function problems(trace: Trace, query: Query, answer: Answer, mesh: Mesh): readonly string[] {
  if (trace.verdict === 'bypasses') return ['trace bypasses the waypoint'];
  return [
    ...logProblems(trace, query, answer, mesh),
    ...clientProblems(trace, query, answer),
    ...siteProblems(trace, query, answer),
  ];
}

function clientProblems({ log }: Trace, { scheme }: Query, { ended, status }: Answer): readonly string[] {
  // Inside the client's own TLS, and on a port for bytes, the site answers.
  if (log?.status === undefined || scheme !== 'http') return [];
  return differs('status', String(log.status), String(status ?? ended));
}
