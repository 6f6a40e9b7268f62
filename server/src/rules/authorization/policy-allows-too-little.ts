import type { Resource } from '../../model/resource.ts';
import { defineRule, type Change, type Plain } from '../rule.ts';
import { listOf, relatedTo } from '../shared/resource-lists.ts';
import { closedBy } from './closed-by.ts';
import { entriesNamed, entryRef, sourceOf } from './narrow.ts';
import { bindingInputs, targetingInputs } from '../shared/inputs.ts';

export const policyAllowsTooLittle = defineRule({
  id: 'policy-allows-too-little',
  stage: 'authorization',
  summary: 'An ALLOW policy for some hosts of a waypoint denies all its other hosts.',
  severity: 'information',
  since: '0.1.0',
  subjects: ['AuthorizationPolicy'],
  inputs: [...bindingInputs, ...targetingInputs],

  *check(policy, mesh) {
    for (const ref of policy.spec.targetRefs) {
      const closed = closedBy(mesh, policy, ref);
      if (closed.length === 0) continue;
      yield {
        at: ref.name?.span ?? ref.span,
        message: `Every request to ${listOf(closed)} is denied: this ALLOW policy is for the whole waypoint, and no rule allows them.`,
        related: relatedTo(closed, (name) => `Every request to ${name} is denied.`),
        data: { closed: closed.map(({ name, namespace }) => ({ name, namespace })) },
      };
    }
  },

  *fixes({ closed }, policy, mesh) {
    const owners = entriesNamed(mesh, policy);
    const isTaken = closed.some(
      ({ name, namespace }) =>
        namespace !== policy.namespace || mesh.named('AuthorizationPolicy', namespace, name).length > 0,
    );
    if (!owners || isTaken || closed.length > 3 || policy.listIndex !== undefined) return;
    const names = closed.map(({ name }) => name);
    const from = (policy.spec.rules ?? []).flatMap((rule) => rule.from.map(sourceOf));
    yield {
      title: `Apply it to ServiceEntry ${owners.join(', ')}, and allow the same clients to call ${names.join(', ')}`,
      safety: 'unsafe',
      changes: [
        { op: 'set', in: policy, path: ['spec', 'targetRefs'], value: owners.map(entryRef) },
        ...names.map(
          (name): Change => ({ op: 'append-document', after: policy, manifest: allowing(policy, name, from) }),
        ),
      ],
    };
  },
});

function allowing(
  { written, at, namespace }: Resource<'AuthorizationPolicy'>,
  name: string,
  from: readonly Plain[],
): Plain {
  return {
    apiVersion: written.apiVersion,
    kind: 'AuthorizationPolicy',
    metadata: at.namespace ? { name, namespace } : { name },
    spec: { targetRefs: [entryRef(name)], rules: [from.length > 0 ? { from } : {}] },
  };
}
