// Runs the rules of one subject. A rule that throws loses only its own findings.
import { firstRelated, mostRelated } from '../base/and-more.ts';
import type { Mesh } from '../mesh/mesh.ts';
import type { AnyResource } from '../model/resource.ts';
import type { IsReported, Rule, RuleFinding } from '../rules/rule.ts';
import type { SubjectFinding } from './assemble.ts';
import { firstOf } from './most-findings.ts';

export type OnRuleError = (rule: string, subject: AnyResource, error: unknown) => void;

export interface RuleRun {
  readonly mesh: Mesh;
  readonly isReported: IsReported;
  readonly isOff: (rule: string) => boolean;
  readonly onRuleError: OnRuleError;
}

/** A finding that shows what thousands have to do with it shows some of them, whichever rule it is of. */
function withFirstRelated(finding: RuleFinding): RuleFinding {
  const { related = [] } = finding;
  return related.length > mostRelated ? { ...finding, related: firstRelated(related, related.length) } : finding;
}

export type RuleStep = 'after a rule' | 'within a rule';

/** Rules skip resources that istiod does not see or may not see. */
export function* runRules(
  subject: AnyResource,
  rules: readonly Rule[],
  run: RuleRun,
): Generator<RuleStep, readonly SubjectFinding[]> {
  const { mesh, isReported, isOff, onRuleError } = run;
  if (mesh.discovers(subject.kind === 'Namespace' ? subject.name : subject.namespace) !== true) return [];
  const findings: SubjectFinding[] = [];
  for (const rule of rules) {
    if (isOff(rule.id)) continue;
    try {
      for (const finding of firstOf(rule.id, rule.check(subject, mesh, isReported)))
        if (finding) findings.push({ rule, finding: withFirstRelated(finding), subject });
        else yield 'within a rule';
    } catch (error) {
      onRuleError(rule.id, subject, error);
    }
    yield 'after a rule';
  }
  return findings;
}
