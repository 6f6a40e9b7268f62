// The Telemetries that are for a whole namespace, or in the root namespace for the mesh.
import type { Resource } from '../../model/resource.ts';
import type { Mesh } from '../mesh.ts';

export type Telemetry = Resource<'Telemetry'>;

/** istio@86c9f01 pilot/pkg/model/telemetry.go namespaceWideTelemetryConfig. */
export function isNamespaceWide({ spec }: Telemetry): boolean {
  return spec.targetRefs.length === 0 && (spec.selector?.matchLabels.size ?? 0) === 0;
}

/** One list for all who ask: a namespace can have thousands of Telemetries. */
export function namespaceWide(mesh: Mesh, namespace: string): readonly Telemetry[] {
  return mesh.derived(`telemetries for all of ${namespace}`, (view) =>
    view.inNamespace('Telemetry', namespace).filter(isNamespaceWide),
  );
}
