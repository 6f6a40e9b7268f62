import type { Mesh } from '../../../mesh/mesh.ts';
import type { Resource } from '../../../model/resource.ts';

/** Whether another manifest of the same object says something else: what a cluster holds is then not known, and `duplicate-resource` tells so. */
export function isContradicted(mesh: Mesh, resource: Resource): boolean {
  return mesh.named(resource.kind, resource.namespace, resource.name).some(({ digest }) => digest !== resource.digest);
}
