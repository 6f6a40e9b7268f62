// The rules of one subject, each by itself: one that throws loses its own findings only.
import type { Mesh } from '../mesh/mesh.ts';
import type { AnyResource } from '../model/resource.ts';
import type { Rule } from '../rules/rule.ts';
import type { SubjectFinding } from './assemble.ts';

export type OnRuleError = (rule: string, subject: AnyResource, error: unknown) => void;

/** What istiod does not see, or may not see, has no meaning that a rule could judge. */
export function runRules(
  subject: AnyResource,
  rules: readonly Rule[],
  mesh: Mesh,
  isOff: (rule: string) => boolean,
  onRuleError: OnRuleError,
): readonly SubjectFinding[] {
  if (mesh.discovers(subject.kind === 'Namespace' ? subject.name : subject.namespace) !== true) return [];
  const findings: SubjectFinding[] = [];
  for (const rule of rules) {
    if (isOff(rule.id)) continue;
    try {
      for (const finding of rule.check(subject, mesh)) findings.push({ rule, finding, subject });
    } catch (error) {
      onRuleError(rule.id, subject, error);
    }
  }
  return findings;
}
