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
  return mesh.derived(`policies at ${waypoint.id} for ${object.id}`, (view) =>
    attachedPolicies(view, waypoint, object),
  );
}

function attachedPolicies(
  mesh: Mesh,
  waypoint: Resource<'Gateway'>,
  object: Resource<'ServiceEntry'> | Resource<'Service'>,
): readonly Policy[] {
  const found = [
    ...mesh.targeting(object.kind, object.namespace, object.name),
    ...mesh.targeting('Gateway', waypoint.namespace, waypoint.name),
    ...(since(mesh.settings, '1.25')
      ? mesh
          .targeting('GatewayClass', '', 'istio-waypoint')
          .filter(({ namespace }) => namespace === mesh.settings.rootNamespace)
      : []),
  ].filter((one): one is Policy => one.kind === 'AuthorizationPolicy');
  return [...new Set(found)];
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
