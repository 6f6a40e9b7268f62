// Computed facts of a resource as plain data: the result of Istio's rules for it among the other resources. All facts come from the mesh.
import type { Mesh } from '../../mesh/mesh.ts';
import type { AnyResource } from '../../model/resource.ts';
import { policyFacts, type PolicyFacts } from './authorization-policy.ts';
import { ruleFacts, type RuleFacts } from './destination-rule.ts';
import { egressGatewayFacts, isRoute, leadFacts, type EgressGatewayFacts, type LeadFacts } from './egress-gateway.ts';
import { gatewayFacts, namespaceFacts, type GatewayFacts, type NamespaceFacts } from './enrolment.ts';
import { entryFacts, type EntryFacts } from './service-entry.ts';

/** Of an object that the API server refuses there is nothing else to say. */
interface RefusedFacts {
  readonly kind: 'refused';
  readonly resource: AnyResource;
  readonly reason: string;
}

export type Facts =
  | EntryFacts
  | RuleFacts
  | GatewayFacts
  | EgressGatewayFacts
  | LeadFacts
  | NamespaceFacts
  | PolicyFacts
  | RefusedFacts;

/** Undefined for kinds without facts, Gateways and routes that are not for egress, and Namespaces without the label. */
export function factsOf(mesh: Mesh, resource: AnyResource): Facts | undefined {
  if (resource.refused) return { kind: 'refused', resource, reason: resource.refused.reason };
  if (isRoute(resource)) return leadFacts(mesh, resource);
  switch (resource.kind) {
    case 'ServiceEntry':
      return entryFacts(mesh, resource);
    case 'DestinationRule':
      return ruleFacts(mesh, resource);
    case 'Gateway':
      return gatewayFacts(mesh, resource) ?? egressGatewayFacts(mesh, resource);
    case 'IstioGateway':
      return egressGatewayFacts(mesh, resource);
    case 'Namespace':
      return namespaceFacts(mesh, resource);
    case 'AuthorizationPolicy':
      return policyFacts(mesh, resource);
    default:
      return undefined;
  }
}

/** Whether `factsOf` returns any: cheap, for features that only need the locations. */
export function mayHaveFacts(resource: AnyResource): boolean {
  if (resource.kind === 'Namespace') return resource.labels.has('istio.io/use-waypoint');
  const kinds = ['ServiceEntry', 'DestinationRule', 'Gateway', 'IstioGateway', 'AuthorizationPolicy'];
  return isRoute(resource) || kinds.includes(resource.kind);
}
