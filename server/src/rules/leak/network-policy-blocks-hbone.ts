import { describe } from '../../model/resource.ts';
import { couldBeAmbient } from '../../mesh/clients/data-plane.ts';
import { blocksHbone } from '../../mesh/clients/hbone-policies.ts';
import { defineRule } from '../rule.ts';

const hbone = 15008;

export const networkPolicyBlocksHbone = defineRule({
  id: 'network-policy-blocks-hbone',
  stage: 'leak',
  summary:
    'A NetworkPolicy blocks the traffic of ambient pods: it allows some ports but not port 15008, which the mesh uses.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['NetworkPolicy'],
  inputs: ['NetworkPolicy', 'Namespace'],

  *check(policy, mesh) {
    if (!couldBeAmbient(mesh, policy.namespace)) return;
    for (const direction of ['ingress', 'egress'] as const) {
      if (!blocksHbone(mesh, policy, direction)) continue;
      yield {
        at: policy.at.name,
        message: `Traffic between ambient pods and waypoints is blocked: ${describe(policy)} does not allow port ${hbone} ${direction === 'ingress' ? 'in' : 'out'}.`,
        data: { direction },
      };
    }
  },

  *fixes({ direction }, policy) {
    const title = direction === 'ingress' ? `Allow port ${hbone} in` : `Allow port ${hbone} out`;
    yield {
      title,
      safety: 'unsafe',
      changes: [
        { op: 'append', in: policy, path: ['spec', direction], value: { ports: [{ protocol: 'TCP', port: hbone }] } },
      ],
    };
  },
});
