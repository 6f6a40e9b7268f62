// Routes from an egress gateway of the Gateway API to an outside host that nothing leads to the gateway.
import { isManaged } from '../../mesh/clients/managed-gateway.ts';
import type { HostOwner, Mesh } from '../../mesh/mesh.ts';
import type { Field } from '../../model/field.ts';
import type { Resource } from '../../model/resource.ts';
import { hostMatches, normalizeHost, patternsFor } from '../../names/hosts.ts';
import { backendsOf, gatewayApi, isForMesh, isHostname, parentsOf, type Route } from './route-targets.ts';
import { routesToEgressGateway } from './routes-to-egress-gateway.ts';

export interface Skipped {
  readonly host: Field<string>;
  readonly gateway: Resource<'Gateway'>;
  /** Whether these files have routes to that gateway for other hosts. */
  readonly hasOthers: boolean;
}

/** Another name than the outside host's own is one of ingress. */
export function skippedBy(mesh: Mesh, route: Route, isLedOut: (host: string) => boolean): readonly Skipped[] {
  const gateways = parentsOf(route, gatewayApi, 'Gateway')
    .flatMap(({ ref }) => mesh.named('Gateway', ref.namespace?.value ?? route.namespace, ref.name?.value ?? ''))
    .filter((gateway) => isManaged(mesh, gateway));
  const [gateway] = gateways;
  if (!gateway) return [];
  const hosts = backendsOf(route).flatMap(({ ref }) => (isHostname(ref) && ref.name ? [ref.name] : []));
  return hosts
    .filter(({ value }) => isNamedBy(route, value) && isLedOut(value) && !isLed(mesh, value))
    .map((host) => ({ host, gateway, hasOthers: routesToEgressGateway(mesh, gateway).length > 0 }));
}

function isNamedBy({ kind, spec }: Route, host: string): boolean {
  if (kind === 'TCPRoute') return true;
  return spec.hostnames.some(({ value }) => hostMatches(value, host));
}

/** By a route of its entry, or a VirtualService for sidecars; where that leads, is not asked. */
function isLed(mesh: Mesh, host: string): boolean {
  const patterns = patternsFor(normalizeHost(host));
  return (
    patterns.some((pattern) => mesh.virtualServices(pattern).some(isForMesh)) ||
    patterns.some((pattern) => mesh.hostOwners(pattern).some(({ resource }) => hasRoute(mesh, resource)))
  );
}

function hasRoute(mesh: Mesh, { kind, namespace, name }: HostOwner['resource']): boolean {
  return kind === 'ServiceEntry' && mesh.routesTo(kind, namespace, name).length > 0;
}
