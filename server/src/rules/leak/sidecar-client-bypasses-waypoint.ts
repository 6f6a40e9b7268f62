import { reachOf } from '../authorization/reach.ts';
import { workloadsMode } from '../../mesh/clients/data-plane.ts';
import { clientsNamed } from '../shared/named-clients.ts';
import { defineRule } from '../rule.ts';
import { bindingInputs } from '../shared/inputs.ts';

export const sidecarClientBypassesWaypoint = defineRule({
  id: 'sidecar-client-bypasses-waypoint',
  stage: 'leak',
  summary: 'A policy names clients with sidecars, whose traffic skips the waypoint.',
  severity: 'information',
  since: '0.1.0',
  subjects: ['AuthorizationPolicy'],
  inputs: [...bindingInputs, 'Pod', 'Workload'],

  *check(policy, mesh) {
    const clients = clientsNamed(policy);
    if (clients.length === 0 || reachOf(mesh, policy).entries.length === 0) return;
    for (const { namespace, field } of clients) {
      // istio/istio#57729: sidecars never send through a waypoint.
      if (workloadsMode(mesh, namespace) === 'sidecar')
        yield {
          at: field.span,
          message: `Traffic from namespace ${namespace} skips this policy: its pods have sidecars, which do not use waypoints.`,
          data: {},
        };
    }
  },
});
