import { clientMode } from '../../mesh/clients/client-mode.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { reachInputs, reachOf } from '../authorization/reach.ts';
import { clientsNamed } from '../shared/named-clients.ts';
import { dataplaneMode } from '../../model/label-names.ts';
import { defineRule } from '../rule.ts';

export const clientNotCaptured = defineRule({
  id: 'client-not-captured',
  stage: 'capture',
  summary: 'A policy names callers of a namespace that is not ambient, so they never come to the waypoint.',
  severity: 'information',
  since: '0.1.0',
  subjects: ['AuthorizationPolicy'],
  inputs: [...reachInputs, 'Pod', 'Workload'],

  *check(policy, mesh) {
    if (clientsNamed(policy).length === 0 || reachOf(mesh, policy).entries.length === 0) return;
    for (const { namespace, field } of clientsNamed(policy)) {
      if (!staysOutside(mesh, namespace)) continue;
      yield {
        at: field.span,
        message: `Pods of ${namespace} are not in ambient mode, so their traffic goes past the waypoint that this policy is for.`,
        related: mesh.named('Namespace', '', namespace).map((home) => ({
          resource: home,
          at: home.at.name,
          message: `${describe(home)} has no label ${dataplaneMode}.`,
        })),
        data: { namespace },
      };
    }
  },

  *fixes({ namespace }, _, mesh) {
    const [home] = mesh.named('Namespace', '', namespace);
    // Where the namespace is ambient already, its pods opt out.
    if (home && home.labels.get(dataplaneMode)?.value !== 'ambient')
      yield {
        title: `Put namespace ${namespace} into ambient mode`,
        safety: 'unsafe',
        changes: [{ op: 'set', in: home, path: ['metadata', 'labels', dataplaneMode], value: 'ambient' }],
      };
  },
});

/** None of its pods is captured; where no manifest shows pods, its own label has to say so. */
function staysOutside(mesh: Mesh, namespace: string): boolean {
  const pods: readonly Resource<'Pod' | 'Workload'>[] = [
    ...mesh.inNamespace('Pod', namespace),
    ...mesh.inNamespace('Workload', namespace),
  ];
  if (pods.length === 0 && !mesh.named('Namespace', '', namespace).some(({ labels }) => labels.has(dataplaneMode)))
    return false;
  const labels =
    pods.length > 0
      ? pods.map(({ spec }) => new Map([...spec.labels].map(([key, { value }]) => [key, value])))
      : [new Map<string, string>()];
  return labels.every((own) => {
    const mode = clientMode(mesh, namespace, own);
    return mode.mode === 'none' && mode.because !== 'system-namespace';
  });
}
