import { actionOf, isDryRun } from '../../eval/authz/evaluate.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe, type Resource } from '../../model/resource.ts';
import type { AuthorizationRule } from '../../model/specs.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { covers } from './covers.ts';

type Policy = Resource<'AuthorizationPolicy'>;

interface Data {
  /** Of a rule that another of the same policy makes needless. */
  readonly index: number | undefined;
}

/** Pairs of values. A policy of dozens of rules needs thousands; one of ten thousand rules would take minutes. */
const mostCompared = 10_000_000;
const tooMany =
  'From this rule on, rules without effect are not looked for: the policy is too large to compare each rule with each.';

export const policyRuleShadowed = defineRule({
  id: 'policy-rule-shadowed',
  stage: 'authorization',
  summary: 'A rule has no effect: another rule matches everything that it matches.',
  severity: 'information',
  since: '0.1.0',
  subjects: ['AuthorizationPolicy'],
  inputs: ['AuthorizationPolicy', 'Telemetry', 'BackendTLSPolicy'],

  *check(policy, mesh): Iterable<RuleFinding<Data>> {
    const { rules = [] } = policy.spec;
    if (isDryRun(policy)) return;
    const denies = denying(mesh, policy);
    const others = sum([...rules, ...denies.flatMap(({ spec }) => spec.rules ?? [])].map(valuesIn));
    let left = mostCompared;
    for (const [index, rule] of rules.entries()) {
      left -= valuesIn(rule) * others;
      if (left < 0) {
        yield { at: rule.span, message: tooMany, data: { index: undefined } };
        return;
      }
      const wider = rules.findIndex(
        (other, i) => i !== index && covers(other, rule) && (i < index || !covers(rule, other)),
      );
      const deny = denies.find(({ spec }) => spec.rules?.some((other) => covers(other, rule)));
      if (wider >= 0)
        yield {
          at: rule.span,
          message: `This rule has no effect: rule ${wider + 1} matches everything that it matches.`,
          data: { index },
        };
      else if (deny) {
        yield {
          at: rule.span,
          message: `This rule allows nothing: ${describe(deny)} denies everything that it matches.`,
          related: [{ resource: deny, at: deny.at.name, message: 'DENY is evaluated before ALLOW.' }],
          data: { index: undefined },
        };
      }
    }
  },

  *fixes({ index }, policy) {
    if (index !== undefined)
      yield {
        title: 'Remove the rule',
        safety: 'safe',
        changes: [{ op: 'remove', in: policy, path: ['spec', 'rules', index] }],
      };
  },
});

function valuesIn({ from, to, when }: AuthorizationRule): number {
  return (
    1 +
    sum([...from, ...to].flatMap(({ fields }) => fields.map(({ values }) => values.length))) +
    sum(when.map(({ values, notValues }) => values.length + notValues.length))
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}

/** DENY policies that are attached wherever this ALLOW is. */
function denying(mesh: Mesh, policy: Policy): readonly Policy[] {
  const [ref, ...more] = policy.spec.targetRefs;
  const kind = ref?.kind?.value;
  if (!ref?.name || more.length > 0 || actionOf(policy) !== 'ALLOW' || (kind !== 'ServiceEntry' && kind !== 'Gateway'))
    return [];
  const { namespace } = policy;
  const name = ref.name.value;
  return mesh.derived(`denying at ${kind}/${namespace}/${name}`, (view) =>
    view
      .targeting(kind, namespace, name)
      .filter(
        (other): other is Policy =>
          other.kind === 'AuthorizationPolicy' && actionOf(other) === 'DENY' && !isDryRun(other),
      ),
  );
}
