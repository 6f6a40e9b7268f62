import { isWaypointClass } from '../../mesh/binding/waypoint-binding.ts';
import { namespaceDataPlane, workloadsMode } from '../../mesh/clients/data-plane.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { reachOf } from '../authorization/reach.ts';
import { defineRule, type Related, type RuleFinding } from '../rule.ts';
import { mostTried, sidecarsElsewhere } from '../shared/clients-of-entry.ts';
import { bindingInputs, targetingInputs } from '../shared/inputs.ts';
import { clientsNamed, namedByPolicies } from '../shared/named-clients.ts';
import { entriesBehind } from '../shared/waypoint-objects.ts';

// istio/istio#57729: sidecars never send through a waypoint.
export const sidecarClientBypassesWaypoint = defineRule({
  id: 'sidecar-client-bypasses-waypoint',
  stage: 'leak',
  summary: 'Clients with sidecars skip a waypoint and its policies.',
  severity: 'information',
  since: '0.1.0',
  subjects: ['AuthorizationPolicy', 'Gateway'],
  inputs: [...bindingInputs, ...targetingInputs, 'Pod', 'Workload', 'Sidecar', 'DestinationRule', 'IstioGateway'],

  check: (subject, mesh) => (subject.kind === 'Gateway' ? aroundGateway(subject, mesh) : aroundPolicy(subject, mesh)),
});

function* aroundPolicy(policy: Resource<'AuthorizationPolicy'>, mesh: Mesh): Iterable<RuleFinding> {
  const clients = clientsNamed(policy);
  if (clients.length === 0 || reachOf(mesh, policy).entries.length === 0) return;
  for (const { namespace, field } of clients) {
    if (workloadsMode(mesh, namespace) === 'sidecar')
      yield {
        at: field.span,
        message: `Traffic from namespace ${namespace} skips this policy: its pods have sidecars, which do not use waypoints.`,
        data: {},
      };
  }
}

/** Once for each waypoint, with one host for all. Clients in a host's own namespace are reported at the host. */
function* aroundGateway(gateway: Resource<'Gateway'>, mesh: Mesh): Iterable<RuleFinding> {
  if (isWaypointClass(gateway, mesh.settings) !== true) return;
  for (const entry of entriesBehind(mesh, gateway).slice(0, mostTried)) {
    const named = namedByPolicies(mesh, gateway, entry);
    const namespace = sidecarsElsewhere(mesh, entry).find((one) => !named.has(one));
    if (namespace === undefined) continue;
    const { at } = namespaceDataPlane(mesh, namespace);
    const label: Related[] = at
      ? [
          {
            resource: at.resource,
            at: at.span,
            message: `Pods of namespace ${namespace} get sidecars because of this.`,
          },
        ]
      : [];
    yield {
      at: gateway.at.name,
      message: `Requests from namespace ${namespace} skip this waypoint and its policies, for example those to ${entry.spec.hosts[0]?.value ?? entry.name}: its pods have sidecars, which do not use waypoints.`,
      related: [
        ...label,
        { resource: entry, at: entry.at.name, message: `${describe(entry)} is bound to the waypoint.` },
      ],
      data: {},
    };
    return;
  }
}
