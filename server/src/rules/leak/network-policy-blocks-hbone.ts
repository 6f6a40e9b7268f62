import { describe } from '../../model/resource.ts';
import { couldBeAmbient } from '../../mesh/clients/data-plane.ts';
import { blocksHbone, misaimed, type Direction } from '../../mesh/clients/hbone-policies.ts';
import { gatewayName } from '../../model/label-names.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { relatedTo } from '../shared/resource-lists.ts';

type Data =
  | { readonly direction: Direction }
  | { readonly rule: number; readonly peer: number; readonly waypoint: string };

const hbone = 15008;

export const networkPolicyBlocksHbone = defineRule({
  id: 'network-policy-blocks-hbone',
  stage: 'leak',
  summary:
    'A NetworkPolicy blocks the traffic of ambient pods: it does not allow port 15008, which the mesh uses, or only to other pods than those of the waypoint.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['NetworkPolicy'],
  inputs: ['NetworkPolicy', 'Namespace', 'Gateway'],

  *check(policy, mesh): Iterable<RuleFinding<Data>> {
    if (!couldBeAmbient(mesh, policy.namespace)) return;
    for (const direction of ['ingress', 'egress'] as const) {
      if (!blocksHbone(mesh, policy, direction)) continue;
      yield {
        at: policy.at.name,
        message: `Traffic between ambient pods and waypoints is blocked: ${describe(policy)} does not allow port ${hbone} ${direction === 'ingress' ? 'in' : 'out'}.`,
        data: { direction },
      };
    }
    for (const { rule, peer, waypoints } of misaimed(mesh, policy)) {
      const [waypoint] = waypoints;
      yield {
        at: policy.spec.egress![rule]!.peers![peer]!.span,
        message: `Connections to ${describe(waypoint!)} are blocked: its pods do not have these labels, but ${gatewayName}: ${waypoint!.name}.`,
        related: relatedTo(waypoints, (name) => `These are not the labels of the pods of ${name}.`),
        data: { rule, peer, waypoint: waypoint!.name },
      };
    }
  },

  *fixes(data, policy) {
    if ('waypoint' in data) {
      yield {
        title: `Allow the pods of ${data.waypoint}`,
        safety: 'unsafe',
        changes: [
          {
            op: 'set',
            in: policy,
            path: ['spec', 'egress', data.rule, 'to', data.peer, 'podSelector'],
            value: { matchLabels: { [gatewayName]: data.waypoint } },
          },
        ],
      };
      return;
    }
    const { direction } = data;
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
