// What leads to an egress gateway and what configures it: the facts of a route, and of a Gateway whose pods routes name.
import { firstOfEach } from '../../base/first-of-each.ts';
import type { EgressGateway } from '../../mesh/clients/egress-gateway.ts';
import { egressGatewayAt } from '../../mesh/clients/egress-gateway.ts';
import { egressGatewaysOf } from '../../mesh/clients/gateways-of-pods.ts';
import { hostOfGateway, isManaged } from '../../mesh/clients/managed-gateway.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { AnyResource, Resource } from '../../model/resource.ts';
import { fullHost } from '../../names/hosts.ts';
import { routeKinds, type Route } from '../../rules/shared/route-targets.ts';
import { routesToEgressGateway } from '../../rules/shared/routes-to-egress-gateway.ts';
import { gatewayCallers, type GatewayCallers } from './service-entry.ts';
import { waysOfRoute, waysOfService, type SidecarWay } from './sidecar-ways.ts';

/** Of a route that sends requests for outside hosts to an egress gateway. */
export interface LeadFacts {
  readonly kind: 'lead';
  readonly route: Resource;
  /** One for each rule and port. */
  readonly ways: readonly SidecarWay[];
}

/** Of a Gateway of either API. */
export interface EgressGatewayFacts {
  readonly kind: 'egress-gateway';
  readonly resource: Resource<'IstioGateway'> | Resource<'Gateway'>;
  readonly gateways: readonly GatewayCallers[];
}

/** Undefined for routes that lead to no egress gateway. */
export function leadFacts(mesh: Mesh, route: Resource<'VirtualService'> | Route): LeadFacts | undefined {
  const ways = route.kind === 'VirtualService' ? waysOfFirstHost(mesh, route) : waysOfRoute(mesh, route);
  return ways.length > 0 ? { kind: 'lead', route, ways } : undefined;
}

function waysOfFirstHost(mesh: Mesh, route: Resource<'VirtualService'>): readonly SidecarWay[] {
  const [first] = route.spec.hosts;
  return first ? waysOfService(mesh, route, fullHost(first.value, route.namespace, mesh.settings.clusterDomain)) : [];
}

/** Undefined for a Gateway whose pods no route for outside hosts names. */
export function egressGatewayFacts(
  mesh: Mesh,
  resource: Resource<'IstioGateway'> | Resource<'Gateway'>,
): EgressGatewayFacts | undefined {
  const gateways = resource.kind === 'IstioGateway' ? egressGatewaysOf(mesh, resource) : managedBy(mesh, resource);
  if (gateways.length === 0) return undefined;
  return { kind: 'egress-gateway', resource, gateways: gateways.map((gateway) => gatewayCallers(mesh, gateway)) };
}

/** All to which routes bring outside hosts. */
export function egressGatewaysIn(mesh: Mesh): readonly EgressGateway[] {
  return mesh.derived('egress gateways', (view) => {
    const found = [
      ...view.all('IstioGateway').flatMap((gateway) => egressGatewaysOf(view, gateway)),
      ...view.all('Gateway').flatMap((gateway) => managedBy(view, gateway)),
    ];
    return firstOfEach(found, ({ host }) => host);
  });
}

function managedBy(mesh: Mesh, gateway: Resource<'Gateway'>): readonly EgressGateway[] {
  if (!isManaged(mesh, gateway) || routesToEgressGateway(mesh, gateway).length === 0) return [];
  const found = egressGatewayAt(mesh, hostOfGateway(mesh, gateway));
  return found ? [found] : [];
}

export function isRoute(resource: AnyResource): resource is Route | Resource<'VirtualService'> {
  return resource.kind === 'VirtualService' || (routeKinds as readonly string[]).includes(resource.kind);
}
