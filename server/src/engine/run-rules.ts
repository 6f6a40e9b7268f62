// Runs the rules of one subject. A rule that throws loses only its own findings.
import type { Mesh } from '../mesh/mesh.ts';
import type { AnyResource } from '../model/resource.ts';
import type { IsTold, Rule } from '../rules/rule.ts';
import type { SubjectFinding } from './assemble.ts';

export type OnRuleError = (rule: string, subject: AnyResource, error: unknown) => void;

export interface RuleRun {
  readonly mesh: Mesh;
  /** Of every kind, for rules that ask what others tell. */
  readonly all: readonly Rule[];
  readonly isOff: (rule: string) => boolean;
  readonly onRuleError: OnRuleError;
}

/** What istiod does not see, or may not see, has no meaning that a rule could judge. */
export function runRules(subject: AnyResource, rules: readonly Rule[], run: RuleRun): readonly SubjectFinding[] {
  const { mesh, all, isOff, onRuleError } = run;
  if (mesh.discovers(subject.kind === 'Namespace' ? subject.name : subject.namespace) !== true) return [];
  const findings: SubjectFinding[] = [];
  const isTold = isToldBy(all, mesh);
  for (const rule of rules) {
    if (isOff(rule.id)) continue;
    try {
      for (const finding of rule.check(subject, mesh, isTold)) findings.push({ rule, finding, subject });
    } catch (error) {
      onRuleError(rule.id, subject, error);
    }
  }
  return findings;
}

/**
 * Asks the more specific rules themselves, with the same recorded mesh, so that the answer depends on keys like any other. A rule
 * that is turned off still counts: whoever turned it off does not want to hear of its fault from another one.
 */
function isToldBy(rules: readonly Rule[], mesh: Mesh): IsTold {
  return (resource, ids) =>
    rules.some((rule) => {
      if (!ids.includes(rule.id) || !rule.subjects.includes(resource.kind)) return false;
      return [...rule.check(resource, mesh, () => false)].length > 0;
    });
}
