import { findTarget, pathOfTarget } from '../shared/policy-targets.ts';
import { defineRule } from '../rule.ts';
import { listOf, relatedTo } from '../shared/resource-lists.ts';

export const policyTargetIsHost = defineRule({
  id: 'policy-target-is-host',
  stage: 'reference',
  summary:
    "A policy is not enforced, because its `targetRefs` name a host instead of the ServiceEntry's `metadata.name`.",
  severity: 'warning',
  since: '0.1.0',
  subjects: ['AuthorizationPolicy', 'Telemetry', 'BackendTLSPolicy'],
  inputs: ['ServiceEntry', 'Service', 'Gateway'],

  *check(policy, mesh) {
    for (const ref of policy.spec.targetRefs) {
      const target = findTarget(mesh, policy, ref);
      if (target.state !== 'host') continue;
      const own = target.owners.filter(({ namespace }) => namespace === policy.namespace);
      const owners = own.length > 0 ? own : target.owners;
      yield {
        at: ref.name!.span,
        message: `The policy is not applied: ${target.name} is a host of ${listOf(owners)}, and targetRefs needs the metadata.name of a resource in the policy's namespace.`,
        related: relatedTo(owners, (name) => `${name} has this host.`),
        data: { path: [...pathOfTarget(ref), 'name'], names: own.map(({ name }) => name) },
      };
    }
  },

  *fixes({ path, names }, policy) {
    for (const name of names) {
      yield {
        title: `Target ServiceEntry ${name}`,
        // The policy comes into force.
        safety: 'unsafe',
        changes: [{ op: 'set', in: policy, path, value: name }],
      };
    }
  },
});
