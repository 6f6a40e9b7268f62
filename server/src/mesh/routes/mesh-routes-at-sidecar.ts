// Routes of the Gateway API for clients in the mesh, at a client's sidecar. server/docs/istio-semantics-classic.md §I.6 to §I.8.
import type { Resource } from '../../model/resource.ts';
import { importsHost, sidecarsFor } from '../clients/sidecar-scope.ts';
import type { Owner } from '../hosts/owners-at-proxy.ts';
import type { Mesh } from '../mesh.ts';
import type { GatewayRoute } from './route-entry.ts';
import {
  mergedUnits,
  placeOfRoute,
  placeOfVirtualService,
  routesMeeting,
  type Attached,
  type RouteUnit,
} from './route-units.ts';
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
  const first = Math.min(...routes.map(({ place }) => place));
  const firstService = Math.min(...services.map((one) => placeOfVirtualService(mesh, one, namespace) ?? 3));
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
  const found = routesMeeting(mesh, host).filter((one) => one.host === host);
  const imported = found.map(({ route }) => importsMeshRoute(mesh, client, route, host));
  if (imported.includes(undefined)) return undefined;
  return found
    .filter((_, i) => imported[i])
    .flatMap((one) => {
      const place = placeOfRoute(mesh, one.route, client.namespace);
      return place === undefined ? [] : [{ ...one, place }];
    });
}

/** As a service of the route's namespace is imported. istio@86c9f01 pilot/pkg/model/sidecar.go VSMatches. */
function importsMeshRoute(
  mesh: Mesh,
  client: SidecarQuestion['client'],
  route: GatewayRoute,
  host: string,
): boolean | undefined {
  const sidecars = sidecarsFor(mesh, client);
  const [first = true, ...others] = (sidecars ?? []).map((one) =>
    importsHost(mesh, one, client.namespace, route, host),
  );
  return sidecars && others.every((one) => one === first) ? first : undefined;
}
