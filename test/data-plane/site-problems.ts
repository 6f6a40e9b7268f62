// Whether what reached the sites is what the trace says: where, in how many layers of TLS, with which server name, certificate and Host.
import type { Trace, Upstream } from '../../server/src/eval/trace/step.ts';
import { copiesOf, copyProblems, openCopiesOf, sortedArrivals } from './copies.ts';
import { differs } from './differs.ts';
import type { Answer, Arrival, Query } from './messages.ts';
import type { CertificateVariant } from './questions.ts';
import { renamedHost, rewrittenPath } from './changed-request.ts';

export function siteProblems(trace: Trace, query: Query, answer: Answer): readonly string[] {
  const { verdict, cause, upstream } = trace;
  // A proxy of bytes connects before it judges, finds that it has no secret, or ends the client's handshake: what counts is whether anything
  // of the client's arrives.
  const isJudgedLate = (verdict === 'denied' && trace.log?.status === undefined) || isInHandshake(cause);
  const copies = copiesOf(trace);
  const all = answer.arrivals
    .filter(({ host }) => host !== authorizer)
    .filter(({ spoke, request }) => (isJudgedLate ? request !== undefined : spoke));
  const rewritten = rewrittenPath(trace.steps);
  const sorted = sortedArrivals(copies, all, {
    open: openCopiesOf(trace),
    path: rewritten === 'unknown' ? undefined : (rewritten ?? query.path),
  });
  const { own: arrivals } = sorted;
  const copied = copyProblems(copies, sorted, { mayBeLost: verdict === 'fails' || verdict === 'denied' });
  // Undetermined with an end: somebody is reached, and nobody knows whether it is the one that was meant. What goes past a gateway arrives, too.
  if (verdict !== 'denied' && verdict !== 'fails' && upstream)
    return [...copied, ...reachedProblems(trace, upstream, query, arrivals)];
  if (cause === undefined || !siteCauses.has(cause))
    return [...copied, ...arrivals.map((one) => `a site was reached: ${JSON.stringify(one)}`)];
  return [...copied, ...layerProblems(cause, query, answer, arrivals[0])];
}

function layerProblems(cause: Trace['cause'], { plainPorts }: Query, { lines }: Answer, arrival: Arrival | undefined) {
  // Of several rules, one of which names a file that is missing, a trace names the failure that it found first.
  if (lines.some(({ text }) => text.includes('Secret_is_not_supplied'))) return [];
  const layers = cause === 'plaintext-to-tls' ? 0 : 1;
  // A site that speaks plaintext only closes at the first of two.
  const isDouble = cause === 'double-tls' && !plainPorts.includes(arrival?.port ?? 0);
  return differs('layers of TLS', String(isDouble ? 2 : layers), String(arrival?.layers));
}

/** Whom policies of CUSTOM ask. */
const authorizer = 'authz.example.com';

/** Connections that end in a handshake, with the site or with the gateway before it: nothing of the client's arrives. */
function isInHandshake(cause: Trace['cause']): boolean {
  return cause === 'mesh-mtls' || cause === 'credential' || cause === 'server-name' || cause === 'gateway-refuses';
}

/** Failures that are the site's: it is reached. */
const siteCauses: ReadonlySet<NonNullable<Trace['cause']>> = new Set([
  'plaintext-to-tls',
  'tls-to-plaintext',
  'double-tls',
] as const);

function reachedProblems(
  trace: Trace,
  upstream: Upstream,
  query: Query,
  arrivals: readonly Arrival[],
): readonly string[] {
  // What the proxy tries again reaches several: at all but one the handshake fails.
  const arrival = arrivals.find(({ request }) => request) ?? arrivals[0];
  if (!arrival) return ['no site was reached'];
  const { tls } = upstream;
  const own = query.scheme === 'https' ? 1 : 0;
  const clientName = own === 0 || query.sni === '' ? undefined : query.sni;
  return [
    ...arrivals.filter((one) => one === arrival || one.request).flatMap((one) => placeProblems(trace, upstream, one)),
    ...differs('layers of TLS', String(own + (tls ? 1 : 0)), String(arrival.layers)),
    ...differs('SNI', tls ? tls.sni : clientName, arrival.sni),
    ...differs('client certificate', tls?.mode === 'MUTUAL' ? 'DNS:client.of.a.secret' : undefined, arrival.client),
    ...hostProblems(trace, query, arrival),
    ...pathProblems(trace, query, arrival),
  ];
}

function placeProblems({ steps }: Trace, { address, port }: Upstream, arrival: Arrival): readonly string[] {
  const named = steps.findLast(({ stage }) => stage === 'upstream')?.message ?? '';
  const place = `${arrival.host}:${arrival.port}`;
  const isThere =
    (arrival.port === port && [arrival.host, arrival.address].includes(address)) ||
    named.includes(place) ||
    / or \d+ more/.test(named);
  return isThere ? [] : [`reached ${place}, trace ${address}:${port}`];
}

/** The Host that is sent is the client's own, unless a route sends the request under another. */
function hostProblems({ steps }: Trace, { scheme, authority }: Query, { request }: Arrival): readonly string[] {
  if (!request || scheme === 'tcp') return [];
  return differs('Host', renamedHost(steps) ?? authority, request.authority);
}

/** Of odd paths a proxy sends another spelling. */
function pathProblems({ steps }: Trace, { scheme, path }: Query, { request }: Arrival): readonly string[] {
  const rewritten = rewrittenPath(steps);
  const isTold = rewritten === undefined ? /^\/[\w/-]*$/.test(path) : rewritten !== 'unknown';
  return request && scheme === 'http' && isTold ? differs('path', rewritten ?? path, request.path) : [];
}

export function acceptanceProblems(
  trace: Trace,
  { tls }: Upstream,
  variant: CertificateVariant,
  { status, arrivals }: Answer,
): readonly string[] {
  const { own } = sortedArrivals(copiesOf(trace), arrivals, { open: openCopiesOf(trace) });
  const isAccepted = tls?.roots === undefined || (variant === 'other-name' && !tls.verifiesName);
  const wasAccepted = own.some(({ request }) => request !== undefined);
  return [
    ...differs(`certificate ${variant}`, isAccepted ? 'accepted' : 'refused', wasAccepted ? 'accepted' : 'refused'),
    ...(isAccepted || status === undefined ? [] : differs(`status with ${variant}`, '503', String(status))),
  ];
}
