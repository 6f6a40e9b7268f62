// What can be repaired at a place: recomputed from the findings as they are now, so nothing is remembered between requests.
import { overlaps, type Span } from '../base/span.ts';
import { fileChanges, type FileChange, type FixHost } from '../engine/apply-fix.ts';
import type { Finding } from '../engine/finding.ts';
import { documentFirst, fixesFor } from '../engine/fixes.ts';
import { suppressionFix } from '../engine/suppress-fix.ts';
import type { Workspace } from '../engine/workspace.ts';
import type { Rules } from '../engine/workspace-options.ts';
import type { Safety } from '../rules/rule.ts';

export interface QuickFix {
  readonly title: string;
  readonly finding: Finding;
  /** The first fix of its finding. */
  readonly preferred: boolean;
  readonly safety: Safety;
  readonly changes: readonly FileChange[];
}

/** All repairs come before all that only silences. */
export function quickFixesAt(
  workspace: Workspace,
  rules: Rules,
  host: FixHost,
  uri: string,
  range: Span,
): readonly QuickFix[] {
  const findings = workspace.findings(uri).filter(({ span }) => overlaps(span, range));
  const silencing = findings.flatMap((finding) => silencingFix(host, finding) ?? []);
  const isFirst = (fix: QuickFix, i: number) =>
    silencing.findIndex(
      (other) => other.title === fix.title && JSON.stringify(other.changes) === JSON.stringify(fix.changes),
    ) === i;
  return [...findings.flatMap((finding) => quickFixes(workspace, rules, host, finding)), ...silencing.filter(isFirst)];
}

/** The safe fixes of a file, one a finding; those that would change the same text twice are left for the next round. */
export function fixAllIn(workspace: Workspace, rules: Rules, host: FixHost, uri: string): readonly FileChange[] {
  const chosen: FileChange[] = [];
  const repaired = new Set<number>();
  for (const finding of documentFirst(workspace.findings(uri), rules)) {
    const isLocal = rules.documentRules.some(({ id }) => id === finding.rule);
    // Once the document is as it was meant, this may be no fault any more.
    if (!isLocal && repaired.has(finding.document)) continue;
    const fix = quickFixes(workspace, rules, host, finding).find(({ safety }) => safety === 'safe');
    if (!fix || fix.changes.some((change) => chosen.some((other) => collide(change, other)))) continue;
    chosen.push(...fix.changes);
    if (isLocal) repaired.add(finding.document);
  }
  return chosen;
}

function quickFixes(workspace: Workspace, rules: Rules, host: FixHost, finding: Finding): QuickFix[] {
  return fixesFor(finding, workspace, rules, host.textOf).flatMap((fix, index) => {
    const changes = fileChanges(fix, host);
    return changes ? [{ title: fix.title, finding, preferred: index === 0, safety: fix.safety, changes }] : [];
  });
}

/** Only if the finding is in a source text: a comment cannot be added to rendered text. */
function silencingFix(host: FixHost, finding: Finding): QuickFix | undefined {
  const where = host.documentAt(finding.document);
  const text =
    where && where.uri === finding.uri
      ? host.textOf(where.uri)?.slice(where.start, where.start + where.length)
      : undefined;
  const fix = text === undefined ? undefined : suppressionFix(finding, text, where!.start);
  const changes = fix && fileChanges(fix, host);
  return fix && changes && { title: fix.title, finding, preferred: false, safety: fix.safety, changes };
}

function collide(a: FileChange, b: FileChange): boolean {
  return (
    a.uri === b.uri && (a.created || b.created || a.edits.some((x) => b.edits.some((y) => overlaps(x.span, y.span))))
  );
}
