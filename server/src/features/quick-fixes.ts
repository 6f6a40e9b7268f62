// What can be repaired at a place: recomputed from the findings as they are now, so nothing is remembered between requests.
import { overlaps, type Span } from '../base/span.ts';
import { fileChanges, type FileChange, type FixHost } from '../engine/apply-fix.ts';
import type { Finding } from '../engine/finding.ts';
import { fixesFor } from '../engine/fixes.ts';
import type { Rules, Workspace } from '../engine/workspace.ts';
import type { Safety } from '../rules/rule.ts';

export interface QuickFix {
  readonly title: string;
  readonly finding: Finding;
  /** The first fix of its finding. */
  readonly preferred: boolean;
  readonly safety: Safety;
  readonly changes: readonly FileChange[];
}

export function quickFixesAt(workspace: Workspace, rules: Rules, host: FixHost, uri: string, range: Span): readonly QuickFix[] {
  return workspace.findings(uri).filter(({ span }) => overlaps(span, range))
    .flatMap((finding) => quickFixes(workspace, rules, host, finding));
}

/** The safe fixes of a file, one a finding; those that would change the same text twice are left for the next round. */
export function fixAllIn(workspace: Workspace, rules: Rules, host: FixHost, uri: string): readonly FileChange[] {
  const chosen: FileChange[] = [];
  for (const finding of workspace.findings(uri)) {
    const fix = quickFixes(workspace, rules, host, finding).find(({ safety }) => safety === 'safe');
    if (fix && !fix.changes.some((change) => chosen.some((other) => collide(change, other)))) chosen.push(...fix.changes);
  }
  return chosen;
}

function quickFixes(workspace: Workspace, rules: Rules, host: FixHost, finding: Finding): QuickFix[] {
  return fixesFor(finding, workspace, rules, host.textOf).flatMap((fix, index) => {
    const changes = fileChanges(fix, host);
    return changes ? [{ title: fix.title, finding, preferred: index === 0, safety: fix.safety, changes }] : [];
  });
}

function collide(a: FileChange, b: FileChange): boolean {
  return a.uri === b.uri && (a.created || b.created || a.edits.some((x) => b.edits.some((y) => overlaps(x.span, y.span))));
}
