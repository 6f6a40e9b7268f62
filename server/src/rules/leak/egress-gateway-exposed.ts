import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import { serviceHost } from '../../names/hosts.ts';
import { defineRule } from '../rule.ts';
import { backendsOf } from '../shared/route-targets.ts';
import { relatedTo } from '../shared/resource-lists.ts';
import { routeInputs } from '../shared/inputs.ts';

const serviceType = 'networking.istio.io/service-type';

export const egressGatewayExposed = defineRule({
  id: 'egress-gateway-exposed',
  stage: 'leak',
  summary: 'An egress gateway of the Gateway API is reachable from outside, because its Service is a load balancer.',
  severity: 'warning',
  since: '0.2.0',
  subjects: ['Gateway'],
  inputs: ['Gateway', 'ServiceEntry', 'Service', ...routeInputs],

  // istio@86c9f01 pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go configureIstioGateway; server/docs/istio-semantics-classic.md §I.1, §L.71.
  *check(gateway, mesh) {
    const { gatewayClassName, hasOwnService } = gateway.spec;
    if (gatewayClassName?.value !== 'istio' || hasOwnService) return;
    const written = gateway.annotations.get(serviceType);
    if (written && written.value !== 'LoadBalancer' && written.value !== 'NodePort') return;
    const routes = routesFromMesh(mesh, gateway);
    if (routes.length === 0) return;
    yield {
      at: written?.span ?? gateway.at.name,
      message: `This egress gateway is reachable from outside the cluster: Istio makes its Service a ${written?.value ?? 'LoadBalancer, unless the cluster sets another type'}; set annotation ${serviceType} to ClusterIP.`,
      related: relatedTo(routes, (name) => `${name} sends requests for an outside host to it.`),
      data: {},
    };
  },

  *fixes(_, gateway) {
    yield {
      title: 'Make it reachable only inside the cluster',
      safety: 'unsafe',
      changes: [{ op: 'set', in: gateway, path: ['metadata', 'annotations', serviceType], value: 'ClusterIP' }],
    };
  },
});

/** Routes of an outside host that lead to the Service which Istio makes for the Gateway. */
function routesFromMesh(mesh: Mesh, { namespace, name }: Resource<'Gateway'>): readonly Resource[] {
  const host = serviceHost({ name: `${name}-istio`, namespace }, mesh.settings.clusterDomain);
  const services = mesh
    .virtualServicesRoutingTo(host)
    .filter(({ spec }) => spec.hosts.some(({ value }) => isOutside(mesh, value)));
  return [...services, ...(routesByService(mesh).get(host) ?? [])];
}

/** HTTPRoutes for ServiceEntries by the hosts of the Services that they send to. */
function routesByService(mesh: Mesh): ReadonlyMap<string, readonly Resource<'HTTPRoute'>[]> {
  return mesh.derived('routes of entries by service', (view) => {
    const found = new Map<string, Resource<'HTTPRoute'>[]>();
    for (const route of view.all('HTTPRoute')) {
      if (!route.spec.parentRefs.some(({ kind }) => kind?.value === 'ServiceEntry')) continue;
      for (const { ref } of backendsOf(route)) {
        if ((ref.kind?.value ?? 'Service') !== 'Service' || !ref.name) continue;
        const to = { name: ref.name.value, namespace: ref.namespace?.value ?? route.namespace };
        const host = serviceHost(to, view.settings.clusterDomain);
        found.set(host, [...(found.get(host) ?? []), route]);
      }
    }
    return found;
  });
}

function isOutside(mesh: Mesh, host: string): boolean {
  return mesh.hostOwners(host).some(({ resource }) => resource.kind === 'ServiceEntry');
}
