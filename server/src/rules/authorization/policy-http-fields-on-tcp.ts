import { actionOf, hasHttpConditions } from '../../eval/authz/evaluate.ts';
import { describe, type Resource } from '../../model/resource.ts';
import type { AuthorizationRule } from '../../model/specs.ts';
import { defineRule } from '../rule.ts';
import { relatedTo } from '../shared/resource-lists.ts';
import { isTcpChain, portsUnder, reachInputs, reachOf, type Reach } from './reach.ts';

export const policyHttpFieldsOnTcp = defineRule({
  id: 'policy-http-fields-on-tcp',
  stage: 'authorization',
  summary: 'A policy judges requests where the waypoint sees connections only.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['AuthorizationPolicy'],
  inputs: reachInputs,

  *check(policy, mesh) {
    const reach = reachOf(mesh, policy);
    for (const rule of policy.spec.rules ?? []) {
      const entries = hasHttpConditions(rule) ? met(policy, rule, reach) : [];
      const [entry] = entries;
      if (!entry) continue;
      const port = portsUnder(rule, entry).find(isTcpChain)!;
      yield {
        at: [...rule.to, ...rule.when][0]?.span ?? rule.span,
        // istio@86c9f01 pilot/pkg/security/authz/model/model.go Generate (forTCP).
        message: `Port ${port.number!.value} of ${describe(entry)} carries ${port.protocol!.value}, where requests cannot be seen: ${actionOf(policy) === 'ALLOW' ? 'this rule allows nothing there' : 'this rule matches there without its HTTP conditions'}.`,
        related: relatedTo(entries, (name) => `${name} is judged by connection.`),
        data: {},
      };
    }
  },
});

/** What is denied widens on any such port; what is allowed matters where there is no other. */
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
