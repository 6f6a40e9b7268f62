// What a run of `check` found, ready for any format.
import type { Finding } from '../engine/finding.ts';
import type { RuleInfo, Safety, Severity } from '../rules/rule.ts';

export interface Report {
  readonly files: number;
  readonly resources: number;
  readonly findings: readonly ReportedFinding[];
  /** Files and documents that were left alone, and files that could not be read. */
  readonly skipped: readonly { readonly file: string; readonly why: string }[];
  readonly rules: readonly ReportedRule[];
  /** Of this product. */
  readonly version: string;
}

export interface ReportedFinding extends Omit<Finding, 'uri' | 'related'> {
  /** Path below the working directory with `/`, else absolute. */
  readonly file: string;
  readonly related: readonly { readonly file: string; readonly range: Finding['range']; readonly message: string }[];
  readonly fixes: readonly { readonly title: string; readonly safety: Safety }[];
  readonly peers: readonly string[];
}

export interface ReportedRule extends RuleInfo {
  /** Markdown. */
  readonly page: string;
}

const ranks: Readonly<Record<Severity, number>> = { error: 3, warning: 2, information: 1, hint: 0 };

export function isAtLeast(severity: Severity, threshold: Severity): boolean {
  return ranks[severity] >= ranks[threshold];
}
