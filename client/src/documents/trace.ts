// A trace as text: the verdict, each step with the lines that decide it, and the resulting connection.
import type { TraceParams, TraceResult } from '../../../server/src/lsp/protocol/egress.ts';
import { placeOf, type Lines } from './answer.ts';

export function traceLines(request: Pick<TraceParams, 'url' | 'from' | 'method'>, trace: TraceResult): Lines {
  return [
    [
      `${/^https?:/i.test(request.url) ? `${request.method ?? 'GET'} ${request.url}` : request.url} from ${request.from}`,
    ],
    ...outcomeLines(trace),
  ];
}

/** Without the request itself. */
export function outcomeLines(trace: TraceResult, indent = ''): Lines {
  return [
    [`${indent}${verdicts[trace.verdict]}: ${trace.summary}`],
    [],
    ...trace.steps.flatMap((step) => stepLines(step, indent)),
    ...endLines(trace, indent),
    ...trace.candidates.flatMap((candidate, i) => [
      [],
      [`${indent}Possible outcome ${i + 1} of ${trace.candidates.length}`],
      ...outcomeLines(candidate, `${indent}    `),
    ]),
  ];
}

export const verdicts = {
  allowed: 'Allowed',
  denied: 'Denied',
  fails: 'Fails',
  bypasses: 'Bypasses the waypoint',
  undetermined: 'Undetermined',
};

function stepLines(
  { stage, outcome, message, details = [], evidence }: TraceResult['steps'][number],
  indent: string,
): Lines {
  const head = `${indent}${stage.padEnd(14)} ${outcome.padEnd(8)} `;
  const below = ' '.repeat(head.length);
  return [
    [head, message],
    ...details.map((detail) => [below, detail]),
    ...evidence.map((one) => [below, placeOf(one), ...(one.message ? [` ${one.message}`] : [])]),
  ];
}

function endLines({ upstream, log, hops = [] }: TraceResult, indent: string): Lines {
  return [
    ...(upstream || log || hops.length > 0 ? [[]] : []),
    ...(upstream ? [[`${indent}Upstream: ${upstreamText(upstream)}`]] : []),
    ...hops.map((hop) => [`${indent}${hopText(hop)}`]),
    ...(log && hops.length === 0
      ? [[`${indent}Access log: ${log.upstreamCluster}${log.status === null ? '' : `, ${log.status}`}`]]
      : []),
  ];
}

function hopText({
  proxy,
  namespace,
  name,
  status,
  flags,
  upstreamCluster,
  serverName,
}: NonNullable<TraceResult['hops']>[number]): string {
  const who =
    proxy === 'sidecar'
      ? `Access log of the sidecar in ${namespace}`
      : `Access log of egress gateway ${namespace}/${name ?? ''}`;
  const sni = serverName === null ? '' : `, SNI ${serverName}`;
  return `${who}: ${status ?? 0} ${flags.join('|') || '-'}, ${upstreamCluster}${sni}`;
}

function upstreamText({ address, port, protocol, tls }: NonNullable<TraceResult['upstream']>): string {
  const place = `${address}:${port} (${protocol})`;
  return tls ? `${place}, ${upstreamTls(tls)}` : place;
}

/** TLS that a proxy originates towards the host. */
export function upstreamTls(tls: NonNullable<NonNullable<TraceResult['upstream']>['tls']>): string {
  return [
    `TLS ${tls.mode}`,
    tls.sni === null ? 'no SNI' : `SNI ${tls.sni}`,
    tls.roots === null ? 'certificate not verified' : `roots ${tls.roots}`,
    ...(tls.roots !== null && !tls.verifiesName ? ['certificate name not verified'] : []),
  ].join(', ');
}
