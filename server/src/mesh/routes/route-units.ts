// The routes for a host at a waypoint in istiod's order: VirtualServices and Gateway API routes.
import { keptFor } from '../../base/kept-for.ts';
import { drained, eachInSteps, mapInSteps } from '../../base/steps.ts';
import type { Resource } from '../../model/resource.ts';
import { entriesOfRoute, onOnePort } from './gateway-route-entries.ts';
import { normalizeHost, patternsFor, hostsOverlap } from '../../names/hosts.ts';
import type { Mesh } from '../mesh.ts';
import type { GatewayRoute, RouteAction, RouteEntry, RouteResource } from './route-entry.ts';
import type { RouteQuestion } from './route-question.ts';
import { since } from '../settings.ts';
import { httpEntries, isForMesh, takesHttpAtWaypoint, tcpEntry, tlsEntry } from './virtual-service-entries.ts';
import { scopeOf } from '../hosts/visibility.ts';

/** A VirtualService, or HTTPRoutes and GRPCRoutes that istiod merges into one. */
export interface RouteUnit {
  readonly resources: readonly RouteResource[];
  /** Smaller goes first; age decides among equals. */
  readonly place: 0 | 1 | 2 | 3;
  /** For the requested port; undefined if they are unknown. */
  readonly entries: readonly RouteEntry[] | undefined;
  /** Whether the entries go by rank, as the Gateway API has it. */
  readonly isRanked: boolean;
}

export function* httpUnitsInSteps(mesh: Mesh, question: RouteQuestion): Generator<undefined, readonly RouteUnit[]> {
  const attached = attachedRoutes(mesh, question, ['HTTPRoute', 'GRPCRoute']);
  const routes = yield* mergedInSteps(mesh, attached, question.port);
  const takes = takesHttpAtWaypoint(mesh, question.port, question.waypoint.namespace);
  const services = yield* mapInSteps(virtualServices(mesh, question), ({ service, place }): RouteUnit => {
    const entries = httpEntries(mesh, service, takes);
    return { resources: [service], place, isRanked: false, entries: entries && hostedBy(hostsOf(service), entries) };
  });
  return [...routes, ...services].sort((a, b) => a.place - b.place);
}

/** istio@86c9f01 pilot/pkg/config/kube/gateway/controller.go (httpAndGrpcVS), route_collections.go mergeHTTPRoutes: one for each namespace, port and host. */
export function mergedUnits(mesh: Mesh, routes: readonly Attached[], wanted: number): readonly RouteUnit[] {
  return drained(mergedInSteps(mesh, routes, wanted));
}

function* mergedInSteps(
  mesh: Mesh,
  routes: readonly Attached[],
  wanted: number,
): Generator<undefined, readonly RouteUnit[]> {
  const merged = new Map<string, Merged>();
  const onPort = routes.filter(({ port }) => (port ?? wanted) === wanted);
  yield* eachInSteps(onPort, ({ route, place, host, port }) => {
    const key = `${route.namespace}/${port ?? ''}/${host}`;
    const unit: Merged = merged.get(key) ?? { place, resources: new Set(), entries: [], isKnown: true };
    merged.set(key, unit);
    if (unit.resources.has(route)) return;
    unit.resources.add(route);
    const own = entriesOfRoute(mesh, route);
    if (!own) unit.isKnown = false;
    for (const entry of hostedBy([host], (port === undefined ? own : own?.map(onOnePort)) ?? []))
      unit.entries.push(entry);
  });
  return Array.from(merged.values(), ({ place, resources, entries, isKnown }) => ({
    place,
    resources: [...resources],
    entries: isKnown ? entries : undefined,
    isRanked: true,
  }));
}

/** Thousands of routes of one host come to one unit. */
interface Merged {
  readonly place: RouteUnit['place'];
  readonly resources: Set<RouteResource>;
  readonly entries: RouteEntry[];
  isKnown: boolean;
}

