import type { Mesh } from '../../server/src/mesh/mesh.ts';
import type { Resource } from '../../server/src/model/resource.ts';

/** Age decides which entry of the namespace has the host, and so which of them is asked about. */
export function isShared(mesh: Mesh, { namespace }: Resource<'ServiceEntry'>, host: string): boolean {
  return mesh.hostOwners(host).filter(({ resource }) => resource.namespace === namespace).length > 1;
}
