import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { reachOf } from './reach.ts';
import { pathsOfValues } from './value-paths.ts';
import { bindingInputs } from '../shared/inputs.ts';

interface Data {
  readonly rule: number;
  readonly value: string;
}

const fields: readonly string[] = ['serviceAccounts', 'source.serviceAccount'];

export const policyBareServiceAccount = defineRule({
  id: 'policy-bare-service-account',
  stage: 'authorization',
  summary:
    "A policy matches none of its clients: a service account without a namespace means the policy's own namespace, which has no workloads.",
  severity: 'warning',
  since: '0.1.0',
  subjects: ['AuthorizationPolicy'],
  inputs: [...bindingInputs, 'ServiceAccount', 'Pod', 'Workload'],

  *check(policy, mesh): Iterable<RuleFinding<Data>> {
    for (const [rule, { from, when }] of (policy.spec.rules ?? []).entries()) {
      const listed = from.flatMap((part) =>
        part.fields.filter(({ name }) => fields.includes(name)).flatMap(({ values }) => values),
      );
      const inConditions = when.filter(({ key }) => fields.includes(key?.value ?? '')).flatMap(({ values }) => values);
      const bare = [...listed, ...inConditions].filter(({ value }) => value !== '' && !value.includes('/'));
      if (bare.length === 0 || reachOf(mesh, policy).entries.length === 0 || runsSomething(mesh, policy)) continue;
      for (const { value, span } of bare) {
        if (mesh.named('ServiceAccount', policy.namespace, value).length > 0) continue;
        // istio@86c9f01 pilot/pkg/security/authz/model/generator.go serviceAccountRegex.
        yield {
          at: span,
          message: `${value} matches no workload: without a namespace it means ${policy.namespace}/${value}, and ${policy.namespace} has no workloads in these files.`,
          data: { rule, value },
        };
      }
    }
  },

  *fixes({ rule, value }, policy, mesh) {
    const found = pathsOfValues(policy, rule).find((one) => fields.includes(one.field) && one.value === value);
    for (const namespace of found ? homesOf(mesh, value).slice(0, 3) : []) {
      yield {
        title: `Replace with ${namespace}/${value}`,
        safety: 'unsafe',
        changes: [{ op: 'set', in: policy, path: found!.path, value: `${namespace}/${value}` }],
      };
    }
  },
});

function runsSomething(mesh: Mesh, { namespace }: Resource<'AuthorizationPolicy'>): boolean {
  return mesh.inNamespace('Pod', namespace).length > 0 || mesh.inNamespace('Workload', namespace).length > 0;
}

function homesOf(mesh: Mesh, account: string): readonly string[] {
  return [
    ...new Set(
      mesh
        .all('ServiceAccount')
        .filter(({ name }) => name === account)
        .map(({ namespace }) => namespace),
    ),
  ].sort();
}
