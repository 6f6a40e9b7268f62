import { waypointsFor } from '../../mesh/binding/waypoint-binding.ts';
import { findTarget, pathOfTarget } from '../shared/policy-targets.ts';
import { defineRule } from '../rule.ts';
import { bindingInputs } from '../shared/inputs.ts';
import type { Mesh } from '../../mesh/mesh.ts';

export const unknownPolicyTarget = defineRule({
  id: 'unknown-policy-target',
  stage: 'reference',
  summary: 'A policy is not enforced, because its namespace has no resource that a `targetRefs` entry names.',
  severity: 'warning',
  since: '0.1.0',
  peers: ['IST0171'],
  subjects: ['AuthorizationPolicy', 'Telemetry'],
  inputs: bindingInputs,

  *check(policy, mesh) {
    for (const ref of policy.spec.targetRefs) {
      const target = findTarget(mesh, policy, ref);
      if (target.state !== 'missing') continue;
      const { kind, name } = target;
      const waypoints = kind === 'Gateway' ? waypointsFor(mesh, policy.namespace) : [];
      const namesake = waypoints.find((gateway) => gateway.name === name);
      const madeElsewhere = isMadeElsewhere(mesh, policy.namespace, kind, waypoints.length);
      const outcome = `${policy.written.kind} ${policy.name} is not applied`;
      const missing = `${kind} ${name} in namespace ${policy.namespace}`;
      const finding = {
        at: ref.name!.span,
        message: madeElsewhere
          ? `${outcome} unless the cluster has ${missing}: these files do not.`
          : `${outcome}: there is no ${missing}${namesake ? `, only in ${namesake.namespace}` : ' in these files'}.`,
        related: namesake
          ? [
              {
                resource: namesake,
                at: namesake.at.name,
                message: `Gateway ${namesake.namespace}/${name} uses only policies in its own namespace.`,
              },
            ]
          : [],
        data: { kind, name, path: [...pathOfTarget(ref), 'name'], namespace: namesake?.namespace },
      };
      yield madeElsewhere ? { ...finding, severity: 'information' } : finding;
    }
  },

  *fixes({ kind, name, path, namespace }, policy, mesh) {
    if (namespace !== undefined) {
      yield {
        title: `Move the policy to namespace ${namespace}`,
        safety: 'unsafe',
        changes: [{ op: 'set', in: policy, path: ['metadata', 'namespace'], value: namespace }],
      };
    }
    const nearest = mesh.nearestName(kind, policy.namespace, name);
    if (nearest !== undefined) {
      yield {
        title: `Change the name to ${nearest}`,
        safety: 'unsafe',
        changes: [{ op: 'set', in: policy, path, value: nearest }],
      };
    }
  },
});

/**
 * Where no manifest makes a waypoint, `istioctl waypoint apply` probably made them all. Policies without any ServiceEntry beside
 * them are often kept apart from the entries.
 */
function isMadeElsewhere(mesh: Mesh, namespace: string, kind: string, waypoints: number): boolean {
  if (kind === 'Gateway') return waypoints === 0;
  return kind === 'ServiceEntry' && mesh.inNamespace('ServiceEntry', namespace).length === 0;
}
