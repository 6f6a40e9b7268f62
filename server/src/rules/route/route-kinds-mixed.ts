import { isForMesh } from '../shared/route-targets.ts';
import { defineRule } from '../rule.ts';
import { boundOwners, readsRoutesOf } from '../shared/waypoint-objects.ts';
import { listOf, relatedTo } from '../shared/resource-lists.ts';

export const routeKindsMixed = defineRule({
  id: 'route-kinds-mixed',
  stage: 'route',
  summary: 'A VirtualService and routes of the Gateway API are for one host, which do not work together.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['VirtualService'],
  inputs: [
    'ServiceEntry',
    'Service',
    'Namespace',
    'Gateway',
    'GatewayClass',
    'HTTPRoute',
    'GRPCRoute',
    'TLSRoute',
    'TCPRoute',
  ],

  *check(service, mesh) {
    if (!isForMesh(service)) return;
    for (const { value, span } of service.spec.hosts) {
      const owners = boundOwners(mesh, value).filter((one) => readsRoutesOf(one, service.namespace));
      const routes = owners.flatMap((one) =>
        mesh
          .routesTo('ServiceEntry', one.entry.namespace, one.entry.name)
          .filter(({ namespace }) => readsRoutesOf(one, namespace)),
      );
      if (routes.length === 0) continue;
      yield {
        at: span,
        message: `${listOf(routes)} ${routes.length > 1 ? 'are' : 'is'} for the host ${value} too, and which of them a request meets depends on their age.`,
        related: relatedTo(routes, (name) => `${name} is for the same host.`),
        data: {},
      };
    }
  },
});
