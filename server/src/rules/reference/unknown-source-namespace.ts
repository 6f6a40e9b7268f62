import type { Mesh } from '../../mesh/mesh.ts';
import type { FieldPath } from '../../base/field-path.ts';
import type { Resource } from '../../model/resource.ts';
import { namespacePatternsOf, sourcesOf } from '../shared/policy-sources.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { inhabitants, isNamespaceKnown, showsOtherNamespaces } from '../shared/known-namespaces.ts';

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
      if (reported.has(namespace) || !showsOtherNamespaces(mesh, policy.namespace) || isNamespaceKnown(mesh, namespace))
        continue;
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
      !showsOtherNamespaces(mesh, policy.namespace) ||
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
