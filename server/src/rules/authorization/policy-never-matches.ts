import { actionOf } from '../../eval/authz/evaluate.ts';
import type { Field } from '../../model/field.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { neverMatching } from './never-matching-values.ts';
import { gatewaysEnforcing } from './gateways-of-policy.ts';
import { neverMatchingAt } from './never-matching-at-gateway.ts';
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
  inputs: [...bindingInputs, 'IstioGateway', 'VirtualService', 'Pod', 'Workload'],

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
    const gateways = gatewaysEnforcing(mesh, policy);
    for (const [rule, written] of (policy.spec.rules ?? []).entries()) {
      for (const { value, why, suggestion } of neverMatching(written, reach, mesh.settings))
        yield findingOf(policy, rule, value, why, suggestion);
      for (const { value, why, suggestion, isCertain } of neverMatchingAt(gateways, written)) {
        const finding = findingOf(policy, rule, value, why, suggestion);
        yield isCertain ? finding : { ...finding, severity: 'information' };
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

function findingOf(
  policy: Resource<'AuthorizationPolicy'>,
  rule: number,
  { value, span }: Field<string>,
  why: string,
  suggestion: string | undefined,
): RuleFinding<Data> {
  const index = pathsOfValues(policy, rule).findIndex((one) => one.span.start === span.start);
  return { at: span, message: `${value} never matches: ${why}.`, data: { rule, index, suggestion } };
}

/** Without rules at all it is the known way to deny by default; an empty list, or an ALLOW that is spelt out, is not. */
function isEmptyAllow(policy: Resource<'AuthorizationPolicy'>): boolean {
  const { rules, rulesKey, action, targetRefs } = policy.spec;
  if (rules || actionOf(policy) !== 'ALLOW' || targetRefs.length === 0) return false;
  return Boolean(rulesKey ?? action);
}
