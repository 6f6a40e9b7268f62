import type { Mesh } from '../../../mesh/mesh.ts';
import type { Resource } from '../../../model/resource.ts';

/** Whether another manifest of the same object differs: the cluster's version is then unknown, and `duplicate-resource` reports it. */
export function isContradicted(mesh: Mesh, resource: Resource): boolean {
  return mesh.named(resource.kind, resource.namespace, resource.name).some(({ digest }) => digest !== resource.digest);
}
