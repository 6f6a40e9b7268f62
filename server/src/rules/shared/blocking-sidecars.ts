// Sidecars that block what the mesh does not know.
import { namespacesJoining } from '../../mesh/clients/data-plane.ts';
import { outboundPolicy } from '../../mesh/clients/sidecar-scope.ts';
import { isExportedTo } from '../../mesh/hosts/visibility.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';

/** A namespace that sees the entry and whose sidecars have REGISTRY_ONLY, its own first; undefined if no file shows one. */
export function blockingNamespace(mesh: Mesh, entry: Resource<'ServiceEntry'>): string | undefined {
  const { all, first } = blockingNamespaces(mesh);
  const own = all.has(entry.namespace) ? [entry.namespace] : [];
  return [...own, ...first].find((namespace) => isExportedTo(mesh, entry, namespace));
}

/** Of more namespaces the others are alike as a rule. */
const mostNamespaces = 20;

interface Blocking {
  readonly all: ReadonlySet<string>;
  readonly first: readonly string[];
}

function blockingNamespaces(mesh: Mesh): Blocking {
  return mesh.derived('namespaces of sidecars with REGISTRY_ONLY', (view) => {
    const all = namespacesJoining(view, 'sidecar').filter((namespace) => {
      const policy = outboundPolicy(view, namespace);
      return policy.state === 'known' && policy.mode === 'REGISTRY_ONLY';
    });
    return { all: new Set(all), first: all.slice(0, mostNamespaces) };
  });
}
