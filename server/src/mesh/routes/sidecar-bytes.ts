// What a client's sidecar does with bytes: by the listener of a service's own address, by TCP routes, and which matches of routes count.
// server/docs/istio-semantics-classic.md §C.15 to §C.17, §D.15, §D.34.
import type { Resource } from '../../model/resource.ts';
import { fullHost, hostMatches, normalizeHost } from '../../names/hosts.ts';
import { protocolKind } from '../../names/protocols.ts';
import type { Owner } from '../hosts/owners-at-proxy.ts';
import type { Mesh } from '../mesh.ts';
import { portOf } from './chain-of-port.ts';
import { oneOf, type RouteDecision } from './choose-route.ts';
import type { RouteEntry, UnhostedEntry } from './route-entry.ts';
import { placeOfVirtualService } from './route-units.ts';
import type { Place, RoutedClient, SidecarChoice, SidecarQuestion } from './sidecar-question.ts';
import { firstEntry, isForMesh, tlsMatches, type Takes } from './virtual-service-entries.ts';

type VirtualService = Resource<'VirtualService'>;

/** §D.34. */
export function byBytes(
  mesh: Mesh,
  question: SidecarQuestion,
  routes: readonly VirtualService[],
): RouteDecision | undefined {
  const { client, port } = question;
  const takesIt = takesAtSidecar(client, port, 'bytes');
  const open = routes.find(({ spec }) =>
    spec.tcp.some(({ matches }) => matches.some((one) => takesIt(one) === undefined)),
  );
  if (open) return { state: 'unknown', resource: open };
  return foremost(
    mesh,
    client.namespace,
    routes.flatMap((route) => {
      const entry = firstEntry(mesh, route, 'tcp', takesIt);
      return entry ? [{ route, entry }] : [];
    }),
  );
}

interface Found {
  readonly route: VirtualService;
  readonly entry: UnhostedEntry;
}

/** The first in order of places; age decides within one. */
export function foremost(mesh: Mesh, namespace: string, found: readonly Found[]): RouteDecision | undefined {
  const placed = found.map((one) => ({ ...one, place: placeOfVirtualService(mesh, one.route, namespace) ?? 3 }));
  const first = Math.min(...placed.map(({ place }) => place));
  const ways = placed
    .filter(({ place }) => place === first)
    .filter((one, i, all) => all.findIndex(({ route }) => route === one.route) === i)
    .map(({ route, entry }): RouteDecision => ({ state: 'taken', entry: hosted(mesh, route, [entry])[0]! }));
  return ways.length === 0 ? undefined : oneOf('age', ways);
}

/** §C.15, §C.17, §D.18: TCP routes are not for ports of TLS, and TLS routes leave a chain for their server names only. */
export function byListener(
  mesh: Mesh,
  question: SidecarQuestion,
  place: Place,
  routes: readonly VirtualService[],
): SidecarChoice {
  if (!place.service || !isTls(place.service, question.port)) return foundAt(place, byBytes(mesh, question, routes));
  const takes = takesAtSidecar(question.client, question.port, 'bytes');
  const matches = routes.map((route) => tlsMatches(mesh, route, takes));
  const open = matches.indexOf(undefined);
  if (open >= 0) return foundAt(place, { state: 'unknown', resource: routes[open]! });
  const isReplaced = matches.some((found) => found && found.length > 0);
  const isOther = isResolvedByName(place) && (question.bytes !== 'tls' || !hostMatches(place.pattern, question.name));
  return isReplaced || isOther ? { state: 'nothing', atListener: true } : foundAt(place, undefined);
}

/** Its chain is for its server names, although the listener has its address. istio@86c9f01 pilot/pkg/networking/core/tls.go buildSidecarOutboundTLSFilterChainOpts. */
function isResolvedByName({ pattern, service }: Place): boolean {
  return (
    pattern.startsWith('*') && service?.kind === 'ServiceEntry' && service.spec.resolution?.value === 'DYNAMIC_DNS'
  );
}

export function foundAt(
  { pattern, service, cluster, newest, oldest, taken }: Place,
  decision: RouteDecision | undefined,
): SidecarChoice {
  return {
    state: 'found',
    host: pattern,
    service,
    cluster,
    newest,
    oldest,
    taken: taken ?? 'http',
    decision: decision ?? { state: 'none' },
  };
}

export function isTls(one: Owner, port: number): boolean {
  return one.kind === 'ServiceEntry' && protocolKind(portOf(one, port)?.protocol?.value) === 'tls';
}

/** §D.15: with `gateways` the source of a request is not looked at; for bytes all conditions count. istio@86c9f01 .../route/route.go TranslateRoute, sourceMatchHTTP; tls.go matchTLS, matchTCP. */
export function takesAtSidecar(
  { namespace, labels, hasAllLabels }: RoutedClient,
  port: number,
  kind: 'http' | 'bytes',
): Takes {
  return ({ port: only, gateways, sourceLabels, sourceNamespace, destinationSubnets }) => {
    if ((only || port) !== port || !isForMesh(gateways)) return false;
    if (kind === 'http' && gateways.length > 0) return true;
    if ((sourceNamespace?.value || namespace) !== namespace) return false;
    const differing = [...sourceLabels].filter(([key, value]) => labels.get(key) !== value);
    // Which address the client dials, no file shows. §D.33
    if (differing.length === 0) return kind === 'bytes' && destinationSubnets.length > 0 ? undefined : true;
    return hasAllLabels || differing.some(([key]) => labels.has(key)) ? false : undefined;
  };
}

export function hostsOf(mesh: Mesh, { spec, namespace }: VirtualService): readonly string[] {
  return spec.hosts.map(({ value }) => fullHost(value, namespace, mesh.settings.clusterDomain));
}

export function hosted(mesh: Mesh, service: VirtualService, entries: readonly UnhostedEntry[]): readonly RouteEntry[] {
  return entries.map((entry) => ({ ...entry, hosts: hostsOf(mesh, service).map(normalizeHost) }));
}
