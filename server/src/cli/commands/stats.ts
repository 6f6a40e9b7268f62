import { compareText } from '../../base/compare.ts';
import { plural } from '../../base/plural.ts';
import { drained } from '../../base/steps.ts';
import { visibleLine } from '../../base/visible.ts';
import type { Snapshot } from '../../cluster/snapshot/snapshot.ts';
import { count } from '../../engine/count.ts';
import { statsAnswer, type StatsResult } from '../../features/answers/json-answers.ts';
import { egressStatsInSteps } from '../../features/stats.ts';
import type { Arguments } from '../args.ts';
import { fitColumns, rowLines } from '../columns.ts';
import { tellNothingFound } from '../counts.ts';
import type { CliHost } from '../host.ts';
import { noteAnswering } from '../note-answering.ts';
import { loadChecked } from '../load.ts';
import { reportOf } from '../report-of.ts';
import { severityCounts } from '../reporters/severity-counts.ts';
import type { RuleBook } from '../rule-book.ts';

/** Prints counts for dashboards. Exit code 0. */
export function stats(args: Arguments, host: CliHost, book: RuleBook, cluster?: Snapshot): number {
  const loaded = loadChecked(args, host, book, cluster);
  tellNothingFound(loaded, host, cluster);
  const { files, resources, istioResources, findings } = reportOf(loaded, args, host, book);
  const byRule = new Map<string, number>();
  for (const { rule } of findings) byRule.set(rule, (byRule.get(rule) ?? 0) + 1);
  const result: StatsResult = {
    files,
    resources,
    istioResources,
    ...drained(egressStatsInSteps(loaded.workspace.mesh), noteAnswering(host)),
    findings: { ...count(findings), byRule: Object.fromEntries([...byRule].sort(([a], [b]) => compareText(a, b))) },
  };
  host.stdout(args.format === 'json' ? statsAnswer(result) : statsText(result));
  return 0;
}

function statsText(result: StatsResult): string {
  const { hosts, wildcardHosts, destinations, closed, files, resources } = result;
  const head = `${plural(hosts, 'external host')} (${plural(wildcardHosts, 'wildcard')}) with ${plural(destinations, 'port')} in ${plural(files, 'file')} with ${plural(resources, 'resource')}.`;
  return [
    head,
    ...(closed > 0 ? [`No client may call ${closed} of the ports; they are not counted below.`] : []),
    '',
    ...table(shareRows(result), ['ports', 'share']),
    ...(result.gateways.length > 0 ? ['', ...table(gatewayRows(result), ['ports'])] : []),
    '',
    ...findingLines(result),
    '',
  ].join('\n');
}

function shareRows({ through, callers, tls, unverified, accessLog, shares }: StatsResult): readonly string[][] {
  const row = (title: string, number: number, share: number | null, rest: readonly (readonly [number, string])[]) => [
    title,
    String(number),
    share === null ? '-' : `${Math.round(share * 100)} %`,
    rest
      .filter(([count]) => count > 0)
      .map(([count, what]) => `${count} ${what}`)
      .join(', '),
  ];
  return [
    row('through a gateway', through.waypoint + through.gateway, shares.throughGateway, [
      [through.waypoint, 'through a waypoint'],
      [through.gateway, 'through an egress gateway'],
      [through.mixed, 'not for every client'],
      [through.direct, 'past every gateway'],
    ]),
    row('only named clients may call', callers.restricted, shares.restricted, [
      [callers.all, 'open to all clients'],
      [callers.unknown, 'unknown'],
    ]),
    row('encrypted', tls.originated + tls.passThrough, shares.encrypted, [
      [tls.originated, 'by the mesh'],
      [tls.passThrough, 'by clients'],
      [tls.plain, 'plaintext'],
      [tls.none, 'reached by no request'],
      [tls.unknown, 'unknown'],
      [unverified, 'with a certificate that is not verified'],
    ]),
    row('logged', accessLog.logged, shares.logged, [
      [accessLog.notLogged, 'not logged'],
      [accessLog.noProxy, 'without a proxy that could log'],
      [accessLog.unknown, 'unknown'],
    ]),
  ];
}

const kinds = { waypoint: 'waypoint', gateway: 'egress gateway' } as const;

function gatewayRows({ gateways }: StatsResult): readonly string[][] {
  return gateways.map(({ kind, namespace, name, destinations }) => [
    `${kinds[kind]} ${visibleLine(`${namespace}/${name}`)}`,
    String(destinations),
  ]);
}

function findingLines({ findings: { byRule, ...counts } }: StatsResult): readonly string[] {
  const rules = Object.entries(byRule)
    .sort(([, a], [, b]) => b - a)
    .map(([rule, number]) => `  ${number} ${rule}`);
  return [`${severityCounts(counts)}.`, ...rules];
}

function table(rows: readonly (readonly string[])[], titles: readonly string[]): readonly string[] {
  const columns = rows[0]!.map((_, at) => ({ title: titles[at - 1] ?? '' }));
  const head = columns.map(({ title }) => title);
  const widths = fitColumns(columns, rows, Infinity);
  return [head, ...rows].flatMap((row) => rowLines(row, widths));
}
