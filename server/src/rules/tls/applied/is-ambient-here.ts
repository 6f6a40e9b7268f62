import type { Mesh } from '../../../mesh/mesh.ts';
import { isWaypointClass } from '../../../mesh/binding/waypoint-binding.ts';
import type { Resource } from '../../../model/resource.ts';
import { isAmbientNamespace } from '../../shared/intent.ts';

/** Whether pods of the entry's namespace are ambient, or a waypoint stands there. */
export function isAmbientHere(mesh: Mesh, entry: Resource<'ServiceEntry'>): boolean {
  return (
    isAmbientNamespace(mesh, entry.namespace) ||
    mesh.inNamespace('Gateway', entry.namespace).some((gateway) => isWaypointClass(gateway, mesh.settings))
  );
}
