import { actionOf } from '../../eval/authz/evaluate.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { neverMatching } from './never-matching-values.ts';
import { reachOf } from './reach.ts';
import { pathsOfValues } from './value-paths.ts';
import { bindingInputs } from '../shared/inputs.ts';

interface Data {
  readonly rule: number;
  /** Among the values of the rule; the same value may also stand where it does match. */
  readonly index: number;
  readonly suggestion: string | undefined;
}

export const policyNeverMatches = defineRule({
  id: 'policy-never-matches',
  stage: 'authorization',
  summary: 'A policy has a value that no request can match.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['AuthorizationPolicy'],
  inputs: bindingInputs,

  *check(policy, mesh): Iterable<RuleFinding<Data>> {
    if (isEmptyAllow(policy)) {
      const at = policy.spec.rulesKey ?? policy.at.spec;
      const finding = {
        at,
        message: `${describe(policy)} denies every request: an ALLOW policy without rules allows nothing.`,
        data: { rule: -1, index: -1, suggestion: undefined },
      };
      // Without a list, the policy may intend to deny by default.
      yield policy.spec.rulesKey ? finding : { ...finding, severity: 'information' };
    }
    const reach = reachOf(mesh, policy);
    for (const [rule, written] of (policy.spec.rules ?? []).entries()) {
      for (const { value, why, suggestion } of neverMatching(written, reach, mesh.settings)) {
        yield {
          at: value.span,
          message: `${value.value} never matches: ${why}.`,
          data: {
            rule,
            index: pathsOfValues(policy, rule).findIndex(({ span }) => span.start === value.span.start),
            suggestion,
          },
        };
      }
    }
  },

  *fixes({ rule, index, suggestion }, policy) {
    const path = pathsOfValues(policy, rule)[index]?.path;
    if (path && suggestion !== undefined)
      yield {
        title: `Replace with ${suggestion}`,
        // It lets requests in, or keeps them out.
        safety: 'unsafe',
        changes: [{ op: 'set', in: policy, path, value: suggestion }],
      };
  },
});

/** Without rules at all it is the known way to deny by default; an empty list, or an ALLOW that is spelt out, is not. */
function isEmptyAllow(policy: Resource<'AuthorizationPolicy'>): boolean {
  const { rules, rulesKey, action, targetRefs } = policy.spec;
  if (rules || actionOf(policy) !== 'ALLOW' || targetRefs.length === 0) return false;
  return Boolean(rulesKey ?? action);
}
