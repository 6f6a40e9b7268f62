// Sidecars that block what the mesh does not know.
import { namespacesJoining } from '../../mesh/clients/data-plane.ts';
import { outboundPolicy } from '../../mesh/clients/sidecar-scope.ts';
import { isExportedTo } from '../../mesh/hosts/visibility.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';

/** The first namespace that sees the entry and whose sidecars have REGISTRY_ONLY; undefined if no file shows one. */
export function blockingNamespace(mesh: Mesh, entry: Resource<'ServiceEntry'>): string | undefined {
  return namespacesJoining(mesh, 'sidecar').find((namespace) => {
    const policy = outboundPolicy(mesh, namespace);
    const isBlocking = policy.state === 'known' && policy.mode === 'REGISTRY_ONLY';
    return isBlocking && isExportedTo(mesh, entry, namespace);
  });
}
