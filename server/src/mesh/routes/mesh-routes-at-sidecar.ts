// Routes of the Gateway API for clients in the mesh, at a client's sidecar. server/docs/istio-semantics-classic.md §I.6 to §I.8.
import { least } from '../../base/least.ts';
import type { Resource } from '../../model/resource.ts';
import { importsHost, sameMembers, sidecarsFor } from '../clients/sidecar-scope.ts';
import type { Owner } from '../hosts/owners-at-proxy.ts';
import type { Mesh } from '../mesh.ts';
import type { GatewayRoute } from './route-entry.ts';
import { mergedUnits, placeOfRoute, placeOfVirtualService, type Attached, type RouteUnit } from './route-units.ts';
import { routesNaming } from './routes-meeting.ts';
import type { SidecarQuestion } from './sidecar-question.ts';

/**
 * What HTTPRoutes and GRPCRoutes for the host come to: those of the client's namespace, and of the service's. One whose parent has a
 * wildcard host comes to nothing. Undefined if it is not known which the sidecar imports.
 * istio@86c9f01 pilot/pkg/networking/core/route/route.go buildSidecarVirtualHostsForVirtualService, separateVSHostsAndServices.
 */
export function routeUnitsAtSidecar(
  mesh: Mesh,
  question: SidecarQuestion,
  host: string,
  service: Owner | undefined,
): readonly RouteUnit[] | undefined {
  if (!service || host.startsWith('*')) return [];
  const near = [question.client.namespace, service.namespace];
  const routes = routesInReach(mesh, question, host)?.filter(
    ({ route: { kind, namespace } }) => (kind === 'HTTPRoute' || kind === 'GRPCRoute') && near.includes(namespace),
  );
  return routes && mergedUnits(mesh, routes, question.port);
}

/**
 * Whether VirtualServices with that host lose what they are for to a route of the Gateway API, which comes to nothing itself: of all
 * with one wildcard only the first is looked at. Undefined if age decides.
 * istio@86c9f01 pilot/pkg/model/sidecar.go computeWildcardHostVirtualServiceIndex.
 */
export function isWildcardTaken(
  mesh: Mesh,
  question: SidecarQuestion,
  host: string,
  services: readonly Resource<'VirtualService'>[],
): boolean | undefined {
  if (!host.startsWith('*') || services.length === 0) return false;
  const routes = routesInReach(mesh, question, host);
  if (!routes) return undefined;
  const { namespace } = question.client;
  const first = least(routes.map(({ place }) => place));
  const firstService = least(services.map((one) => placeOfVirtualService(mesh, one, namespace) ?? 3));
  if (first !== firstService) return first < firstService;
  return routes.some(({ place, route }) => place === first && route.namespace === namespace) || undefined;
}

/** Whether a wildcard does not count for the host, because a route of the Gateway API has its name. */
export function isNamedByRoute(mesh: Mesh, question: SidecarQuestion, host: string): boolean | undefined {
  const routes = routesInReach(mesh, question, host);
  return routes && routes.length > 0;
}

/** With exactly the host; undefined if it is not known which the sidecar imports. */
export function routesInReach(
  mesh: Mesh,
  { client }: Pick<SidecarQuestion, 'client'>,
  host: string,
): readonly Attached[] | undefined {
  return importedRoutes(mesh, client, routesNaming(mesh, host), host)?.flatMap((one) => {
    const place = placeOfRoute(mesh, one.route, client.namespace);
    return place === undefined ? [] : [{ ...one, place }];
  });
}

/** As a service of the route's namespace is imported. istio@86c9f01 pilot/pkg/model/sidecar.go VSMatches. */
function importedRoutes<T extends { readonly route: GatewayRoute }>(
  mesh: Mesh,
  client: SidecarQuestion['client'],
  found: readonly T[],
  host: string,
): readonly T[] | undefined {
  if (found.length === 0) return found;
  const sidecars = sidecarsFor(mesh, client);
  const [first = found, ...others] = (sidecars ?? []).map((sidecar) =>
    found.filter(({ route }) => importsHost(mesh, sidecar, client.namespace, route, host)),
  );
  return sidecars && others.every((one) => sameMembers(one, first)) ? first : undefined;
}
