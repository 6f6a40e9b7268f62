// The hosts of requests to which a policy applies.
import type { Mesh } from '../../mesh/mesh.ts';
import { isWaypointClass } from '../../mesh/binding/waypoint-gateway.ts';
import type { Resource } from '../../model/resource.ts';
import type { TargetRef } from '../../model/specs.ts';
import { hostsOfEntry } from '../../mesh/hosts/hosts-of-entry.ts';

type Policy = Resource<'AuthorizationPolicy'>;

/** Hosts of all that the policy is attached to; undefined where that is not known. */
export function hostsBehind(mesh: Mesh, policy: Policy): string[] | undefined {
  const found: string[] = [];
  for (const ref of policy.spec.targetRefs) {
    const hosts = hostsOfTarget(mesh, policy, ref);
    if (!hosts) return undefined;
    for (const host of hosts) found.push(host);
  }
  return found;
}

function hostsOfTarget(mesh: Mesh, { namespace }: Policy, { kind, name }: TargetRef): string[] | undefined {
  if (!name) return undefined;
  if (kind?.value === 'ServiceEntry') {
    const entries = mesh.named('ServiceEntry', namespace, name.value);
    return entries.length > 0 ? entries.flatMap(hostsOfEntry) : undefined;
  }
  const [gateway] = kind?.value === 'Gateway' ? mesh.named('Gateway', namespace, name.value) : [];
  if (!gateway || isWaypointClass(gateway, mesh.settings) !== true || !mesh.knows('ServiceEntry')) return undefined;
  const enrolled = mesh.enrolled(namespace, name.value);
  // Services and whole namespaces bring hosts that need not be here.
  if (enrolled.length === 0 || enrolled.some((object) => object.kind === 'Service')) return undefined;
  return enrolled.flatMap((object) =>
    object.kind === 'Namespace'
      ? mesh.inNamespace('ServiceEntry', object.name).flatMap(hostsOfEntry)
      : hostsOfEntry(object as Resource<'ServiceEntry'>),
  );
}
