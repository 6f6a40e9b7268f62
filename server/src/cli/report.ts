// The result of a `check` run, for all output formats.
import { compareText } from '../base/compare.ts';
import { visibleLine } from '../base/visible.ts';
import type { Finding } from '../engine/finding.ts';
import type { Counts } from '../engine/counts.ts';
import type { FindingReport } from '../features/answers/finding-report.ts';
import type { BaselineEntry } from './baseline.ts';
import type { ProposedFix } from './proposed-fixes.ts';
import type { RuleInfo, Severity } from '../rules/rule.ts';

export interface Report extends Counts {
  readonly findings: readonly ReportedFinding[];
  /** Files and documents that were skipped, and files that could not be read. */
  readonly skipped: readonly { readonly file: string; readonly why: string }[];
  /** Findings that are not among `findings` because comments or severities hide them. */
  readonly ignored: IgnoredCounts;
  readonly rules: readonly ReportedRule[];
  /** Only if a cluster was read. */
  readonly cluster?: ReportedCluster;
  /** Of this product. */
  readonly version: string;
  readonly homepage: string;
  /** What a baseline did; its findings are not among `findings`. */
  readonly baseline?: BaselineUse | undefined;
}

interface IgnoredCounts {
  /** By `istio-egress-ignore`. */
  readonly comments: number;
  /** By rules that are set to `off`. */
  readonly severities: number;
}

interface BaselineUse {
  /** As it was given. */
  readonly file: string;
  /** How many findings it knew. */
  readonly known: number;
  /** Entries of which nothing is left. */
  readonly stale: readonly BaselineEntry[];
}

export interface ReportedFinding extends FindingReport {
  /** The line of the file where it begins; only for texts. */
  readonly source?: string | undefined;
  /** The field of the finding; only for a baseline and SARIF. */
  readonly field?: string | undefined;
  /** Only for SARIF. */
  readonly proposals?: readonly ProposedFix[] | undefined;
}

/** What the cluster gave and what its controllers report: of one moment, so apart from the findings, and without a say in the exit code. */
export interface ReportedCluster {
  readonly context: string;
  /** ISO 8601. */
  readonly takenAt: string;
  readonly namespaces: readonly string[] | null;
  /** Resources of the cluster that no file describes. */
  readonly resources: number;
  readonly unread: readonly { readonly kind: string; readonly why: string }[];
  readonly statuses: readonly ReportedStatus[];
}

export interface ReportedStatus {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  /** Where the object is described: its file, else its place in the cluster. */
  readonly file: string;
  readonly range: Finding['range'];
  readonly resource: { readonly kind: string; readonly namespace: string; readonly name: string };
  readonly condition: string;
  readonly status: string;
  readonly reason: string;
  readonly since: string | null;
}

export interface ReportedRule extends RuleInfo {
  /** Markdown. */
  readonly page: string;
}

const ranks: Readonly<Record<Severity, number>> = { error: 3, warning: 2, information: 1, hint: 0 };

export function isAtLeast(severity: Severity, threshold: Severity): boolean {
  return ranks[severity] >= ranks[threshold];
}

/** What two meshes of the same files have: each finding once. */
export function together(one: Report, other: Report): Report {
  const findings = new Map(
    [...one.findings, ...other.findings].map((finding) => [
      JSON.stringify([finding.file, finding.range, finding.rule, finding.message]),
      finding,
    ]),
  );
  const sorted = [...findings.values()].sort(
    (a, b) =>
      compareText(a.file, b.file) ||
      a.range.start.line - b.range.start.line ||
      a.range.start.character - b.range.start.character,
  );
  return {
    ...one,
    findings: sorted,
    ignored: {
      comments: Math.max(one.ignored.comments, other.ignored.comments),
      severities: Math.max(one.ignored.severities, other.ignored.severities),
    },
    resources: Math.max(one.resources, other.resources),
    istioResources: Math.max(one.istioResources, other.istioResources),
  };
}

/** What comments and severities hide, for users. */
export function ignoredLines({ ignored: { comments, severities } }: Report): readonly string[] {
  const parts = [
    ...(comments > 0 ? [`${comments} by comments`] : []),
    ...(severities > 0 ? [`${severities} of rules that are off`] : []),
  ];
  const all = comments + severities;
  return all === 0 ? [] : [`${all} ${all === 1 ? 'finding' : 'findings'} ignored: ${parts.join(', ')}.`];
}

/** What a baseline did, for users. */
export function baselineLines({ baseline }: Report): readonly string[] {
  if (!baseline) return [];
  const { file, known, stale } = baseline;
  return [
    ...(known > 0 ? [`${known} ${known === 1 ? 'finding' : 'findings'} recorded in ${file} ignored.`] : []),
    ...(stale.length > 0
      ? [
          `${stale.length} ${stale.length === 1 ? 'entry' : 'entries'} in ${file} no longer found (--write-baseline ${file} updates the file):`,
        ]
      : []),
    ...stale.map(
      (entry) =>
        `    ${visibleLine(`${entry.file}: ${[entry.resource, entry.field].filter((part) => part !== '').join(' ')} [${entry.rule}]`)}`,
    ),
  ];
}
