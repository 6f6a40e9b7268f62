// Whether what the bytes did is what the trace says: for the client, in the access log, and at the site.
import { explainLogLine } from '../../server/src/eval/log/explain-line.ts';
import { readLogLine } from '../../server/src/eval/log/read-line.ts';
import { valueOf } from '../../server/src/eval/log/entry.ts';
import type { Trace, Upstream } from '../../server/src/eval/trace/step.ts';
import type { Mesh } from '../../server/src/mesh/mesh.ts';
import type { Answer, Arrival, Query } from './messages.ts';
import type { CertificateVariant, Question } from './questions.ts';

/** `equal`; `open`: the trace leaves it open, and what happened is among what it names, or it names nothing; else what differs. */
export type Comparison =
  | { readonly state: 'equal' | 'open' }
  | { readonly state: 'different'; readonly why: readonly string[] };

export function compareBytes({ query, trace, variant, isShared }: Question, answer: Answer, mesh: Mesh): Comparison {
  const lines = answer.lines.flatMap(({ text }) => unexplained({ proxy: 'waypoint', text }, mesh));
  if (lines.length > 0) return { state: 'different', why: lines };
  if (variant) return verdictOn(acceptanceProblems(trace.upstream!, variant, answer));
  if (trace.candidates.length === 0)
    return trace.verdict === 'undetermined' ? { state: 'open' } : verdictOn(problems(trace, query, answer));
  const found = trace.candidates.map((one) => (one.verdict === 'undetermined' ? [] : problems(one, query, answer)));
  if (found.some((why) => why.length === 0)) return { state: 'open' };
  if (isShared) return { state: 'open' };
  return {
    state: 'different',
    why: [`none of ${found.length} ways: ${found.map((why) => why.join('; ')).join(' OR ')}`],
  };
}

export function verdictOn(why: readonly string[]): Comparison {
  return why.length > 0 ? { state: 'different', why } : { state: 'equal' };
}

/** Every line is one that `log` reads, of the proxy that wrote it, with a cause. */
export function unexplained({ proxy, text }: Answer['lines'][number], mesh: Mesh): readonly string[] {
  const { pod, writers } = pods[proxy] ?? pods.client;
  // As `kubectl logs --prefix` shows it: where a line has no cluster, only the name of the pod tells whose it is.
  const explained = explainLogLine(`[pod/${pod}-6d5f7b9c4-x2x7z/istio-proxy] ${text}`, mesh);
  if (!explained) return [`log does not read: ${text}`];
  // Without a connection a line does not always show whose it is, and pods of clients have any name.
  const isAnonymous = explained.writer === 'unknown' && !pods[proxy];
  if (!isAnonymous && !writers.includes(explained.writer)) return [`log takes it for ${explained.writer}: ${text}`];
  return /not known|own words|not in Envoy's list|no status/i.test(explained.summary)
    ? [`log does not know: ${text}`]
    : [];
}

interface Writers {
  readonly pod: string;
  readonly writers: readonly string[];
}

const pods: Readonly<Record<string, Writers>> & { readonly client: Writers } = {
  waypoint: { pod: 'waypoint', writers: ['waypoint', 'tunnel'] },
  gateway: { pod: 'istio-egressgateway', writers: ['egress-gateway'] },
  client: { pod: 'client', writers: ['sidecar-outbound'] },
};

function problems(trace: Trace, query: Query, answer: Answer): readonly string[] {
  if (trace.verdict === 'bypasses') return ['trace bypasses the waypoint'];
  return [
    ...logProblems(trace, query, answer),
    ...clientProblems(trace, query, answer),
    ...siteProblems(trace, query, answer),
  ];
}

function logProblems({ log }: Trace, { isQuiet }: Query, { lines }: Answer): readonly string[] {
  if (!log) return [];
  // The end of the tunnel writes one too where what is inside fails.
  const own = lines.filter(({ text }) => !text.includes('"CONNECT '));
  const [line] = own;
  if (own.length === 0 && isQuiet) return [];
  if (!line || own.length > 1) return [`${own.length} lines in the access log`];
  const entry = readLogLine(line.text);
  const [status, cluster] = [
    entry && valueOf(entry, 'response_code'),
    (entry && valueOf(entry, 'upstream_cluster')) ?? '-',
  ];
  return [
    ...differs('log status', String(log.status ?? 0), status),
    ...differs('log cluster', log.upstreamCluster, cluster),
  ];
}

