import { inPortions } from '../../base/steps.ts';
import { couldHaveSidecars } from '../../mesh/clients/data-plane.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { placeOfVirtualService } from '../../mesh/routes/route-units.ts';
import { routesNaming } from '../../mesh/routes/routes-meeting.ts';
import type { Span } from '../../base/span.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { normalizeHost } from '../../names/hosts.ts';
import { isForMesh } from '../shared/route-targets.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { boundOwners, readsRoutesOf } from '../shared/waypoint-objects.ts';
import { listOf, relatedTo } from '../shared/resource-lists.ts';
import { bindingInputs, routeInputs } from '../shared/inputs.ts';

export const routeKindsMixed = defineRule({
  id: 'route-kinds-mixed',
  stage: 'route',
  summary:
    'A VirtualService and Gateway API routes are for the same host: one of them is not used, which may depend on when they were created.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['VirtualService'],
  isOfIstioWaypoints: true,
  inputs: [...bindingInputs, ...routeInputs, 'Pod', 'Workload'],

  *check(service, mesh): Iterable<RuleFinding<object> | undefined> {
    if (!isForMesh(service)) return;
    for (const host of inPortions(service.spec.hosts)) {
      if (!host) {
        yield undefined;
        continue;
      }
      const { value, span } = host;
      const routes = routesBeside(mesh, value, service.namespace);
      if (routes.length === 0) {
        yield* atSidecars(mesh, service, { host: value, span });
        continue;
      }
      yield {
        at: span,
        message: `Which route is used depends on which was created first: ${listOf(routes)} ${routes.length > 1 ? 'are' : 'is'} for the host ${value} too; use only one kind.`,
        related: relatedTo(routes, (name) => `${name} is for the same host.`),
        data: {},
      };
    }
  },
});

/** Routes of the Gateway API at the waypoints that read routes of the namespace for the host. */
function routesBeside(mesh: Mesh, host: string, home: string): readonly Resource[] {
  return mesh.derived(`routes at waypoints of ${host} beside ${home}`, (view) =>
    boundOwners(view, host)
      .filter((one) => readsRoutesOf(one, home))
      .flatMap((one) =>
        view
          .routesTo('ServiceEntry', one.entry.namespace, one.entry.name)
          .filter(({ namespace }) => readsRoutesOf(one, namespace)),
      ),
  );
}

/** A route of the clients' namespace goes before VirtualServices that all namespaces see. server/docs/istio-semantics-classic.md §I.8, §L.74. */
function* atSidecars(
  mesh: Mesh,
  service: Resource<'VirtualService'>,
  { host, span }: { readonly host: string; readonly span: Span },
): Iterable<RuleFinding<object>> {
  if (service.spec.http.length === 0 || host.startsWith('*')) return;
  const routes = routesNaming(mesh, normalizeHost(host)).filter(
    ({ route, port }) => port === undefined && (route.kind === 'HTTPRoute' || route.kind === 'GRPCRoute'),
  );
  const found = routes.find(
    ({ route: { namespace } }) =>
      couldHaveSidecars(mesh, namespace) && placeOfVirtualService(mesh, service, namespace) === 3,
  );
  if (!found) return;
  const { route } = found;
  yield {
    at: span,
    message: `Sidecars in namespace ${route.namespace} do not use this VirtualService for ${host}: ${describe(route)} is for the host too and goes first; use only one kind.`,
    related: relatedTo([route], (name) => `${name} is for the same host.`),
    data: {},
  };
}
