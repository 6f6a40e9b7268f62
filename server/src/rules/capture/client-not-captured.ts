import { describe } from '../../model/resource.ts';
import { reachInputs, reachOf } from '../authorization/reach.ts';
import { dataplaneOf } from '../dataplane.ts';
import { clientsNamed } from '../named-clients.ts';
import { dataplaneMode } from '../names.ts';
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
      if (dataplaneOf(mesh, namespace) !== 'none') continue;
      yield {
        at: field.span,
        message: `Pods of ${namespace} are not in ambient mode, so their traffic goes past the waypoint that this policy is for.`,
        related: mesh.named('Namespace', '', namespace).map((home) => ({ resource: home, at: home.at.name, message: `${describe(home)} has no label ${dataplaneMode}.` })),
        data: { namespace },
      };
    }
  },

  *fixes({ namespace }, _, mesh) {
    const [home] = mesh.named('Namespace', '', namespace);
    if (home) yield { title: `Put namespace ${namespace} into ambient mode`, safety: 'unsafe', changes: [{ op: 'set', in: home, path: ['metadata', 'labels', dataplaneMode], value: 'ambient' }] };
  },
});
