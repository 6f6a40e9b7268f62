// Fixes that attach a policy to its intended target.
import type { Resource } from '../../model/resource.ts';
import type { Change, Fix, Plain } from '../rule.ts';

/** A policy has a selector or targetRefs, never both. */
export function applyTo(policy: Resource<'AuthorizationPolicy'>, title: string, targetRefs: Plain): Fix {
  const selector: Change[] = policy.spec.selector ? [{ op: 'remove', in: policy, path: ['spec', 'selector'] }] : [];
  return {
    title,
    safety: 'unsafe',
    changes: [...selector, { op: 'set', in: policy, path: ['spec', 'targetRefs'], value: targetRefs }],
  };
}

export function applyToWaypoint(policy: Resource<'AuthorizationPolicy'>, name: string): Fix {
  return applyTo(policy, `Apply it to all hosts of waypoint ${name}`, [
    { group: 'gateway.networking.k8s.io', kind: 'Gateway', name },
  ]);
}
