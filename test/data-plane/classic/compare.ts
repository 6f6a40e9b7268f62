// Whether what the bytes did is what the trace says of a client with a sidecar: in the access log of each proxy, for the client, and at the site.
import { valueOf } from '../../../server/src/eval/log/entry.ts';
import { readLogLine } from '../../../server/src/eval/log/read-line.ts';
import type { LoggedHop, Trace } from '../../../server/src/eval/trace/step.ts';
import type { Mesh } from '../../../server/src/mesh/mesh.ts';
import { rewrittenPath } from '../changed-request.ts';
import { verdictOn, type Comparison } from '../compare.ts';
import { differs } from '../differs.ts';
import { unexplained } from '../line-problems.ts';
import { acceptanceProblems, siteProblems } from '../site-problems.ts';
import type { Answer, Query } from '../messages.ts';
import type { Question } from '../questions.ts';

export function compareClassicBytes({ query, trace, variant }: Question, answer: Answer, mesh: Mesh): Comparison {
  const lines = answer.lines.flatMap((line) => unexplained(line, mesh));
  if (lines.length > 0) return { state: 'different', why: lines };
  if (variant && variant !== 'silent' && variant !== 'failing')
    return verdictOn(acceptanceProblems(trace, trace.upstream!, variant, answer));
  const ends = trace.candidates.length > 0 ? trace.candidates : [trace];
  const found = ends.map((one) => (one.hops.length === 0 ? [] : problems(one, query, answer)));
  if (trace.candidates.length === 0 && trace.verdict !== 'undetermined')
    return trace.verdict === 'fails' && refusesGateway(ends, answer) ? { state: 'open' } : verdictOn(found[0]!);
  if (found.some((why) => why.length === 0)) return { state: 'open' };
  if (refusesGateway(ends, answer)) return { state: 'open' };
  return {
    state: 'different',
    why: [`none of ${found.length} ways: ${found.map((why) => why.join('; ')).join(' OR ')}`],
  };
}

/**
 * A sidecar that originates TLS of its own judges the certificate of the gateway first. Which one the gateway has is in a Secret: a
 * trace does not say that it is accepted, only what follows if it is.
 */
function refusesGateway(ends: readonly Trace[], { lines }: Answer): boolean {
  return (
    ends.some(({ hops }) => hops.some(({ proxy }) => proxy === 'gateway')) &&
    lines.some(({ proxy, text }) => proxy !== 'gateway' && text.includes('CERTIFICATE_VERIFY_FAILED'))
  );
}

function problems(trace: Trace, query: Query, answer: Answer): readonly string[] {
  return [
    ...trace.hops.flatMap((hop) => hopProblems(hop, answer)),
    ...moreLines(trace, answer),
    ...pathProblems(trace, query, answer),
    ...statusProblems(trace, query, answer),
    ...siteProblems(trace, query, answer),
  ];
}

/** What a sidecar tries again, its gateway logs again. */
function hopProblems(hop: LoggedHop, { lines }: Answer): readonly string[] {
  const isGateway = hop.proxy === 'gateway';
  const own = lines.filter(({ proxy }) => (proxy === 'gateway') === isGateway);
  if (own.length === 0 || (!isGateway && own.length > 1)) return [`${own.length} lines of the ${hop.proxy}`];
  return [...new Set(own.flatMap(({ text }) => lineProblems(hop, text)))];
}

/** Each proxy writes the path that it gets: what it makes of it stands in the next one's line. */
function pathProblems({ steps }: Trace, { scheme, path }: Query, { lines }: Answer): readonly string[] {
  const sent = rewrittenPath(steps.filter(({ hop }) => hop === 'sidecar')) ?? path;
  return lines.flatMap(({ proxy, text }) => {
    const entry = readLogLine(text);
    const written = entry && valueOf(entry, 'path');
    const isSeen = scheme === 'http' && written !== undefined && sent !== 'unknown';
    return isSeen ? differs(`path at ${proxy}`, proxy === 'gateway' ? sent : path, written) : [];
  });
}

/** A gateway that no trace says to write one. */
function moreLines({ hops }: Trace, { lines }: Answer): readonly string[] {
  const isExpected = hops.some(({ proxy }) => proxy === 'gateway');
  return isExpected || lines.every(({ proxy }) => proxy !== 'gateway') ? [] : ['a line of the gateway'];
}

function lineProblems(
  { proxy, upstreamCluster, status, flags, serverName }: LoggedHop,
  text: string,
): readonly string[] {
  const entry = readLogLine(text);
  const value = (field: string) => (entry && valueOf(entry, field)) ?? '-';
  const written = value('response_flags');
  const possible = flags.length === 0 ? ['-'] : flags;
  const isFitting = written.split(',').some((one) => possible.includes(one));
  return [
    ...differs(`${proxy} cluster`, upstreamCluster, value('upstream_cluster')),
    ...differs(`${proxy} status`, String(status ?? 0), value('response_code')),
    // Of a sidecar a trace tells it only where it knows how its listener takes connections apart.
    ...(proxy === 'sidecar' && serverName === undefined
      ? []
      : differs(`${proxy} server name`, serverName ?? '-', value('requested_server_name'))),
    ...(isFitting ? [] : [`${proxy} flags: trace ${flags.join('/') || '-'}, bytes ${written}`]),
  ];
}

function statusProblems({ hops }: Trace, { scheme }: Query, { ended, status }: Answer): readonly string[] {
  const wanted = hops[0]?.status;
  if (wanted === undefined || scheme !== 'http') return [];
  return differs('status', String(wanted), String(status ?? ended));
}
