// Computed facts of a resource as plain data: the result of Istio's rules for it among the other resources. All facts come from the mesh.
import type { Mesh } from '../../mesh/mesh.ts';
import type { AnyResource } from '../../model/resource.ts';
import { policyFacts, type PolicyFacts } from './authorization-policy.ts';
import { ruleFacts, type RuleFacts } from './destination-rule.ts';
import { gatewayFacts, namespaceFacts, type GatewayFacts, type NamespaceFacts } from './enrolment.ts';
import { entryFacts, type EntryFacts } from './service-entry.ts';

/** Of an object that the API server refuses there is nothing else to say. */
interface RefusedFacts {
  readonly kind: 'refused';
  readonly resource: AnyResource;
  readonly reason: string;
}

export type Facts = EntryFacts | RuleFacts | GatewayFacts | NamespaceFacts | PolicyFacts | RefusedFacts;

/** Undefined for kinds without facts, Gateways that are not waypoints and Namespaces without the label. */
export function factsOf(mesh: Mesh, resource: AnyResource): Facts | undefined {
  if (resource.refused) return { kind: 'refused', resource, reason: resource.refused.reason };
  switch (resource.kind) {
    case 'ServiceEntry':
      return entryFacts(mesh, resource);
    case 'DestinationRule':
      return ruleFacts(mesh, resource);
    case 'Gateway':
      return gatewayFacts(mesh, resource);
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
  return ['ServiceEntry', 'DestinationRule', 'Gateway', 'AuthorizationPolicy'].includes(resource.kind);
}
