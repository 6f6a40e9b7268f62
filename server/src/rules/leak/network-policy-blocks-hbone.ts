import type { Mesh } from '../../mesh/mesh.ts';
import { describe, type Resource } from '../../model/resource.ts';
import type { NetworkPolicyRule } from '../../model/specs.ts';
import { couldBeAmbient } from '../../mesh/clients/data-plane.ts';
import { defineRule } from '../rule.ts';

type Policy = Resource<'NetworkPolicy'>;
type Direction = 'ingress' | 'egress';

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
      if (!namesPorts(policy, direction) || letsThrough(mesh, policy, direction)) continue;
      // The network sees HBONE on 15008, whatever port the client dials. istio.io: Ambient mode, Use NetworkPolicy.
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

/** A policy that denies everything is usually completed by others that allow traffic. */
function namesPorts({ spec }: Policy, direction: Direction): boolean {
  return (
    (spec[direction]?.length ?? 0) > 0 &&
    spec[direction]!.some(({ ports }) => ports !== undefined && ports.some(({ port }) => port !== 53 && port !== 'dns'))
  );
}

/** Policies add up. Which pods each of them picks is not compared: another that opens the port shows that it was thought of. */
function letsThrough(mesh: Mesh, policy: Policy, direction: Direction): boolean {
  return mesh.inNamespace('NetworkPolicy', policy.namespace).some(({ spec }) => spec[direction]?.some(opens) ?? false);
}

function opens({ ports }: NetworkPolicyRule): boolean {
  return (
    ports === undefined ||
    ports.some(
      ({ port, endPort, protocol }) =>
        (protocol ?? 'TCP') === 'TCP' &&
        (port === undefined ||
          (typeof port === 'number'
            ? port <= hbone && hbone <= (endPort ?? port)
            : !/^\d+$/.test(port) && /hbone/i.test(port))),
    )
  );
}
