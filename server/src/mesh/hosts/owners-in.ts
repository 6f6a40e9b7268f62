import { groupBy } from '../../base/group-by.ts';
import type { Resource } from '../../model/resource.ts';
import { normalizeHost } from '../../names/hosts.ts';
import type { HostOwner, Mesh } from '../mesh.ts';

/** Those of one namespace that have exactly this host. */
export function entriesIn(mesh: Mesh, host: string, namespace: string): readonly Resource<'ServiceEntry'>[] {
  return (ownersByNamespace(mesh, host).get(namespace) ?? []).flatMap(({ resource }) =>
    resource.kind === 'ServiceEntry' ? [resource] : [],
  );
}

/** In the order of the mesh. */
export function ownersByNamespace(mesh: Mesh, host: string): ReadonlyMap<string, readonly HostOwner[]> {
  return mesh.derived(`owners of ${normalizeHost(host)}`, (view) =>
    groupBy(view.hostOwners(host), ({ resource }) => resource.namespace),
  );
}
