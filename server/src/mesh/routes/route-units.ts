// The routes for a host at a waypoint in istiod's order: VirtualServices and Gateway API routes.
import { drained, eachInSteps, mapInSteps } from '../../base/steps.ts';
import type { Resource } from '../../model/resource.ts';
import { entriesOfRoute, onOnePort } from './gateway-route-entries.ts';
import { normalizeHost, hostsOverlap } from '../../names/hosts.ts';
import type { Mesh } from '../mesh.ts';
import type { GatewayRoute, RouteAction, RouteEntry, RouteResource } from './route-entry.ts';
import type { RouteQuestion } from './route-question.ts';
import { routesNear, virtualServicesNear, type MeshRoute } from './routes-meeting.ts';
import { since } from '../settings.ts';
import {
  hostsOfService,
  httpEntries,
  isForMesh,
  takesHttpAtWaypoint,
  tcpEntry,
  tlsEntry,
} from './virtual-service-entries.ts';
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

export interface Attached extends MeshRoute {
  readonly place: RouteUnit['place'];
}

export function* httpUnitsInSteps(mesh: Mesh, question: RouteQuestion): Generator<undefined, readonly RouteUnit[]> {
  const attached = attachedRoutes(mesh, question, ['HTTPRoute', 'GRPCRoute']);
  const routes = yield* mergedInSteps(mesh, attached, question.port);
  const services = yield* mapInSteps(virtualServices(mesh, question), (one) => httpUnit(mesh, one, question));
  return [...routes, ...services].sort((a, b) => a.place - b.place);
}

/** The same for all hosts of the VirtualService, of which there can be as many as it has rules. */
function httpUnit(
  mesh: Mesh,
  { service, place }: PlacedService,
  { port, waypoint: { namespace } }: RouteQuestion,
): RouteUnit {
  return mesh.derived(`http unit ${service.id} ${place} ${port} ${namespace}`, (view) => {
    const entries = httpEntries(view, service, takesHttpAtWaypoint(view, port, namespace));
    return {
      resources: [service],
      place,
      isRanked: false,
      entries: entries && hostedBy(hostsOfService(service), entries),
    };
  });
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
        ? [{ resources: [service], place, isRanked: false, entries: hostedBy(hostsOfService(service), [entry]) }]
        : [];
    })
    .sort((a, b) => a.place - b.place);
}

function attachedRoutes(
  mesh: Mesh,
  question: RouteQuestion,
  kinds: readonly GatewayRoute['kind'][],
): readonly Attached[] {
  return routesNear(mesh, question).flatMap((one) => {
    const place = kinds.includes(one.route.kind)
      ? placeOfRoute(mesh, one.route, question.waypoint.namespace)
      : undefined;
    return place === undefined ? [] : [{ ...one, place }];
  });
}

interface PlacedService {
  readonly service: Resource<'VirtualService'>;
  readonly place: RouteUnit['place'];
}

/** istio@86c9f01 pilot/pkg/networking/core/listener_waypoint.go getVirtualServiceForWaypoint; pilot/pkg/model/push_context.go VirtualServicesForGateway. */
function virtualServices(mesh: Mesh, question: RouteQuestion): readonly PlacedService[] {
  return virtualServicesNear(mesh, question)
    .filter((one) => isForMesh(one.spec.gateways))
    .flatMap((service) => {
      const place = placeOfVirtualService(mesh, service, question.waypoint.namespace);
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

/** Without hostnames those of the parent stand in; of several only what the parent's host meets. istio@86c9f01 .../gateway/route_collections.go augmentTLSPortMatch, compatibleRoutesForHost. */
function takesName(route: GatewayRoute, parent: Resource<'ServiceEntry'>, own: string, host: string): boolean {
  const written = route.spec.hostnames.length > 0 ? route.spec.hostnames : parent.spec.hosts;
  const names = written.map(({ value }) => normalizeHost(value));
  const kept = names.length > 1 ? names.filter((name) => hostsOverlap(own, name)) : names;
  return kept.length === 1 && kept[0] === host;
}

function hostedBy(hosts: readonly string[], entries: readonly Omit<RouteEntry, 'hosts'>[]): readonly RouteEntry[] {
  return entries.map((entry) => ({ ...entry, hosts }));
}
