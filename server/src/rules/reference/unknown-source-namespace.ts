import type { Kind } from '../../model/kinds.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import { sourcesOf } from '../policy-sources.ts';
import { defineRule } from '../rule.ts';

/** Any of these in a namespace shows that there is one, although no manifest makes it. */
const inhabitants = ['ServiceAccount', 'Workload', 'Pod', 'Service', 'ServiceEntry', 'Gateway'] as const satisfies readonly Kind[];

export const unknownSourceNamespace = defineRule({
  id: 'unknown-source-namespace',
  stage: 'reference',
  summary: 'A policy names a source namespace that does not exist.',
  severity: 'warning',
  since: '0.1.0',
  peers: ['IST0101', 'KIA0101'],
  subjects: ['AuthorizationPolicy'],
  inputs: ['Namespace', ...inhabitants],

  *check(policy, mesh) {
    const told = new Set<string>();
    for (const { field, namespace, path } of sourcesOf(policy)) {
      if (told.has(namespace) || !isDescribed(mesh, policy) || exists(mesh, namespace)) continue;
      told.add(namespace);
      yield {
        at: field.span,
        message: `No Namespace ${namespace} is declared, so ${field.value} is nobody.`,
        data: { namespace, path },
      };
    }
  },

  *fixes({ namespace }, policy, mesh) {
    const nearest = mesh.nearestName('Namespace', undefined, namespace);
    if (nearest === undefined) return;
    const changes = [...sourcesOf(policy)].filter((source) => source.namespace === namespace)
      .map(({ path, rewrite }) => ({ op: 'set', in: policy, path, value: rewrite({ namespace: nearest }) }) as const);
    yield { title: `Change the namespace to ${nearest}`, safety: 'unsafe', changes };
  },
});

/** A folder that declares the policy's own namespace alone says nothing of its clients'. */
function isDescribed(mesh: Mesh, policy: Resource<'AuthorizationPolicy'>): boolean {
  return mesh.knows('Namespace') && mesh.inNamespace('Namespace', '').some(({ name }) => name !== policy.namespace);
}

/** Namespaces that every cluster or every installation of Istio has are declared by nobody. */
function exists(mesh: Mesh, namespace: string): boolean {
  if (namespace === 'default' || /^(kube|istio|openshift)-/.test(namespace) || namespace === mesh.settings.rootNamespace) return true;
  if (mesh.named('Namespace', '', namespace).length > 0) return true;
  return inhabitants.some((kind) => mesh.inNamespace(kind, namespace).length > 0);
}
