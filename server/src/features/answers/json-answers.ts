// Answers as texts for programs, the same on the command line and to agents. The shapes of JSON are contracts and carry a version.
import { nearest } from '../../base/nearest.ts';
import type { Access } from '../../eval/access/access.ts';
import type { AccessRow } from '../../eval/access/row.ts';
import { accessRowJson } from '../../eval/access/to-json.ts';
import { omittedNote } from '../../eval/access/wording.ts';
import type { Evidence, Trace } from '../../eval/trace/step.ts';
import { traceJson } from '../../eval/trace/to-json.ts';
import type { Rules } from '../../engine/workspace-options.ts';
import { findingJson, type FindingReport } from './finding-report.ts';
import { rulePage } from '../rule-page.ts';
import type { EgressStats } from '../stats.ts';
import { requirementRules } from '../../rules/requirements.ts';
import type { Severity } from '../../rules/rule.ts';

export interface CheckResult {
  readonly files: number;
  readonly resources: number;
  readonly istioResources: number;
  readonly findings: readonly FindingReport[];
  readonly skipped: readonly { readonly file: string; readonly why: string }[];
  readonly ignored: { readonly comments: number; readonly severities: number };
}

/** `more`: what only some runs have. */
export function checkAnswer(
  { files, resources, istioResources, findings, skipped, ignored }: CheckResult,
  more: object = {},
): string {
  const counts = { files, resources, istioResources };
  return answer({ ...counts, findings: findings.map(findingJson), skipped, ignored, ...more });
}

export function traceAnswer<Place>(found: Trace, place: (evidence: Evidence) => Place): string {
  return answer(traceJson(found, place));
}

/** What is omitted of a large table is said. */
export function accessAnswer<Place>(found: Access, place: (ground: AccessRow['because'][number]) => Place): string {
  const { isShort, omittedPairs } = found;
  const rows = found.rows.map((row) => accessRowJson(row, place));
  const omitted = omittedPairs > 0 && { omittedPairs, ...omittedNote(found) };
  return answer({ ...(isShort && { short: true }), ...omitted, rows }, isShort ? 0 : 2);
}

export interface StatsResult extends EgressStats {
  readonly files: number;
  readonly resources: number;
  readonly istioResources: number;
  readonly findings: Readonly<Record<Severity, number>> & { readonly byRule: Readonly<Record<string, number>> };
}

export function statsAnswer({ files, resources, istioResources, ...counts }: StatsResult): string {
  return answer({ files, resources, istioResources, ...counts });
}

function answer(content: object, indent = 2): string {
  return `${JSON.stringify({ version: 1, ...content }, null, indent)}\n`;
}

/** A rule's page; without a rule, the list of all. */
export function explainAnswer(
  id: string | undefined,
  { rules, documentRules }: Rules,
  pages: ReadonlyMap<string, string>,
): { readonly text: string } | { readonly problem: string } {
  const all = [...rules, ...documentRules, ...requirementRules];
  if (id === undefined) {
    const width = Math.max(...all.map((rule) => rule.id.length));
    const lines = all.map((rule) => `${rule.id.padEnd(width)}  ${rule.severity.padEnd(11)}  ${rule.summary}\n`);
    return { text: lines.sort().join('') };
  }
  const page = pages.get(id);
  if (page !== undefined) return { text: rulePage(all.find((rule) => rule.id === id) ?? {}, page) };
  const near = nearest(
    id,
    all.map((rule) => rule.id),
  );
  return { problem: `there is no rule ${id}${near === undefined ? '' : ` (did you mean ${near}?)`}` };
}
