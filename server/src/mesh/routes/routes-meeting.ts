// Routes and VirtualServices whose host meets a requested one. Teams share hosts and wildcards, so each pattern is read once, by namespace.
import { addToGroup } from '../../base/group-by.ts';
import type { Resource } from '../../model/resource.ts';
import { patternsFor } from '../../names/hosts.ts';
import type { HostOwner, Mesh } from '../mesh.ts';
import type { GatewayRoute } from './route-entry.ts';
import type { RouteQuestion } from './route-question.ts';

/** A route of the Gateway API for clients in the mesh. */
export interface MeshRoute {
  readonly route: GatewayRoute;
  /** The entry that it names as its parent, and which of its hosts. */
  readonly parent: Resource<'ServiceEntry'>;
  readonly host: string;
  readonly port: number | undefined;
}

/** In the order of the mesh, which several namespaces share. */
type ByNamespace<T> = ReadonlyMap<string, readonly [Placed<T>, ...Placed<T>[]]>;

interface Placed<T> {
  readonly at: number;
  readonly one: T;
}

/**
 * Routes whose parent has a host that overlaps the requested one, in the namespace of the entry or of the waypoint: Istio applies them by
 * host name, to other ServiceEntries too. It ignores `sectionName` and `hostnames`. istio@86c9f01 .../gateway/route_collections.go HTTPRouteCollection.
 */
export function routesNear(mesh: Mesh, question: RouteQuestion): readonly MeshRoute[] {
  return near(question, [
    ...patternsFor(question.host).map((pattern) =>
      mesh.derived(`routes by namespace ${pattern}`, (view) =>
        byNamespace(routesNaming(view, pattern), ({ route }) => route.namespace),
      ),
    ),
    ...below(question.host, (suffix) =>
      mesh.derived(`routes under ${suffix} by namespace`, (view) => {
        const owners = view.hostOwnersUnder(suffix).filter(({ host }) => host !== question.host);
        return byNamespace(
          owners.flatMap((owner) => routesOf(view, owner)),
          ({ route }) => route.namespace,
        );
      }),
    ),
  ]);
}

/** Those for entries with exactly this host, anywhere. */
export function routesNaming(mesh: Mesh, host: string): readonly MeshRoute[] {
  return mesh.derived(`routes to ${host}`, (view) => view.hostOwners(host).flatMap((owner) => routesOf(view, owner)));
}

/** VirtualServices with a host that overlaps the requested one, in the namespace of the entry or of the waypoint. */
export function virtualServicesNear(mesh: Mesh, question: RouteQuestion): readonly Resource<'VirtualService'>[] {
  const found = near(question, [
    ...patternsFor(question.host).map((pattern) =>
      mesh.derived(`virtual services by namespace ${pattern}`, (view) =>
        byNamespace(view.virtualServices(pattern), ({ namespace }) => namespace),
      ),
    ),
    ...below(question.host, (suffix) =>
      mesh.derived(`virtual services under ${suffix} by namespace`, (view) =>
        byNamespace(view.virtualServicesUnder(suffix), ({ namespace }) => namespace),
      ),
    ),
  ]);
  return [...new Set(found)];
}

/** Names meet where either matches the other. istio@86c9f01 pkg/config/host/name.go Matches. */
function below<T>(host: string, under: (suffix: string) => T): readonly T[] {
  return host.startsWith('*') ? [under(host.slice(1))] : [];
}

function routesOf(mesh: Mesh, { resource, host }: HostOwner): readonly MeshRoute[] {
  if (resource.kind !== 'ServiceEntry') return [];
  return mesh.routesTo('ServiceEntry', resource.namespace, resource.name).flatMap((route) => {
    const refs = route.spec.parentRefs.filter(
      (ref) =>
        ref.group?.value === 'networking.istio.io' &&
        ref.kind?.value === 'ServiceEntry' &&
        ref.name?.value === resource.name &&
        (ref.namespace?.value ?? route.namespace) === resource.namespace,
    );
    return refs.map((ref) => ({ route, parent: resource, host, port: ref.port?.value }));
  });
}

function byNamespace<T>(list: readonly T[], namespaceOf: (one: T) => string): ByNamespace<T> {
  const groups = new Map<string, [Placed<T>, ...Placed<T>[]]>();
  for (const [at, one] of list.entries()) addToGroup(groups, namespaceOf(one), { at, one });
  return groups;
}

function near<T>({ entry, waypoint }: RouteQuestion, groups: readonly ByNamespace<T>[]): readonly T[] {
  const namespaces = [...new Set([entry.namespace, waypoint.namespace])];
  return groups.flatMap((group) => {
    const lists = namespaces.flatMap((namespace) => group.get(namespace) ?? []);
    return lists.sort((a, b) => a.at - b.at).map(({ one }) => one);
  });
}
