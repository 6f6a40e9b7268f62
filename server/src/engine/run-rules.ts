// Runs the rules of one subject. A rule that throws loses only its own findings.
import { firstRelated, mostRelated } from '../base/and-more.ts';
import type { DerivedFacts } from '../mesh/index/derived-facts.ts';
import { NotReady } from '../mesh/index/working-out.ts';
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
  readonly refusing: DerivedFacts['refusing'];
  readonly ready: DerivedFacts['ready'];
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
  const { mesh, isOff } = run;
  if (mesh.discovers(subject.kind === 'Namespace' ? subject.name : subject.namespace) !== true) return [];
  const findings: SubjectFinding[] = [];
  for (const rule of rules) {
    if (isOff(rule.id)) continue;
    for (const finding of yield* foundBy(rule, subject, run))
      findings.push({ rule, finding: withFirstRelated(finding), subject });
    yield 'after a rule';
  }
  return findings;
}

/** Begins again where the rule asked for what takes long and is in doubt, once that is checked. */
function* foundBy(
  rule: Rule,
  subject: AnyResource,
  { mesh, isReported, onRuleError, refusing, ready }: RuleRun,
): Generator<RuleStep, readonly RuleFinding[]> {
  for (let tries = 0; ; tries++) {
    const found: RuleFinding[] = [];
    try {
      const work = refusing(tries, () => firstOf(rule.id, rule.check(subject, mesh, isReported))[Symbol.iterator]());
      for (;;) {
        const next = refusing(tries, () => work.next());
        if (next.done) return found;
        if (next.value) found.push(next.value);
        else yield 'within a rule';
      }
    } catch (error) {
      if (!(error instanceof NotReady)) {
        onRuleError(rule.id, subject, error);
        return found;
      }
      for (const _ of ready(error)) yield 'within a rule';
    }
  }
}