function clientProblems({ log }: Trace, { scheme }: Query, { ended, status }: Answer): readonly string[] {
  // Inside the client's own TLS, and on a port for bytes, the site answers.
  if (log?.status === undefined || scheme !== 'http') return [];
  return differs('status', String(log.status), String(status ?? ended));
}

export function siteProblems(trace: Trace, query: Query, answer: Answer): readonly string[] {
  const { verdict, cause, upstream } = trace;
  // A proxy of bytes connects before it judges or finds that it has no secret: what counts is whether anything of the client's arrives.
  const isJudgedLate = (verdict === 'denied' && trace.log?.status === undefined) || isInHandshake(cause);
  const arrivals = answer.arrivals
    .filter(({ host }) => host !== authorizer)
    .filter(({ spoke, request }) => (isJudgedLate ? request !== undefined : spoke));
  // Undetermined with an end: somebody is reached, and nobody knows whether it is the one that was meant.
  if ((verdict === 'allowed' || verdict === 'undetermined') && upstream)
    return arrivals.length === 0 ? ['no site was reached'] : reachedProblems(trace, upstream, query, arrivals[0]!);
  if (cause === undefined || !siteCauses.has(cause))
    return arrivals.length > 0 ? [`a site was reached: ${JSON.stringify(arrivals[0])}`] : [];
  return layerProblems(cause, query, answer, arrivals[0]);
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

/** Connections that end in the handshake with the site: nothing of the client's arrives. */
function isInHandshake(cause: Trace['cause']): boolean {
  return cause === 'mesh-mtls' || cause === 'credential' || cause === 'server-name';
}

/** Failures that are the site's: it is reached. */
const siteCauses: ReadonlySet<NonNullable<Trace['cause']>> = new Set([
  'plaintext-to-tls',
  'tls-to-plaintext',
  'double-tls',
] as const);

function reachedProblems({ steps }: Trace, upstream: Upstream, query: Query, arrival: Arrival): readonly string[] {
  const { address, port, tls } = upstream;
  const own = query.scheme === 'https' ? 1 : 0;
  const clientName = own === 0 || query.sni === '' ? undefined : query.sni;
  const named = steps.findLast(({ stage }) => stage === 'upstream')?.message ?? '';
  const place = `${arrival.host}:${arrival.port}`;
  const isThere =
    (arrival.port === port && [arrival.host, arrival.address].includes(address)) ||
    named.includes(place) ||
    / or \d+ more/.test(named);
  return [
    ...(isThere ? [] : [`reached ${place}, trace ${address}:${port}`]),
    ...differs('layers of TLS', String(own + (tls ? 1 : 0)), String(arrival.layers)),
    ...differs('SNI', tls ? tls.sni : clientName, arrival.sni),
    ...differs('client certificate', tls?.mode === 'MUTUAL' ? 'DNS:client.of.a.secret' : undefined, arrival.client),
  ];
}

export function acceptanceProblems(
  { tls }: Upstream,
  variant: CertificateVariant,
  { status, arrivals }: Answer,
): readonly string[] {
  const isAccepted = tls?.roots === undefined || (variant === 'other-name' && !tls.verifiesName);
  const wasAccepted = arrivals.some(({ request }) => request !== undefined);
  return [
    ...differs(`certificate ${variant}`, isAccepted ? 'accepted' : 'refused', wasAccepted ? 'accepted' : 'refused'),
    ...(isAccepted || status === undefined ? [] : differs(`status with ${variant}`, '503', String(status))),
  ];
}

export function differs(what: string, ours: string | undefined, theirs: string | undefined): readonly string[] {
  return ours === theirs ? [] : [`${what}: trace ${ours ?? 'none'}, bytes ${theirs ?? 'none'}`];
}
