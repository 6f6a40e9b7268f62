import { compareText } from '../../base/compare.ts';
import type { Snapshot } from '../../cluster/snapshot/snapshot.ts';
import { fixesFor } from '../../engine/fixes.ts';
import type { Finding } from '../../engine/finding.ts';
import { asItIs, findingAtSource } from '../../engine/to-source.ts';
import { withoutKnown, writeBaseline } from '../apply-baseline.ts';
import { contextOfUri } from '../../sources/cluster-files.ts';
import { clusterReport } from '../cluster-report.ts';
import { fieldPaths } from '../finding-location.ts';
import { displayPath } from '../display-path.ts';
import type { Arguments } from '../args.ts';
import type { CliHost } from '../host.ts';
import { countsOf, nothingFound } from '../counts.ts';
import { load, type Loaded } from '../load.ts';
import { baselineLines, ignoredLines, isAtLeast, together, type Report, type ReportedFinding } from '../report.ts';
import { format } from '../reporters/format.ts';
import type { RuleBook } from '../rule-book.ts';

/** Exit code 0 or 1; 2 where a rule threw, as its findings are missing. */
export function check(args: Arguments, host: CliHost, book: RuleBook, cluster?: Snapshot): number {
  let loaded = load(args, host, book, cluster);
  let found = reportOf(loaded, args, host, book);
  const failed = new Set(loaded.failedRules);
  // Overlays for different meshes are checked one after the other.
  while (host.rendered?.nextMesh()) {
    loaded = load(args, host, book, cluster);
    found = together(found, reportOf(loaded, args, host, book));
    for (const rule of loaded.failedRules) failed.add(rule);
  }
  const all = cluster === undefined ? found : { ...found, cluster: clusterReport(cluster, loaded, host) };
  if (failed.size > 0) host.stderr(`${incomplete(failed)}\n`);
  if (args.writeBaseline !== undefined) return failed.size > 0 ? 2 : noteAll(all, args.writeBaseline, host);
  const report = args.baseline === undefined ? all : withoutKnown(all, args.baseline, loaded, host, args.rule);
  if (args.format !== 'text')
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

function reportOf(
  loaded: Loaded,
  { rule: only, baseline, writeBaseline: written }: Arguments,
  host: CliHost,
  book: RuleBook,
): Report {
  const uris = [...loaded.workspace.uris].sort();
  const findings = uris
    .flatMap((uri) => loaded.workspace.findings(uri))
    .filter(({ rule }) => only === undefined || rule === only);
  const { shown, byComments } = atSources(findings, loaded);
  const hidden = uris
    .flatMap((uri) => loaded.workspace.ignored(uri))
    .filter(({ rule }) => only === undefined || rule === only);
  const severities = hidden.filter(({ by }) => by === 'severity').length;
  const peers = new Map([...book.rules, ...book.documentRules].map((rule) => [rule.id, rule.peers ?? []]));
  const fieldOf = (baseline ?? written) === undefined ? undefined : fieldPaths(loaded);
  return {
    ...countsOf(loaded),
    findings: shown.map((finding) => ({
      ...reported(finding, loaded, host, { book, peers }),
      field: fieldOf?.(finding),
    })),
    skipped: loaded.skipped
      .filter(({ isBeside }) => isBeside !== true)
      .map(({ uri, why }) => ({ file: displayPath(uri, host), why })),
    ignored: { comments: byComments + hidden.length - severities, severities },
    rules: [...book.rules, ...book.documentRules].map((rule) => ({ ...rule, page: book.pages.get(rule.id) ?? '' })),
    version: host.version,
  };
}

/** In the order of files and places as they are shown; one line of a template may have made the same finding many times. */
function atSources(
  findings: readonly Finding[],
  loaded: Loaded,
): { readonly shown: readonly Finding[]; readonly byComments: number } {
  if (loaded.toSource === asItIs) return { shown: findings, byComments: 0 };
  let byComments = 0;
  const shown = new Map<string, Finding>();
  for (const found of findings) {
    const finding = findingAtSource(found, loaded);
    if (finding) shown.set(JSON.stringify([finding.uri, finding.span, finding.rule, finding.message]), finding);
    else byComments++;
  }
  const inOrder = [...shown.values()].sort((a, b) => compareText(a.uri, b.uri) || a.span.start - b.span.start);
  return { shown: inOrder, byComments };
}

interface RuleContext {
  readonly book: RuleBook;
  /** What other tools call a rule's fault, by its id. */
  readonly peers: ReadonlyMap<string, readonly string[]>;
}

function reported(
  finding: Finding,
  { workspace, textOf }: Loaded,
  host: CliHost,
  { book, peers }: RuleContext,
): ReportedFinding {
  const { uri, related, ...rest } = finding;
  const context = contextOfUri(uri);
  return {
    ...rest,
    file: displayPath(uri, host),
    ...(context !== undefined && { origin: `cluster:${context}` }),
    related: related.map((other) => ({
      file: displayPath(other.uri, host),
      range: other.range,
      message: other.message,
    })),
    // What a cluster holds, or a tool rendered, is not a text that could be edited.
    fixes:
      context !== undefined || finding.rendered !== undefined
        ? []
        : fixesFor(finding, workspace, book, textOf).map(({ title, safety }) => ({ title, safety })),
    peers: peers.get(finding.rule) ?? [],
  };
}
