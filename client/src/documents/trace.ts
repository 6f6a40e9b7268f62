// A trace as text: the verdict, each step with the lines that decide it, and the resulting connection.
import { l10n } from 'vscode';
import type { TraceParams, TraceResult } from '../../../server/src/lsp/protocol/egress.ts';
import { placeOf, type Lines } from './answer.ts';

export function traceLines(request: Pick<TraceParams, 'url' | 'from' | 'method'>, trace: TraceResult): Lines {
  return [
    [
      l10n.t(
        '{0} from {1}',
        /^https?:/i.test(request.url) ? `${request.method ?? 'GET'} ${request.url}` : request.url,
        request.from,
      ),
    ],
    ...outcomeLines(trace),
  ];
}

/** Without the request itself. */
export function outcomeLines(trace: TraceResult, indent = ''): Lines {
  return [
    [`${indent}${verdicts[trace.verdict]()}: ${trace.summary}`],
    [],
    ...trace.steps.flatMap((step) => stepLines(step, indent)),
    ...endLines(trace, indent),
    ...trace.candidates.flatMap((candidate, i) => [
      [],
      [`${indent}${l10n.t('Possible outcome {0} of {1}', i + 1, trace.candidates.length)}`],
      ...outcomeLines(candidate, `${indent}    `),
    ]),
  ];
}

export const verdicts = {
  allowed: () => l10n.t('Allowed'),
  denied: () => l10n.t('Denied'),
  fails: () => l10n.t('Fails'),
  bypasses: () => l10n.t('Bypasses the waypoint'),
  undetermined: () => l10n.t('Undetermined'),
};

const outcomes = { yes: () => l10n.t('yes'), no: () => l10n.t('no'), unknown: () => l10n.t('unknown') };

function stepLines(
  { stage, outcome, message, details = [], evidence }: TraceResult['steps'][number],
  indent: string,
): Lines {
  const head = `${indent}${stage.padEnd(14)} ${outcomes[outcome]().padEnd(8)} `;
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
    ...(upstream ? [[`${indent}${l10n.t('Upstream')}: ${upstreamText(upstream)}`]] : []),
    ...hops.map((hop) => [`${indent}${hopText(hop)}`]),
    ...(log && hops.length === 0
      ? [[`${indent}${l10n.t('Access log')}: ${log.upstreamCluster}${log.status === null ? '' : `, ${log.status}`}`]]
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
      ? l10n.t('Access log of the sidecar in {0}', namespace)
      : l10n.t('Access log of egress gateway {0}', `${namespace}/${name ?? ''}`);
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
    tls.sni === null ? l10n.t('no SNI') : `SNI ${tls.sni}`,
    tls.roots === null ? l10n.t('certificate not verified') : l10n.t('roots {0}', tls.roots),
    ...(tls.roots !== null && !tls.verifiesName ? [l10n.t('certificate name not verified')] : []),
  ].join(', ');
}
