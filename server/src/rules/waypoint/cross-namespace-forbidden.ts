import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import { describe } from '../../model/resource.ts';
import { defineRule } from '../rule.ts';
import { intendedWaypoint, isHiddenFromAll } from '../shared/intent.ts';

export const crossNamespaceForbidden = defineRule({
  id: 'cross-namespace-forbidden',
  stage: 'waypoint',
  summary: 'Traffic skips the waypoint, because mesh settings limit who sees the ServiceEntry that names it.',
  severity: 'warning',
  since: '0.1.0',
  peers: ['IST0171'],
  subjects: ['ServiceEntry'],
  inputs: ['Namespace', 'Gateway', 'GatewayClass'],

  *check(entry, mesh) {
    const intended = intendedWaypoint(mesh, entry);
    if (intended && isHiddenFromAll(mesh, entry))
      yield {
        at: intended.on.id === entry.id ? intended.field.span : entry.at.name,
        message: `Traffic skips the waypoint: the mesh configuration makes ServiceEntries of ${entry.namespace} visible to no client in ambient mode.`,
        data: {},
      };
    const binding = bindWaypoint(mesh, entry);
    if (binding.state !== 'unusable' || binding.reason !== 'cross-namespace' || !binding.gateway) return;
    const { label, gateway } = binding;
    // istio@86c9f01 pilot/pkg/serviceregistry/ambient/waypoints.go fetchWaypointForService.
    yield {
      at: label.on.id === entry.id ? label.field.span : entry.at.name,
      message: `Traffic skips the waypoint: the mesh configuration makes ServiceEntries of ${entry.namespace} visible only there, so they cannot use ${describe(gateway)}.`,
      related: [{ resource: gateway, at: gateway.at.name, message: 'This waypoint is in another namespace.' }],
      data: {},
    };
  },
});
