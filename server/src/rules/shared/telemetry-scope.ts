// How a Telemetry is attached. istio@86c9f01 pilot/pkg/model/telemetry.go applicableTelemetries.
import type { Mesh } from '../../mesh/mesh.ts';
import { namespaceWide, type Telemetry } from '../../mesh/telemetry/namespace-telemetries.ts';
import { waypointNamed } from './waypoint-objects.ts';

/** Whether one of those around it, from which it takes what it leaves out, names a provider: its namespace's and the mesh's. */
export function hasProviderAround(mesh: Mesh, telemetry: Telemetry): boolean {
  return [...new Set([mesh.settings.rootNamespace, telemetry.namespace])].some((namespace) =>
    mesh
      .derived(`telemetries with providers for all of ${namespace}`, (view) =>
        namespaceWide(view, namespace).filter(({ spec }) => namesProvider(spec.accessLogging)),
      )
      .some((other) => other.id !== telemetry.id),
  );
}

function namesProvider(items: Telemetry['spec']['accessLogging']): boolean {
  return items.some(({ providers }) => providers.length > 0);
}

/** Whether a waypoint applies it: by a reference to an entry or to a waypoint. */
export function isForWaypoint(mesh: Mesh, { spec, namespace }: Telemetry): boolean {
  return spec.targetRefs.some(
    ({ kind, name }) =>
      kind?.value === 'ServiceEntry' ||
      (kind?.value === 'Gateway' && name !== undefined && waypointNamed(mesh, namespace, name.value) !== undefined),
  );
}
