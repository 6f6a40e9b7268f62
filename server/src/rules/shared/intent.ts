// What the manifests show their author to mean. Rules that hold for ambient only ask here first, so that a mesh of
// sidecars is left alone.
import type { Mesh } from '../../mesh/mesh.ts';
import { couldBeAmbient } from '../../mesh/clients/data-plane.ts';
import { waypointLabelOf, type WaypointLabel } from '../../mesh/binding/waypoint-binding.ts';
import { isWaypointClass, trafficType } from '../../mesh/binding/waypoint-gateway.ts';
import { isHiddenFrom } from '../../mesh/hosts/visibility.ts';
import type { Resource } from '../../model/resource.ts';

/** The label that should bind the ServiceEntry to a waypoint, valid or not; undefined without a label or with `none`. */
export function intendedWaypoint(mesh: Mesh, entry: Resource<'ServiceEntry'>): WaypointLabel | undefined {
  const label = waypointLabelOf(mesh, entry);
  return label && label.name.toLowerCase() !== 'none' && label.name !== '' ? label : undefined;
}

/** Whether the ServiceEntry is intended for captured clients: it has a waypoint, or its namespace is ambient. */
export function isIntendedForAmbient(mesh: Mesh, entry: Resource<'ServiceEntry'>): boolean {
  if (isHiddenFromAll(mesh, entry)) return false;
  return intendedWaypoint(mesh, entry) !== undefined || couldBeAmbient(mesh, entry.namespace);
}

/** Whether pods of the entry's namespace are ambient, or a waypoint for services stands there. */
export function isAmbientHere(mesh: Mesh, entry: Resource<'ServiceEntry'>): boolean {
  if (isHiddenFromAll(mesh, entry)) return false;
  return couldBeAmbient(mesh, entry.namespace) || waypointBeside(mesh, entry) !== undefined;
}

/** Whether clients are ambient and no waypoint is named: to ztunnel bytes are bytes, whatever the protocol of a port says. */
export function isPassedOnByZtunnel(mesh: Mesh, entry: Resource<'ServiceEntry'>): boolean {
  return intendedWaypoint(mesh, entry) === undefined && isAmbientHere(mesh, entry);
}

/** The mesh settings keep the entry out of ambient mode, so to captured clients it is as if it were not there. */
export function isHiddenFromAll(mesh: Mesh, { namespace }: Resource<'ServiceEntry'>): boolean {
  return isHiddenFrom(mesh, namespace, namespace);
}

/** A waypoint for services in the entry's namespace. */
export function waypointBeside(mesh: Mesh, entry: Resource<'ServiceEntry'>): Resource<'Gateway'> | undefined {
  return mesh
    .inNamespace('Gateway', entry.namespace)
    .find(
      (gateway) =>
        isWaypointClass(gateway, mesh.settings) === true &&
        ['service', 'all'].includes(trafficType(mesh, gateway) ?? ''),
    );
}
