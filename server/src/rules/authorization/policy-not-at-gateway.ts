import { workloadsIn } from '../../mesh/clients/data-plane.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { defineRule } from '../rule.ts';
import { gatewaysSelected, isEnforcedAt, nameOfGateway } from './gateways-of-policy.ts';

type Policy = Resource<'AuthorizationPolicy'>;

export const policyNotAtGateway = defineRule({
  id: 'policy-not-at-gateway',
  stage: 'authorization',
  summary: "A policy for an egress gateway is not enforced, because it is not in the namespace of the gateway's pods.",
  severity: 'warning',
  since: '0.2.0',
  peers: ['IST0127', 'KIA0004'],
  subjects: ['AuthorizationPolicy'],
  inputs: ['ServiceEntry', 'IstioGateway', 'Gateway', 'GatewayClass', 'VirtualService', 'Service', 'Pod', 'Workload'],

  *check(policy, mesh) {
    const { selector } = policy.spec;
    const gateways = gatewaysSelected(mesh, policy);
    const [gateway] = gateways;
    if (!selector || !gateway || gateways.some((one) => isEnforcedAt(mesh, policy, one))) return;
    if (selectsOwnPods(mesh, policy)) return;
    yield {
      at: policy.at.name,
      message: `This policy is not enforced: ${nameOfGateway(gateway)}, which its selector means, reads policies of namespace ${gateway.namespace}${gateway.namespace === mesh.settings.rootNamespace ? '' : ` and of ${mesh.settings.rootNamespace}`}, and this one is in ${policy.namespace}.`,
      related: gateway.gateways.map((one) => ({
        resource: one,
        at: one.at.name,
        message: `${describe(one)} configures the pods.`,
      })),
      data: { namespace: gateway.namespace },
    };
  },

  *fixes({ namespace }, policy) {
    yield {
      title: `Move it to namespace ${namespace}`,
      safety: 'unsafe',
      changes: [{ op: 'set', in: policy, path: ['metadata', 'namespace'], value: namespace }],
    };
  },
});

/** Pods of the policy's own namespace with the labels, or a Service for them: it may be another gateway. */
function selectsOwnPods(mesh: Mesh, { namespace, spec }: Policy): boolean {
  const asked = [...(spec.selector?.matchLabels ?? [])];
  return (
    workloadsIn(mesh, namespace).some(({ spec: { labels } }) =>
      asked.every(([key, value]) => labels.get(key)?.value === value),
    ) ||
    mesh
      .inNamespace('Service', namespace)
      .some(({ spec: { selector } }) => selector && asked.some(([key, value]) => selector.get(key) === value))
  );
}
