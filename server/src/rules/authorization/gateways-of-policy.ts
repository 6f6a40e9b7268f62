// The egress gateways that enforce a policy, for rules about what it can match there.
import type { EgressGateway } from '../../mesh/clients/egress-gateway.ts';
import { egressGatewaysSelected } from '../../mesh/clients/gateways-of-pods.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';

type Policy = Resource<'AuthorizationPolicy'>;

/** Egress gateways whose pods the policy selects, whether they enforce it or not. */
export function gatewaysSelected(mesh: Mesh, { spec }: Policy): readonly EgressGateway[] {
  return spec.targetRefs.length > 0 ? [] : egressGatewaysSelected(mesh, spec.selector?.matchLabels ?? new Map());
}

/** A gateway reads policies of its own and of the root namespace. istio@86c9f01 pilot/pkg/model/authorization.go ListAuthorizationPolicies; server/docs/istio-semantics-classic.md §H.2. */
export function isEnforcedAt(mesh: Mesh, { namespace }: Policy, gateway: EgressGateway): boolean {
  return namespace === gateway.namespace || namespace === mesh.settings.rootNamespace;
}

/** Those that enforce the policy and whose servers the files show completely. */
export function gatewaysEnforcing(mesh: Mesh, policy: Policy): readonly EgressGateway[] {
  if (!mesh.knows('IstioGateway')) return [];
  return gatewaysSelected(mesh, policy).filter(
    (gateway) => gateway.possible.length === 0 && isEnforcedAt(mesh, policy, gateway),
  );
}

export function nameOfGateway({ namespace, name }: EgressGateway): string {
  return `egress gateway ${namespace}/${name}`;
}
