// Findings that a change of the files brings and ends. Lines move and files are renamed, so a finding is known by what it says of which resource.
import type { Finding } from '../../engine/finding.ts';

export interface FindingChanges<F> {
  readonly added: readonly F[];
  readonly fixed: readonly F[];
}

export function findingChanges<F extends Pick<Finding, 'rule' | 'message' | 'severity' | 'resource'>>(
  before: readonly F[],
  after: readonly F[],
): FindingChanges<F> {
  return { added: without(after, before), fixed: without(before, after) };
}

/** Each of the others takes away one that says the same. */
function without<F extends Pick<Finding, 'rule' | 'message' | 'severity' | 'resource'>>(
  findings: readonly F[],
  others: readonly F[],
): readonly F[] {
  const left = new Map<string, number>();
  for (const other of others) left.set(keyOf(other), (left.get(keyOf(other)) ?? 0) + 1);
  return findings.filter((finding) => {
    const count = left.get(keyOf(finding)) ?? 0;
    left.set(keyOf(finding), count - 1);
    return count <= 0;
  });
}

function keyOf({
  rule,
  message,
  severity,
  resource,
}: Pick<Finding, 'rule' | 'message' | 'severity' | 'resource'>): string {
  const { kind, namespace, name } = resource ?? {};
  return JSON.stringify([rule, severity, message, kind, namespace, name]);
}
