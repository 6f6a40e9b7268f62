import { actionOf, isDryRun } from '../../eval/authz/evaluate.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { covers } from './covers.ts';

type Policy = Resource<'AuthorizationPolicy'>;

interface Data {
  /** Of a rule that another of the same policy makes needless. */
  readonly index: number | undefined;
}

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
    for (const [index, rule] of rules.entries()) {
      const wider = rules.findIndex(
        (other, i) => i !== index && covers(other, rule) && (i < index || !covers(rule, other)),
      );
      const deny = denying(mesh, policy).find(({ spec }) => spec.rules?.some((other) => covers(other, rule)));
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
