import { defineRule } from '../rule.ts';
import { listOf, relatedTo } from '../wording.ts';
import { closedBy } from './closed-by.ts';
import { reachInputs } from './reach.ts';

export const policyAllowsTooLittle = defineRule({
  id: 'policy-allows-too-little',
  stage: 'authorization',
  summary: 'A policy that allows some hosts of a waypoint closes all its other hosts.',
  severity: 'information',
  since: '0.1.0',
  subjects: ['AuthorizationPolicy'],
  inputs: [...reachInputs, 'AuthorizationPolicy', 'Telemetry', 'BackendTLSPolicy'],

  *check(policy, mesh) {
    for (const ref of policy.spec.targetRefs) {
      const closed = closedBy(mesh, policy, ref);
      if (closed.length === 0) continue;
      yield { at: ref.name?.span ?? ref.span, message: `No rule allows ${listOf(closed)}, which the whole waypoint's ALLOW then closes.`, related: relatedTo(closed, (name) => `${name} is denied to everybody.`), data: {} };
    }
  },
});
