// Resources of the same kind and name in other namespaces: where a reference without its namespace probably leads.
import { groupBy } from '../../base/group-by.ts';
import type { Mesh } from '../mesh.ts';
import type { Kind } from '../../model/kinds.ts';
import type { Resource } from '../../model/resource.ts';

export function namesakesOf<K extends Kind>(
  mesh: Mesh,
  kind: K,
  namespace: string,
  name: string,
): readonly Resource<K>[] {
  const all = mesh.derived(`${kind} by name`, (view) => groupBy(view.all(kind), (one) => one.name));
  return (all.get(name) ?? []).filter((one) => one.namespace !== namespace);
}
