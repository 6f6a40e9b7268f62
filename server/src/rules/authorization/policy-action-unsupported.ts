import { policiesAt } from '../../eval/authz/attached-policies.ts';
import { actionOf } from '../../eval/authz/evaluate.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { couldBeAmbient } from '../../mesh/clients/data-plane.ts';
import { defineRule } from '../rule.ts';
import { guardsGateway } from './guards-gateway.ts';
import { egressIntent } from './egress-intent.ts';
import { reachOf } from './reach.ts';
import { bindingInputs, targetingInputs } from '../shared/inputs.ts';

type Policy = Resource<'AuthorizationPolicy'>;

export const policyActionUnsupported = defineRule({
  id: 'policy-action-unsupported',
  stage: 'authorization',
  summary:
    'An AUDIT or CUSTOM policy is ignored or denies every request, because Istio does not support the action there.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['AuthorizationPolicy'],
  isOfIstioWaypoints: true,
  inputs: [...bindingInputs, ...targetingInputs, 'Pod', 'Workload'],

  *check(policy, mesh) {
    const action = actionOf(policy);
    const at = policy.spec.action?.span;
    if (!at || (action !== 'AUDIT' && action !== 'CUSTOM')) return;
    // istio@86c9f01 pilot/pkg/serviceregistry/ambient/authorization.go convertAuthorizationPolicy.
    if (
      policy.spec.targetRefs.length === 0 &&
      couldBeAmbient(mesh, policy.namespace) &&
      !guardsGateway(policy) &&
      !egressIntent(policy, mesh)
    ) {
      yield {
        at,
        message: `${describe(policy)} is not enforced: ztunnel ignores action ${action}, and without targetRefs no waypoint applies it.`,
        data: {},
      };
    }
    const other = action === 'CUSTOM' ? otherProvider(mesh, policy) : undefined;
    if (other) {
      yield {
        at: policy.spec.provider?.span ?? at,
        message: `Istio denies every request that either CUSTOM policy matches: ${describe(other)} uses another provider, ${other.spec.provider!.value}, for the same host.`,
        related: [{ resource: other, at: other.spec.provider!.span, message: 'This is the other provider.' }],
        data: {},
      };
    }
  },
});

/** istio@86c9f01 pilot/pkg/security/authz/builder/builder.go getBadCustomDenyRules. Of a pair the later name reports. */
function otherProvider(mesh: Mesh, policy: Policy): Policy | undefined {
  const attached = reachOf(mesh, policy).entries.flatMap((entry) => {
    const binding = bindWaypoint(mesh, entry);
    return binding.state === 'bound' ? policiesAt(mesh, binding.gateway, entry) : [];
  });
  const own = policy.spec.provider?.value;
  return attached.find(
    (other) =>
      actionOf(other) === 'CUSTOM' &&
      other.spec.provider &&
      own !== undefined &&
      other.spec.provider.value !== own &&
      keyOf(other) < keyOf(policy),
  );
}

function keyOf({ namespace, name }: Policy): string {
  return `${namespace}/${name}`;
}
