import { since } from '../../mesh/settings.ts';
import { describe } from '../../model/resource.ts';
import { defineRule } from '../rule.ts';

export const policyGatewayClassMisplaced = defineRule({
  id: 'policy-gateway-class-misplaced',
  stage: 'authorization',
  summary: 'A policy for a GatewayClass is outside the root namespace, or names another class than istio-waypoint.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['AuthorizationPolicy'],
  inputs: [],

  *check(policy, { settings }) {
    if (!since(settings, '1.25')) return;
    for (const { group, kind, name } of policy.spec.targetRefs) {
      if (kind?.value !== 'GatewayClass' || group?.value !== 'gateway.networking.k8s.io' || !name) continue;
      // istio@86c9f01 pilot/pkg/model/policyattachment.go ShouldAttachPolicy.
      if (name.value !== 'istio-waypoint') yield { at: name.span, message: `Policies apply to the class istio-waypoint only: for ${name.value} ${describe(policy)} does nothing.`, data: {} };
      else if (policy.namespace !== settings.rootNamespace) {
        yield { at: policy.at.namespace ?? policy.at.name, message: `A policy for a GatewayClass applies in the root namespace ${settings.rootNamespace} only: in ${policy.namespace} it does nothing.`, data: {} };
      }
    }
  },
});
