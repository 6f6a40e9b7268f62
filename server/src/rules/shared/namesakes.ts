// Resources of the same kind and name in other namespaces: where a reference without its namespace probably leads.
import type { Mesh } from '../../mesh/mesh.ts';
import type { Kind } from '../../model/kinds.ts';
import type { Resource } from '../../model/resource.ts';

export function namesakesOf<K extends Kind>(
  mesh: Mesh,
  kind: K,
  namespace: string,
  name: string,
): readonly Resource<K>[] {
  const all = mesh.derived(`${kind} by name`, (view) => {
    const found = new Map<string, Resource<K>[]>();
    for (const one of view.all(kind)) {
      const same = found.get(one.name);
      if (same) same.push(one);
      else found.set(one.name, [one]);
    }
    return found;
  });
  return (all.get(name) ?? []).filter((one) => one.namespace !== namespace);
}
