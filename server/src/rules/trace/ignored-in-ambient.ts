// What has no effect for clients in ambient mode, beside a route of sidecars to an egress gateway. server/docs/istio-semantics-classic.md §J.2.
import { policiesAtPods } from '../../eval/authz/gateway-policies.ts';
import type { EgressGateway } from '../../mesh/clients/egress-gateway.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { gatewaysNamedBy } from '../../mesh/routes/gateway-servers.ts';
import { describe, type AnyResource, type Resource } from '../../model/resource.ts';
import type { Related } from '../rule.ts';
import type { Route } from '../shared/route-targets.ts';

/** More of one kind are alike. */
const mostOfKind = 3;

export function ignoredInAmbient(
  mesh: Mesh,
  lead: AnyResource<'VirtualService' | Route['kind']>,
  gateway: EgressGateway,
): readonly Related[] {
  const gateways: readonly Resource[] = gateway.managed ? [gateway.managed] : gatewaysOf(mesh, lead);
  const rules = mesh.destinationRulesAnywhere(gateway.host).filter(({ namespace }) => namespace === lead.namespace);
  const { policies } = policiesAtPods(mesh, gateway);
  return [
    ...told(gateways, (name) => `Ambient pods do not go to ${name}.`),
    ...told(mesh.inNamespace('Sidecar', lead.namespace), (name) => `Ambient pods ignore ${name}.`),
    ...told(rules, (name) => `Ambient pods do not use ${name}, which is for the way to the gateway.`),
    ...told(policies, (name) => `${name} is not enforced for requests that skip the gateway.`),
  ];
}

function told(resources: readonly Resource[], message: (name: string) => string): readonly Related[] {
  return resources
    .slice(0, mostOfKind)
    .map((one) => ({ resource: one, at: one.at.name, message: message(describe(one)) }));
}

function gatewaysOf(mesh: Mesh, lead: AnyResource<'VirtualService' | Route['kind']>): readonly Resource[] {
  return lead.kind === 'VirtualService' ? gatewaysNamedBy(mesh, lead) : [];
}
