import { isForMesh } from '../shared/route-targets.ts';
import { defineRule } from '../rule.ts';
import { boundOwners, readsRoutesOf } from '../shared/waypoint-objects.ts';
import { listOf, relatedTo } from '../shared/resource-lists.ts';
import { bindingInputs, routeInputs } from '../shared/inputs.ts';

export const routeKindsMixed = defineRule({
  id: 'route-kinds-mixed',
  stage: 'route',
  summary:
    'A VirtualService and Gateway API routes are for the same host: which one is used depends on when they were created.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['VirtualService'],
  inputs: [...bindingInputs, ...routeInputs],

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
        message: `Which route is used depends on which was created first: ${listOf(routes)} ${routes.length > 1 ? 'are' : 'is'} for the host ${value} too; use only one kind.`,
        related: relatedTo(routes, (name) => `${name} is for the same host.`),
        data: {},
      };
    }
  },
});
