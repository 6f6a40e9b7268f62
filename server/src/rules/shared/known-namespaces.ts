// Whether a namespace is there, for rules that report names of namespaces that lead nowhere.
import type { Mesh } from '../../mesh/mesh.ts';
import type { Kind } from '../../model/kinds.ts';

/** Any of these in a namespace shows that there is one, although no manifest makes it. */
export const inhabitants = [
  'ServiceAccount',
  'Workload',
  'Pod',
  'Service',
  'ServiceEntry',
  'Gateway',
] as const satisfies readonly Kind[];

/** Manifests usually do not declare the namespaces of every cluster and of every Istio installation. */
export function isNamespaceKnown(mesh: Mesh, namespace: string): boolean {
  if (
    namespace === 'default' ||
    /^(kube|istio|openshift)-/.test(namespace) ||
    namespace === mesh.settings.rootNamespace
  )
    return true;
  if (mesh.named('Namespace', '', namespace).length > 0) return true;
  return mesh.derived(`is inhabited ${namespace}`, (view) =>
    inhabitants.some((kind) => view.inNamespace(kind, namespace).length > 0),
  );
}

/** A folder that declares one namespace alone says nothing of others. */
export function showsOtherNamespaces(mesh: Mesh, than: string): boolean {
  const two = mesh.derived('two namespaces', (view) =>
    [...new Set(view.inNamespace('Namespace', '').map(({ name }) => name))].slice(0, 2),
  );
  return mesh.knows('Namespace') && two.some((name) => name !== than);
}
