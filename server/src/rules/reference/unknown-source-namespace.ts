import type { Mesh } from '../../mesh/mesh.ts';
import type { FieldPath } from '../../base/field-path.ts';
import type { Kind } from '../../model/kinds.ts';
import type { Resource } from '../../model/resource.ts';
import { namespacePatternsOf, sourcesOf } from '../shared/policy-sources.ts';
import { defineRule, type RuleFinding } from '../rule.ts';

/** Any of these in a namespace shows that there is one, although no manifest makes it. */
const inhabitants = [
  'ServiceAccount',
  'Workload',
  'Pod',
  'Service',
  'ServiceEntry',
  'Gateway',
] as const satisfies readonly Kind[];

interface Data {
  readonly namespace: string;
  readonly path: FieldPath;
}

export const unknownSourceNamespace = defineRule({
  id: 'unknown-source-namespace',
  stage: 'reference',
  summary: 'A policy names a source namespace that does not exist, so no client matches it.',
  severity: 'warning',
  since: '0.1.0',
  peers: ['IST0101', 'KIA0101'],
  subjects: ['AuthorizationPolicy'],
  inputs: ['Namespace', ...inhabitants],

  *check(policy, mesh): Iterable<RuleFinding<Data>> {
    const reported = new Set<string>();
    for (const { field, namespace, path } of sourcesOf(policy)) {
      if (reported.has(namespace) || !isDescribed(mesh, policy) || exists(mesh, namespace)) continue;
      reported.add(namespace);
      yield {
        at: field.span,
        message: `${field.value} matches no workload: no Namespace ${namespace} in these files.`,
        data: { namespace, path },
      };
    }
    yield* patterns(policy, mesh);
  },

  *fixes({ namespace }, policy, mesh) {
    const nearest = mesh.nearestName('Namespace', undefined, namespace);
    if (nearest === undefined) return;
    const changes = [...sourcesOf(policy)]
      .filter((source) => source.namespace === namespace)
      .map(({ path, rewrite }) => ({ op: 'set', in: policy, path, value: rewrite({ namespace: nearest }) }) as const);
    yield { title: `Change the namespace to ${nearest}`, safety: 'unsafe', changes };
  },
});

/** A beginning or an end that no namespace of the folder has, where it shows its clients' namespaces at all. */
function* patterns(policy: Resource<'AuthorizationPolicy'>, mesh: Mesh): Iterable<RuleFinding<Data>> {
  for (const field of namespacePatternsOf(policy)) {
    if (
      !isDescribed(mesh, policy) ||
      everywhere.test(field.value) ||
      namesOf(mesh).some((name) => matchesEnd(field.value, name))
    )
      continue;
    yield {
      at: field.span,
      message: `${field.value} matches no workload: no Namespace in these files has such a name.`,
      data: { namespace: field.value, path: [] },
    };
  }
}

function namesOf(mesh: Mesh): readonly string[] {
  return ['default', mesh.settings.rootNamespace, ...mesh.inNamespace('Namespace', '').map(({ name }) => name)];
}

function matchesEnd(pattern: string, name: string): boolean {
  return pattern.startsWith('*') ? name.endsWith(pattern.slice(1)) : name.startsWith(pattern.slice(0, -1));
}

/** Ends that namespaces of every cluster may have: `kube-*`, `*-system`. */
const everywhere = /^(kube|istio|openshift)-|-system$/;

/** A folder that declares the policy's own namespace alone says nothing of its clients'. */
function isDescribed(mesh: Mesh, policy: Resource<'AuthorizationPolicy'>): boolean {
  const two = mesh.derived('two namespaces', (view) =>
    [...new Set(view.inNamespace('Namespace', '').map(({ name }) => name))].slice(0, 2),
  );
  return mesh.knows('Namespace') && two.some((name) => name !== policy.namespace);
}

/** Manifests usually do not declare the namespaces of every cluster and of every Istio installation. */
function exists(mesh: Mesh, namespace: string): boolean {
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
