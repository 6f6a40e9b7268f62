import { isWaypointClass } from '../../../mesh/binding/waypoint-gateway.ts';
import type { Mesh } from '../../../mesh/mesh.ts';

/** Names of the waypoints of a namespace. */
export function waypointsOf(mesh: Mesh, namespace: string): readonly string[] {
  return mesh
    .inNamespace('Gateway', namespace)
    .filter((gateway) => isWaypointClass(gateway, mesh.settings) === true)
    .map(({ name }) => name);
}

/** The first waypoint of the namespace, or a free name for one. */
export function waypointFor(mesh: Mesh, namespace: string): string {
  const [found] = waypointsOf(mesh, namespace);
  if (found !== undefined) return found;
  for (let n = 1; ; n++) {
    const name = n === 1 ? 'waypoint' : `waypoint-${n}`;
    const isTaken = (['Gateway', 'Service', 'Workload'] as const).some(
      (kind) => mesh.named(kind, namespace, name).length > 0,
    );
    if (!isTaken) return name;
  }
}
