import { actionOf, isHttpOnly } from '../../eval/authz/evaluate.ts';
import { describe } from '../../model/resource.ts';
import { couldBeAmbient } from '../../mesh/clients/data-plane.ts';
import { defineRule } from '../rule.ts';
import { applyToWaypoint } from './apply-to.ts';
import { guardsGateway } from './guards-gateway.ts';
import { egressIntent, waypointsIn } from './egress-intent.ts';
import { bindingInputs } from '../shared/inputs.ts';

export const policyDenyHasNoEffect = defineRule({
  id: 'policy-deny-has-no-effect',
  stage: 'authorization',
  summary: 'A DENY policy of an ambient namespace uses only HTTP fields, so it denies nothing.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['AuthorizationPolicy'],
  inputs: [...bindingInputs, 'Pod', 'Workload'],

  *check(policy, mesh) {
    const { rules = [], targetRefs } = policy.spec;
    if (targetRefs.length > 0 || rules.length === 0 || actionOf(policy) !== 'DENY' || guardsGateway(policy)) return;
    // ztunnel leaves HTTP conditions out, and skips what is then empty. istio@86c9f01 pilot/pkg/serviceregistry/ambient/authorization.go convertAuthorizationPolicy.
    if (!rules.every(isHttpOnly) || !couldBeAmbient(mesh, policy.namespace) || egressIntent(policy, mesh)) return;
    yield {
      at: policy.spec.action?.span ?? policy.at.spec,
      message: `${describe(policy)} denies nothing: it uses only HTTP fields, which ztunnel cannot see, and without targetRefs no waypoint applies it.`,
      data: {},
    };
  },

  *fixes(_, policy, mesh) {
    for (const { name } of waypointsIn(mesh, policy.namespace)) yield applyToWaypoint(policy, name);
  },
});
