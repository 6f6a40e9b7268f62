import type { Field } from '../../model/field.ts';
import type { Resource } from '../../model/resource.ts';

/** Where a `use-waypoint` label stands. */
export interface WaypointLabel {
  readonly on: Resource<'ServiceEntry'> | Resource<'Service'> | Resource<'Namespace'>;
  readonly field: Field<string>;
  /** The Gateway that it names. */
  readonly namespace: string;
  readonly name: string;
}

/**
 * The object's own label, whatever it names. `use-waypoint-namespace` counts only beside it, and a Namespace's own name
 * is what it defaults to there. istio@86c9f01 pilot/pkg/serviceregistry/ambient/waypoints.go GetUseWaypoint.
 */
export function useWaypointOn(on: WaypointLabel['on']): WaypointLabel | undefined {
  const field = on.labels.get('istio.io/use-waypoint');
  if (!field) return undefined;
  const home = on.kind === 'Namespace' ? on.name : on.namespace;
  return { on, field, namespace: on.labels.get('istio.io/use-waypoint-namespace')?.value ?? home, name: field.value };
}
