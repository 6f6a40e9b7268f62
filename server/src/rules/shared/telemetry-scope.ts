// How a Telemetry is attached. istio@86c9f01 pilot/pkg/model/telemetry.go applicableTelemetries, namespaceWideTelemetryConfig.
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import { waypointNamed } from './waypoint-objects.ts';

export type Telemetry = Resource<'Telemetry'>;

/** True for one that is for its whole namespace, or in the root namespace for the mesh. */
export function isNamespaceWide({ spec }: Telemetry): boolean {
  return spec.targetRefs.length === 0 && (spec.selector?.matchLabels.size ?? 0) === 0;
}

/** What a Telemetry leaves out it takes from those around it: its namespace's and the mesh's. */
export function around(mesh: Mesh, telemetry: Telemetry): readonly Telemetry[] {
  const { rootNamespace } = mesh.settings;
  const wide = [...new Set([rootNamespace, telemetry.namespace])].flatMap((namespace) =>
    mesh.inNamespace('Telemetry', namespace),
  );
  return wide.filter((other) => other !== telemetry && isNamespaceWide(other));
}

/** Whether a waypoint applies it: by a reference to an entry or to a waypoint. */
export function isForWaypoint(mesh: Mesh, { spec, namespace }: Telemetry): boolean {
  return spec.targetRefs.some(
    ({ kind, name }) =>
      kind?.value === 'ServiceEntry' ||
      (kind?.value === 'Gateway' && name !== undefined && waypointNamed(mesh, namespace, name.value) !== undefined),
  );
}