/** For bytes the first route that takes the port counts whole. istio@86c9f01 pilot/pkg/networking/core/listener_waypoint.go getTLSRouteMatch, getTCPRouteMatch. */
export function byteUnits(mesh: Mesh, question: RouteQuestion, kind: 'tls' | 'tcp'): readonly RouteUnit[] {
  if (kind === 'tcp' && !since(mesh.settings, '1.26')) return virtualServiceUnits(mesh, question, kind);
  const routes = attachedRoutes(mesh, question, [kind === 'tls' ? 'TLSRoute' : 'TCPRoute']).map(
    ({ route, place, host, parent, port }): RouteUnit => {
      const takes =
        (port ?? question.port) === question.port && (kind === 'tcp' || takesName(route, parent, host, question.host));
      // Without weights a TLS route loses all conditions, even that of its port. istio@86c9f01 .../gateway/conversion.go convertTLSRoute
      const entries =
        entriesOfRoute(mesh, route)?.filter(({ action }) => takes || (kind === 'tls' && isWeightless(action))) ?? [];
      return { resources: [route], place, isRanked: false, entries: hostedBy([host], entries.slice(0, 1)) };
    },
  );
  return [...routes, ...virtualServiceUnits(mesh, question, kind)]
    .filter(({ entries }) => entries?.length)
    .sort((a, b) => a.place - b.place);
}

function isWeightless(action: RouteAction): boolean {
  return action.does === 'forward' && action.to.every(({ weight }) => weight === 0);
}

function virtualServiceUnits(mesh: Mesh, question: RouteQuestion, kind: 'tls' | 'tcp'): readonly RouteUnit[] {
  return virtualServices(mesh, question)
    .flatMap(({ service, place }) => {
      const entry =
        kind === 'tls' ? tlsEntry(mesh, service, question.port, question.host) : tcpEntry(mesh, service, question.port);
      return entry
        ? [{ resources: [service], place, isRanked: false, entries: hostedBy(hostsOf(service), [entry]) }]
        : [];
    })
    .sort((a, b) => a.place - b.place);
}

export interface Attached extends MeshRoute {
  readonly place: RouteUnit['place'];
}

/** A route of the Gateway API for clients in the mesh. */
interface MeshRoute {
  readonly route: GatewayRoute;
  /** The entry that it names as its parent, and which of its hosts. */
  readonly parent: Resource<'ServiceEntry'>;
  readonly host: string;
  readonly port: number | undefined;
}

/**
 * Routes whose parent has a host that overlaps the requested one: Istio applies them by host name, to other ServiceEntries too.
 * It ignores `sectionName` and `hostnames`. istio@86c9f01 .../gateway/route_collections.go HTTPRouteCollection.
 */
function attachedRoutes(
  mesh: Mesh,
  { host, waypoint, entry }: RouteQuestion,
  kinds: readonly GatewayRoute['kind'][],
): readonly Attached[] {
  return routesMeeting(mesh, host).flatMap((one) => {
    if (!kinds.includes(one.route.kind) || !isNear(one.route, entry, waypoint)) return [];
    const place = placeOfRoute(mesh, one.route, waypoint.namespace);
    return place === undefined ? [] : [{ ...one, place }];
  });
}

/** The same for all entries that have the host. */
export function routesMeeting(mesh: Mesh, host: string): readonly MeshRoute[] {
  return mesh.derived(`routes to ${host}`, (view) => {
    const parents = overlapping(
      host,
      (pattern) => view.hostOwners(pattern),
      (suffix) => view.hostOwnersUnder(suffix),
    );
    return parents.flatMap(({ resource, host: own }) => {
      if (resource.kind !== 'ServiceEntry') return [];
      return view.routesTo('ServiceEntry', resource.namespace, resource.name).flatMap((route) => {
        const refs = route.spec.parentRefs.filter(
          (ref) =>
            ref.group?.value === 'networking.istio.io' &&
            ref.kind?.value === 'ServiceEntry' &&
            ref.name?.value === resource.name &&
            (ref.namespace?.value ?? route.namespace) === resource.namespace,
        );
        return refs.map((ref) => ({ route, parent: resource, host: own, port: ref.port?.value }));
      });
    });
  });
}

