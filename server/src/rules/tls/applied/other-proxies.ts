import { couldHaveSidecars } from '../../../mesh/clients/data-plane.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import { isWaypointClass } from '../../../mesh/binding/waypoint-binding.ts';
import type { Resource } from '../../../model/resource.ts';

/**
 * Whether proxies of another sort may apply the rule: sidecars and gateways look in their own namespace first.
 * istio@86c9f01 pilot/pkg/model/push_context.go destinationRule.
 */
export function isForOtherProxies(mesh: Mesh, rule: Resource<'DestinationRule'>): boolean {
  return (
    couldHaveSidecars(mesh, rule.namespace) ||
    mesh.inNamespace('IstioGateway', rule.namespace).length > 0 ||
    mesh.inNamespace('Gateway', rule.namespace).some((gateway) => isWaypointClass(gateway, mesh.settings) === false)
  );
}
