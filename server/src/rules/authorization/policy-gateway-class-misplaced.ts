import { ownerOfClass } from '../../mesh/binding/gateway-class.ts';
import { since } from '../../mesh/settings.ts';
import type { FieldPath } from '../../base/field-path.ts';
import { describe } from '../../model/resource.ts';
import { pathOfTarget } from '../shared/policy-targets.ts';
import { defineRule, type RuleFinding } from '../rule.ts';

interface Data {
  /** What is to be set, and to what. */
  readonly path: FieldPath;
  readonly value: string;
}

export const policyGatewayClassMisplaced = defineRule({
  id: 'policy-gateway-class-misplaced',
  stage: 'authorization',
  summary:
    'A policy for a GatewayClass has no effect: it is not in the root namespace, or names a class other than istio-waypoint.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['AuthorizationPolicy'],
  inputs: ['GatewayClass'],

  *check(policy, mesh): Iterable<RuleFinding<Data>> {
    const { settings } = mesh;
    if (!since(settings, '1.25')) return;
    for (const ref of policy.spec.targetRefs) {
      const { group, kind, name } = ref;
      if (kind?.value !== 'GatewayClass' || group?.value !== 'gateway.networking.k8s.io' || !name) continue;
      // istio@86c9f01 pilot/pkg/model/policyattachment.go ShouldAttachPolicy.
      if (name.value !== 'istio-waypoint') {
        // Controllers of other vendors apply policies for their own classes; of a class that no file declares that is not known.
        const owner = ownerOfClass(mesh, name.value);
        if (owner === 'other-vendor') continue;
        const isOpen = owner === 'unknown' && !mesh.knows('GatewayClass');
        yield {
          at: name.span,
          message: `${describe(policy)} has no effect${isOpen ? ' unless another vendor applies it' : ''}: Istio applies policies only for the class istio-waypoint, not for class ${name.value}.`,
          data: { path: [...pathOfTarget(ref), 'name'], value: 'istio-waypoint' },
          ...(isOpen ? { severity: 'information' } : {}),
        };
      } else if (policy.namespace !== settings.rootNamespace) {
        yield {
          at: policy.at.namespace ?? policy.at.name,
          message: `${describe(policy)} has no effect: a policy for a GatewayClass must be in the root namespace ${settings.rootNamespace}, not in ${policy.namespace}.`,
          data: { path: ['metadata', 'namespace'], value: settings.rootNamespace },
        };
      }
    }
  },

  *fixes({ path, value }, policy) {
    // Other references are to objects beside it, which would be lost.
    if (path[0] === 'metadata' && policy.spec.targetRefs.length > 1) return;
    yield {
      title: path[0] === 'metadata' ? `Move it to namespace ${value}` : `Apply it to the class ${value}`,
      safety: 'unsafe',
      changes: [{ op: 'set', in: policy, path, value }],
    };
  },
});