/** istio@86c9f01 pilot/pkg/networking/core/listener_waypoint.go getVirtualServiceForWaypoint; pilot/pkg/model/push_context.go VirtualServicesForGateway. */
function virtualServices(
  mesh: Mesh,
  { host, waypoint, entry }: RouteQuestion,
): readonly { readonly service: Resource<'VirtualService'>; readonly place: RouteUnit['place'] }[] {
  const found = mesh.derived(`virtual services for ${host}`, (view) => [
    ...new Set(
      overlapping(
        host,
        (pattern) => view.virtualServices(pattern),
        (suffix) => view.virtualServicesUnder(suffix),
      ),
    ),
  ]);
  return found
    .filter((one) => isNear(one, entry, waypoint) && isForMesh(one.spec.gateways))
    .flatMap((service) => {
      const place = placeOfVirtualService(mesh, service, waypoint.namespace);
      return place === undefined ? [] : [{ service, place }];
    });
}

/** Those that are the proxy's namespace's own go first, then those exported to it by name; undefined if the namespace does not see it. */
export function placeOfVirtualService(
  mesh: Mesh,
  service: Resource<'VirtualService'>,
  namespace: string,
): RouteUnit['place'] | undefined {
  const scope = scopeOf(mesh, service);
  if (scope === 'everywhere') return 3;
  if (scope === 'nowhere' || !scope.has(namespace)) return undefined;
  return service.namespace === namespace ? 0 : 1;
}

/** As for a VirtualService that does not say whom it is for; those of the proxy's namespace go before others. */
export function placeOfRoute(
  mesh: Mesh,
  { namespace }: GatewayRoute,
  proxyNamespace: string,
): RouteUnit['place'] | undefined {
  const exportTo = mesh.settings.defaultVirtualServiceExportTo;
  const isOwn = namespace === proxyNamespace;
  if (exportTo.includes('*')) return isOwn ? 2 : 3;
  if (exportTo.includes('~')) return undefined;
  const isSeen = exportTo.some((one) => (one === '.' ? namespace : one) === proxyNamespace);
  if (!isSeen) return undefined;
  return isOwn ? 0 : 1;
}

/** Names meet where either matches the other. istio@86c9f01 pkg/config/host/name.go Matches. */
function overlapping<T>(
  host: string,
  exactly: (pattern: string) => readonly T[],
  under: (suffix: string) => readonly T[],
): readonly T[] {
  const wider = patternsFor(host).flatMap(exactly);
  return host.startsWith('*') ? [...new Set([...wider, ...under(host.slice(1))])] : wider;
}

function isNear(
  { namespace }: { readonly namespace: string },
  entry: Resource<'ServiceEntry'>,
  waypoint: Resource<'Gateway'>,
): boolean {
  return namespace === entry.namespace || namespace === waypoint.namespace;
}

/** Without hostnames those of the parent stand in; of several only what the parent's host meets. istio@86c9f01 .../gateway/route_collections.go augmentTLSPortMatch, compatibleRoutesForHost. */
function takesName(route: GatewayRoute, parent: Resource<'ServiceEntry'>, own: string, host: string): boolean {
  const written = route.spec.hostnames.length > 0 ? route.spec.hostnames : parent.spec.hosts;
  const names = written.map(({ value }) => normalizeHost(value));
  const kept = names.length > 1 ? names.filter((name) => hostsOverlap(own, name)) : names;
  return kept.length === 1 && kept[0] === host;
}

/** Thousands of hosts of one VirtualService are each asked for. */
const hostsOf = keptFor(({ spec }: Resource<'VirtualService'>): readonly string[] =>
  spec.hosts.map(({ value }) => normalizeHost(value)),
);

function hostedBy(hosts: readonly string[], entries: readonly Omit<RouteEntry, 'hosts'>[]): readonly RouteEntry[] {
  return entries.map((entry) => ({ ...entry, hosts }));
}
