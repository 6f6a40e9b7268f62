// The resources that are looked at for needs: a bounded number, those of the nearest namespace first.
import type { Mesh } from '../../../mesh/mesh.ts';
import type { Kind } from '../../../model/kinds.ts';
import type { Resource } from '../../../model/resource.ts';

/** An editor waits for the list: in a large mesh what is far away is left out. */
const mostResources = 400;

export function nearestOf<K extends Kind>(mesh: Mesh, kind: K, near: string | undefined): readonly Resource<K>[] {
  const own = near === undefined ? [] : mesh.inNamespace(kind, near);
  const found = own.slice(0, mostResources);
  for (const resource of mesh.all(kind)) {
    if (found.length >= mostResources) break;
    if (resource.namespace !== near) found.push(resource);
  }
  return found;
}
