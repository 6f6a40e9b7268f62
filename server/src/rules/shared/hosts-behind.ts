// The hosts of requests to which a policy applies.
import type { Mesh } from '../../mesh/mesh.ts';
import { isWaypointClass } from '../../mesh/binding/waypoint-gateway.ts';
import type { Resource } from '../../model/resource.ts';
import type { TargetRef } from '../../model/specs.ts';
import { hostsOfEntry } from '../../mesh/hosts/hosts-of-entry.ts';

type Policy = Resource<'AuthorizationPolicy'>;

/** Hosts of all that the policy is attached to; undefined where that is not known. One list for all policies of one waypoint. */
export function hostsBehind(mesh: Mesh, policy: Policy): readonly string[] | undefined {
  const lists = policy.spec.targetRefs.map((ref) => hostsOfTarget(mesh, policy, ref));
  const known = lists.filter((hosts) => hosts !== undefined);
  if (known.length < lists.length) return undefined;
  return known.length === 1 ? known[0] : known.flat();
}

function hostsOfTarget(mesh: Mesh, { namespace }: Policy, { kind, name }: TargetRef): readonly string[] | undefined {
  if (!name) return undefined;
  if (kind?.value === 'ServiceEntry') {
    const entries = mesh.named('ServiceEntry', namespace, name.value);
    return entries.length > 0 ? entries.flatMap(hostsOfEntry) : undefined;
  }
  return kind?.value === 'Gateway'
    ? mesh.derived(`hosts behind Gateway ${namespace}/${name.value}`, (view) =>
        hostsOfGateway(view, namespace, name.value),
      )
    : undefined;
}

function hostsOfGateway(mesh: Mesh, namespace: string, name: string): readonly string[] | undefined {
  const [gateway] = mesh.named('Gateway', namespace, name);
  if (!gateway || isWaypointClass(gateway, mesh.settings) !== true || !mesh.knows('ServiceEntry')) return undefined;
  const enrolled = mesh.enrolled(namespace, name);
  // Services and whole namespaces bring hosts that need not be here.
  if (enrolled.length === 0 || enrolled.some((object) => object.kind === 'Service')) return undefined;
  return enrolled.flatMap((object) =>
    object.kind === 'Namespace'
      ? mesh.inNamespace('ServiceEntry', object.name).flatMap(hostsOfEntry)
      : hostsOfEntry(object as Resource<'ServiceEntry'>),
  );
}
