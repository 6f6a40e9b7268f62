// Routes that bring outside hosts to a Gateway of the Gateway API: they make it an egress gateway.
import { addToGroup } from '../../base/group-by.ts';
import { hostOfGateway } from '../../mesh/clients/managed-gateway.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { AnyResource, Resource } from '../../model/resource.ts';
import { serviceHost } from '../../names/hosts.ts';
import { backendsOf, routeKinds } from './route-targets.ts';

type Route = AnyResource<(typeof routeKinds)[number]>;

/** Routes of an outside host that lead to the Service which Istio makes for the Gateway. */
export function routesToEgressGateway(mesh: Mesh, gateway: Resource<'Gateway'>): readonly Resource[] {
  const host = hostOfGateway(mesh, gateway);
  const services = mesh
    .virtualServicesRoutingTo(host)
    .filter(({ spec }) => spec.hosts.some(({ value }) => isOutside(mesh, value)));
  return [...services, ...(routesByService(mesh).get(host) ?? [])];
}

/** Routes for ServiceEntries by the hosts of the Services that they send to. */
function routesByService(mesh: Mesh): ReadonlyMap<string, readonly Route[]> {
  return mesh.derived('routes of entries by service', (view) => {
    const found = new Map<string, [Route, ...Route[]]>();
    for (const route of routeKinds.flatMap((kind): readonly Route[] => view.all(kind))) {
      if (!route.spec.parentRefs.some(({ kind }) => kind?.value === 'ServiceEntry')) continue;
      for (const { ref } of backendsOf(route)) {
        if ((ref.kind?.value ?? 'Service') !== 'Service' || !ref.name) continue;
        const to = { name: ref.name.value, namespace: ref.namespace?.value ?? route.namespace };
        const host = serviceHost(to, view.settings.clusterDomain);
        addToGroup(found, host, route);
      }
    }
    return found;
  });
}

function isOutside(mesh: Mesh, host: string): boolean {
  return mesh.hostOwners(host).some(({ resource }) => resource.kind === 'ServiceEntry');
}
