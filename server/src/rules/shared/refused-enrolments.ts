// The objects that name a waypoint and do not get it: what one fault of a Gateway costs.
import type { Mesh } from '../../mesh/mesh.ts';
import { bindWaypoint, type UnusableReason } from '../../mesh/binding/waypoint-binding.ts';
import { admits } from '../../mesh/binding/waypoint-gateway.ts';
import type { Resource } from '../../model/resource.ts';
import { useWaypoint } from '../../model/label-names.ts';

type Bound = Resource<'ServiceEntry'> | Resource<'Service'>;
type Gateway = Resource<'Gateway'>;

/** ServiceEntries and Services that name the Gateway but are not let in, and ServiceEntries of namespaces that name it. */
export function objectsNotAdmitted(mesh: Mesh, gateway: Gateway): readonly Bound[] {
  const namespaces = new Map<string, boolean>();
  const isAdmitted = (namespace: string) => {
    const known = namespaces.get(namespace) ?? admits(mesh, gateway, namespace) !== false;
    namespaces.set(namespace, known);
    return known;
  };
  return without(mesh, gateway, 'attachment-denied', isAdmitted);
}

/** The same if the Gateway is not a waypoint for services. */
export function objectsNotServed(mesh: Mesh, gateway: Gateway): readonly Bound[] {
  return without(mesh, gateway, 'traffic-type', () => false);
}

/** Namespaces that have no such trouble are not looked into, so that an edit there costs nothing here. */
function without(
  mesh: Mesh,
  gateway: Gateway,
  reason: UnusableReason,
  isFine: (namespace: string) => boolean,
): readonly Bound[] {
  const enrolled = mesh
    .enrolled(gateway.namespace, gateway.name)
    .filter((object) => !isFine(object.kind === 'Namespace' ? object.name : object.namespace));
  const named = enrolled.flatMap((object): readonly Bound[] =>
    object.kind === 'Namespace'
      ? mesh.inNamespace('ServiceEntry', object.name).filter(({ labels }) => !labels.has(useWaypoint))
      : [object],
  );
  return named.filter((object) => {
    const binding = bindWaypoint(mesh, object);
    return binding.state === 'unusable' && binding.reason === reason;
  });
}
