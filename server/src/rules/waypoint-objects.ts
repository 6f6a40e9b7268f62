// What goes through a waypoint, for rules about what is attached to it.
import type { Mesh } from '../mesh/mesh.ts';
import { bindWaypoint } from '../mesh/waypoint-binding.ts';
import { isWaypointClass } from '../mesh/waypoint-gateway.ts';
import type { Resource } from '../model/resource.ts';

/** ServiceEntries that are bound to the Gateway, by their own label or their namespace's. */
export function entriesBehind(mesh: Mesh, gateway: Resource<'Gateway'>): Resource<'ServiceEntry'>[] {
  const named = mesh.enrolled(gateway.namespace, gateway.name).flatMap((object) =>
    (object.kind === 'Namespace' ? mesh.inNamespace('ServiceEntry', object.name) : object.kind === 'ServiceEntry' ? [object as Resource<'ServiceEntry'>] : []));
  return [...new Set(named)].filter((entry) => {
    const binding = bindWaypoint(mesh, entry);
    return binding.state === 'bound' && binding.gateway === gateway;
  });
}

/** The waypoint of that name; undefined where the Gateway is none, or another vendor's. */
export function waypointNamed(mesh: Mesh, namespace: string, name: string): Resource<'Gateway'> | undefined {
  return mesh.named('Gateway', namespace, name).find((gateway) => isWaypointClass(gateway, mesh.settings) === true);
}
