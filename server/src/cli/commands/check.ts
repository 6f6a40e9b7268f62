import type { Snapshot } from '../../cluster/snapshot/snapshot.ts';
import { withoutKnown, writeBaseline } from '../apply-baseline.ts';
import { clusterReport } from '../cluster-report.ts';
import type { Arguments } from '../args.ts';
import type { CliHost } from '../host.ts';
import { nothingFound } from '../counts.ts';
import { loadChecked } from '../load.ts';
import { baselineLines, ignoredLines, isAtLeast, together, type Report } from '../report.ts';
import { reportOf } from '../report-of.ts';
import { format } from '../reporters/format.ts';
import type { RuleBook } from '../rule-book.ts';

/** Exit code 0 or 1; 2 where a rule threw, as its findings are missing. */
export function check(args: Arguments, host: CliHost, book: RuleBook, cluster?: Snapshot): number {
  let loaded = loadChecked(args, host, book, cluster);
  let found = reportOf(loaded, args, host, book);
  const failed = new Set(loaded.failedRules);
  // Overlays for different meshes are checked one after the other.
  while (host.rendered?.nextMesh()) {
    loaded = loadChecked(args, host, book, cluster);
    found = together(found, reportOf(loaded, args, host, book));
    for (const rule of loaded.failedRules) failed.add(rule);
  }
  const all = cluster === undefined ? found : { ...found, cluster: clusterReport(cluster, loaded, host) };
  if (failed.size > 0) host.stderr(`${incomplete(failed)}\n`);
  if (args.writeBaseline !== undefined) return failed.size > 0 ? 2 : noteAll(all, args.writeBaseline, host);
  const report = args.baseline === undefined ? all : withoutKnown(all, args.baseline, loaded, host, args.rule);
  if (args.format !== 'text' && args.detail !== 'quiet')
    host.stderr(
      [
        ...ignoredLines(report),
        ...baselineLines(report),
        ...[nothingFound(report)].filter((line) => line !== undefined),
      ]
        .map((line) => `${line}\n`)
        .join(''),
    );
  host.stdout(format(report, args, host));
  if (failed.size > 0) return 2;
  if (args.requireResources && nothingFound(report) !== undefined) return 1;
  return report.findings.some(({ severity }) => isAtLeast(severity, args.failOn)) ? 1 : 0;
}

function incomplete(rules: ReadonlySet<string>): string {
  return `istio-egress: internal error in ${[...rules].sort().join(', ')}: findings of ${rules.size === 1 ? 'this rule' : 'these rules'} may be missing`;
}

function noteAll(report: Report, file: string, host: CliHost): number {
  writeBaseline(report, file, host);
  host.stderr(
    `${report.findings.length} ${report.findings.length === 1 ? 'finding' : 'findings'} recorded in ${file}.\n`,
  );
  return 0;
}
