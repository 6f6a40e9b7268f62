// The waypoint that a label names and that no file has, as a fix or a template writes it.
import { useWaypointOn, type WaypointLabel } from '../../mesh/binding/use-waypoint.ts';
import { visibilityOf } from '../../mesh/hosts/visibility.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { AnyResource } from '../../model/resource.ts';
import type { Plain } from '../rule.ts';
import { waypointManifest } from './written-manifests.ts';

export type Labelled = AnyResource<'ServiceEntry' | 'Service' | 'Namespace'>;

/** The label of an object that names a Gateway that these files surely lack. */
export function labelWithoutWaypoint(mesh: Mesh, object: Labelled): WaypointLabel | undefined {
  const label = useWaypointOn(object);
  // `use-waypoint-misplaced` is about these.
  if (!label || label.name === '' || label.name.toLowerCase() === 'none') return undefined;
  const isThere = mesh.named('Gateway', label.namespace, label.name).length > 0;
  return isThere || !mesh.knows('Gateway', label.namespace) ? undefined : label;
}

/** A waypoint of that name that admits all objects that name it; undefined where it would not serve this one. */
export function missingWaypoint(
  mesh: Mesh,
  object: Labelled,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Plain | undefined {
  const own = namespaceOf(object);
  // A namespace that istiod does not watch cannot use a waypoint, and a ServiceEntry that only its namespace sees cannot use a waypoint of another one.
  if (namespace !== own && (mesh.settings.discoverySelectors?.length ?? 0) > 0) return undefined;
  if (namespace !== own && visibilityOf(mesh, own) !== 'PUBLIC') return undefined;
  // Istio does not create a waypoint with the name of an existing Service. istio@86c9f01 pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go canManage.
  if (mesh.named('Service', namespace, name).length > 0) return undefined;
  // All that name it are let in, not this one alone.
  const users = mesh.enrolled(namespace, name).map(namespaceOf);
  return waypointManifest(name, namespace, [...new Set([own, ...users])].sort());
}

export function namespaceOf(object: Labelled): string {
  return object.kind === 'Namespace' ? object.name : object.namespace;
}
