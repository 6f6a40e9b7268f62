import { actionOf, hasHttpConditions } from '../../eval/authz/evaluate.ts';
import { describe, type Resource } from '../../model/resource.ts';
import type { AuthorizationRule } from '../../model/specs.ts';
import { defineRule } from '../rule.ts';
import { relatedTo } from '../shared/resource-lists.ts';
import { httpFieldRepairs } from './http-field-repairs.ts';
import { isTcpChain, portsUnder, reachOf, type Reach } from './reach.ts';
import { bindingInputs } from '../shared/inputs.ts';

export const policyHttpFieldsOnTcp = defineRule({
  id: 'policy-http-fields-on-tcp',
  stage: 'authorization',
  summary:
    'A policy with HTTP fields allows nothing or denies too much on a port for which the waypoint sees only connections.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['AuthorizationPolicy'],
  inputs: bindingInputs,

  *check(policy, mesh) {
    const reach = reachOf(mesh, policy);
    for (const [index, rule] of (policy.spec.rules ?? []).entries()) {
      const entries = hasHttpConditions(rule) ? met(policy, rule, reach) : [];
      const [entry] = entries;
      if (!entry) continue;
      const port = portsUnder(rule, entry).find(isTcpChain)!;
      yield {
        at: [...rule.to, ...rule.when][0]?.span ?? rule.span,
        // istio@86c9f01 pilot/pkg/security/authz/model/model.go Generate (forTCP).
        message: `This rule ${actionOf(policy) === 'ALLOW' ? 'allows nothing' : 'matches without its HTTP conditions'} on port ${port.number!.value} of ${describe(entry)}: the waypoint sees no HTTP in ${port.protocol!.value}.`,
        related: relatedTo(entries, (name) => `The waypoint sees only connections of ${name}.`),
        data: { index },
      };
    }
  },

  fixes: ({ index }, policy, mesh) => httpFieldRepairs(policy, index, reachOf(mesh, policy).entries),
});

/** DENY rules deny more on any such port; ALLOW rules matter only if all ports are such ports. */
function met(
  policy: Resource<'AuthorizationPolicy'>,
  rule: AuthorizationRule,
  { entries, complete }: Reach,
): readonly Resource<'ServiceEntry'>[] {
  const ports = (entry: Resource<'ServiceEntry'>) => portsUnder(rule, entry);
  const onTcp = entries.filter((entry) => ports(entry).some(isTcpChain));
  if (actionOf(policy) === 'DENY') return onTcp;
  if (actionOf(policy) !== 'ALLOW' || !complete) return [];
  return entries.every((entry) => ports(entry).every(isTcpChain)) ? onTcp : [];
}
