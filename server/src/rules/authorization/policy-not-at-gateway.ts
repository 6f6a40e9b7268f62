import { workloadsIn } from '../../mesh/clients/data-plane.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { misspeltLabel } from './misspelt-label.ts';
import { selectsOtherPods } from './other-pods.ts';
import { gatewaysSelected, isEnforcedAt, nameOfGateway } from './gateways-of-policy.ts';

type Policy = Resource<'AuthorizationPolicy'>;

type Data = { readonly namespace: string } | { readonly label: { readonly key: string; readonly meant: string } };

export const policyNotAtGateway = defineRule({
  id: 'policy-not-at-gateway',
  stage: 'authorization',
  summary:
    "A policy for an egress gateway is not enforced, because it is not in the namespace of the gateway's pods or its selector misspells their labels.",
  severity: 'warning',
  since: '0.2.0',
  peers: ['IST0127', 'KIA0004'],
  subjects: ['AuthorizationPolicy'],
  inputs: ['ServiceEntry', 'IstioGateway', 'Gateway', 'GatewayClass', 'VirtualService', 'Service', 'Pod', 'Workload'],

  *check(policy, mesh): Iterable<RuleFinding<Data>> {
    const { selector } = policy.spec;
    const gateways = gatewaysSelected(mesh, policy);
    const slip = gateways.length === 0 ? misspeltLabel(mesh, policy) : undefined;
    if (selector && slip) {
      const { gateway, key, value, meant } = slip;
      yield {
        at: selector.key,
        message: `This policy is not enforced: no pod of these files has ${key}: ${value}, and the pods of ${nameOfGateway(gateway)} have ${key}: ${meant}.`,
        related: [{ resource: slip.service, at: slip.service.at.name, message: 'This Service selects the pods.' }],
        data: { label: { key, meant } },
      };
      return;
    }
    const other = gateways.length === 0 ? selectsOtherPods(mesh, policy) : undefined;
    if (selector && other) {
      const { by, key, meant, host } = other;
      yield {
        severity: 'information',
        at: selector.key,
        message: `This policy is not enforced at ${nameOfGateway(other.gateway)}, through which requests to ${host} go: the pods that ${describe(by)} configures have ${key}: ${meant}.`,
        related: [{ resource: by, at: by.at.name, message: `${describe(by)} selects the pods.` }],
        data: { label: { key, meant } },
      };
      return;
    }
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

  *fixes(data, policy) {
    if ('label' in data) {
      const { key, meant } = data.label;
      yield {
        title: `Select ${key}: ${meant}`,
        safety: 'unsafe',
        changes: [{ op: 'set', in: policy, path: ['spec', 'selector', 'matchLabels', key], value: meant }],
      };
      return;
    }
    const { namespace } = data;
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
