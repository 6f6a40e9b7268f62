// Routes for bytes that a client's sidecar has for a name: VirtualServices, and TLSRoutes and TCPRoutes for the mesh.
// server/docs/istio-semantics-classic.md §D.30, §D.34, §D.36.
import { mapInSteps } from '../../base/steps.ts';
import type { Resource } from '../../model/resource.ts';
import { hostsOverlap, normalizeHost, patternsFor } from '../../names/hosts.ts';
import type { Mesh } from '../mesh.ts';
import { since, type MeshSettings } from '../settings.ts';
import { entriesOfRoute } from './gateway-route-entries.ts';
import { routesInReach } from './mesh-routes-at-sidecar.ts';
import type { GatewayRoute, RouteEntry, RouteResource } from './route-entry.ts';
import { placeOfVirtualService, type Attached, type RouteUnit } from './route-units.ts';
import { takesAtSidecar } from './sidecar-takes.ts';
import type { SidecarQuestion } from './sidecar-question.ts';
import { firstEntry, hosted, hostsOf, tlsMatches } from './virtual-service-entries.ts';

export interface ByteRoute {
  readonly resource: RouteResource;
  readonly place: RouteUnit['place'];
  readonly hosts: readonly string[];
  /** By server names, in order; undefined if it is not known which count. */
  readonly tls: readonly { readonly sniHosts: readonly string[]; readonly entry: RouteEntry }[] | undefined;
  /** `unknown`: whether one counts. */
  readonly tcp: RouteEntry | undefined | 'unknown';
}

type Asked = Pick<SidecarQuestion, 'client' | 'name' | 'port'>;

/** Whether it is known which routes of the Gateway API the sidecar imports. */
export function knowsByteRoutes(mesh: Mesh, question: Asked): boolean {
  return patternsFor(question.name).every((pattern) => routesInReach(mesh, question, pattern) !== undefined);
}

/** Of the routes that are known. */
export function* byteRoutesAtSidecar(
  mesh: Mesh,
  question: Asked,
  services: readonly Resource<'VirtualService'>[],
): Generator<undefined, readonly ByteRoute[]> {
  const routes = patternsFor(question.name)
    .flatMap((pattern) => routesInReach(mesh, question, pattern) ?? [])
    .filter(({ route: { kind } }) => kind === 'TLSRoute' || kind === 'TCPRoute')
    .map((attached) => ofRoute(mesh, question.port, attached));
  return [...routes, ...(yield* mapInSteps(services, (service) => ofService(mesh, question, service)))];
}

function ofService(mesh: Mesh, { client, port }: Asked, service: Resource<'VirtualService'>): ByteRoute {
  const takes = takesAtSidecar(client, port, 'bytes');
  const isOpen = service.spec.tcp.some(({ matches }) => matches.some((one) => takes(one) === undefined));
  const tcp = firstEntry(mesh, service, 'tcp', takes);
  return {
    resource: service,
    place: placeOfVirtualService(mesh, service, client.namespace) ?? 3,
    hosts: hostsOf(mesh, service),
    tls: tlsMatches(mesh, service, takes)?.map(({ sniHosts, entry }) => ({
      sniHosts,
      entry: hosted(mesh, service, [entry])[0]!,
    })),
    tcp: isOpen ? 'unknown' : tcp && hosted(mesh, service, [tcp])[0],
  };
}

/** Unlike HTTPRoutes, those of any namespace count for all clients that see them. istio@86c9f01 pilot/pkg/config/kube/gateway/route_collections.go TLSRouteCollection, TCPRouteCollection. */
function ofRoute(mesh: Mesh, port: number, { route, parent, host, place, port: only }: Attached): ByteRoute {
  const base = { resource: route, place, hosts: [host] };
  if ((only ?? port) !== port) return { ...base, tls: [], tcp: undefined };
  const known = isReadAsBytes(mesh.settings, route.kind) ? entriesOfRoute(mesh, route) : undefined;
  const entries = known?.map((entry): RouteEntry => ({ ...entry, hosts: [host] }));
  if (route.kind === 'TCPRoute') return { ...base, tls: [], tcp: entries ? entries[0] : 'unknown' };
  // Without weights a rule has no condition, and without one it does not count.
  const weighted = entries?.filter(
    ({ action }) => action.does === 'forward' && action.to.some(({ weight }) => weight > 0),
  );
  const sniHosts = serverNames(route, parent, host);
  return { ...base, tls: weighted?.map((entry) => ({ sniHosts, entry })), tcp: undefined };
}

/** Without hostnames those of the parent stand in; of several only what meets the parent's host. istio@86c9f01 pilot/pkg/config/kube/gateway/conversion.go augmentTLSPortMatch, compatibleRoutesForHost. */
function serverNames({ spec }: GatewayRoute, parent: Resource<'ServiceEntry'>, host: string): readonly string[] {
  const written = spec.hostnames.length > 0 ? spec.hostnames : parent.spec.hosts;
  const names = written.map(({ value }) => normalizeHost(value));
  return names.length > 1 ? names.filter((name) => hostsOverlap(host, name)) : names;
}

/** Before, they were read by a flag of istiod, in versions of the Gateway API that were experiments. §I.11. */
export function isReadAsBytes(settings: MeshSettings, kind: GatewayRoute['kind']): boolean {
  if (kind === 'TCPRoute') return since(settings, '1.31');
  return kind !== 'TLSRoute' || since(settings, '1.30');
}
