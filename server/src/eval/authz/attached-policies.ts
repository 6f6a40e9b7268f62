// Which policies a waypoint enforces for a host: only those that name what they are for.
import type { Mesh } from '../../mesh/mesh.ts';
import { since } from '../../mesh/settings.ts';
import type { Resource } from '../../model/resource.ts';

type Policy = Resource<'AuthorizationPolicy'>;

/**
 * Policies of the object's namespace that name it, of the waypoint's that name the Gateway, and of the root namespace that
 * name the class. Each once. istio@86c9f01 pilot/pkg/model/policyattachment.go ShouldAttachPolicy; authorization.go ListAuthorizationPolicies.
 */
export function policiesAt(
  mesh: Mesh,
  waypoint: Resource<'Gateway'>,
  object: Resource<'ServiceEntry'> | Resource<'Service'>,
): readonly Policy[] {
  const forAll = policiesForAll(mesh, waypoint);
  const own = policiesNaming(mesh, object);
  return own.length === 0 ? forAll : [...new Set([...own, ...forAll])];
}

export function policiesNaming(mesh: Mesh, object: Resource<'ServiceEntry'> | Resource<'Service'>): readonly Policy[] {
  return mesh.targeting(object.kind, object.namespace, object.name).filter(isPolicy);
}

/** For whatever goes through the waypoint: one list for all of its objects, of which there can be as many as policies. */
export function policiesForAll(mesh: Mesh, waypoint: Resource<'Gateway'>): readonly Policy[] {
  return mesh.derived(`policies at ${waypoint.id}`, (view) => {
    const named = view.targeting('Gateway', waypoint.namespace, waypoint.name).filter(isPolicy);
    const ofClass = policiesOfClass(view);
    // What is made of the policies of the class is kept for the list: every namespace can have a waypoint.
    return named.length === 0 ? ofClass : [...new Set([...named, ...ofClass])];
  });
}

function policiesOfClass(mesh: Mesh): readonly Policy[] {
  const { settings } = mesh;
  if (!since(settings, '1.25')) return [];
  return mesh.derived('policies of the class of waypoints', (view) => [
    ...new Set(
      view
        .targeting('GatewayClass', '', 'istio-waypoint')
        .filter(isPolicy)
        .filter(({ namespace }) => namespace === settings.rootNamespace),
    ),
  ]);
}

function isPolicy(one: ReturnType<Mesh['targeting']>[number]): one is Policy {
  return one.kind === 'AuthorizationPolicy';
}

/** Whether policies that no file shows are ruled out there. */
export function areAllPoliciesKnown(
  mesh: Mesh,
  waypoint: Resource<'Gateway'>,
  object: Resource<'ServiceEntry'> | Resource<'Service'>,
): boolean {
  return [...new Set([object.namespace, waypoint.namespace, mesh.settings.rootNamespace])].every((namespace) =>
    mesh.knows('AuthorizationPolicy', namespace),
  );
}
