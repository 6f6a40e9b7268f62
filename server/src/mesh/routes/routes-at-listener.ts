// Which routes of the Gateway API count at a listener of a gateway, and for which hosts.
// server/docs/istio-semantics-classic.md §I.4; istio@86c9f01 pilot/pkg/config/kube/gateway/conversion.go referenceAllowed, hostnameAllowedByIsolation.
import { addToGroup, groupBy } from '../../base/group-by.ts';
import type { GatewayListener, ParentRef } from '../../model/specs.ts';
import { hostMatches, hostsOverlap, normalizeHost } from '../../names/hosts.ts';
import { namespaceLabels, selectorMatches } from '../label-selector.ts';
import type { Mesh } from '../mesh.ts';
import { isReadAsBytes } from './byte-routes-at-sidecar.ts';
import { entriesOfRoute } from './gateway-route-entries.ts';
import { hostnameOf, serversOfListeners, type ListenerServer } from './listener-servers.ts';
import type { GatewayRoute, UnhostedEntry } from './route-entry.ts';
import { placeOfRoute, type RouteUnit } from './route-units.ts';

interface AttachedToListener {
  readonly route: GatewayRoute;
  readonly place: RouteUnit['place'];
  readonly hosts: readonly ServedHost[];
  /** Undefined where it is not known whether the listener takes routes of that namespace. */
  readonly entries: readonly UnhostedEntry[] | undefined;
}

interface ServedHost {
  /** Of the route; `*` where it has none. */
  readonly written: string;
  /** What of it the listener has: the more specific of the two. */
  readonly served: string;
}

/** Each route once. */
function routesAtListener(
  mesh: Mesh,
  one: ListenerServer,
  kinds: readonly GatewayRoute['kind'][],
): readonly AttachedToListener[] {
  const { gateway, listener } = one;
  return mesh.routesTo('Gateway', gateway.namespace, gateway.name).flatMap((route) => {
    if (!kinds.includes(route.kind) || !takesKind(listener, route.kind) || !namesListener(route, one)) return [];
    const admitted = admitsRoutesFrom(mesh, one, route.namespace);
    const place = placeOfRoute(mesh, route, gateway.namespace);
    const hosts = hostsAt(one, route);
    if (admitted === false || place === undefined || hosts.length === 0) return [];
    const isKnown = admitted === true && isReadAsBytes(mesh.settings, route.kind);
    return [{ route, place, hosts, entries: isKnown ? entriesOfRoute(mesh, route) : undefined }];
  });
}

/** istio@86c9f01 pilot/pkg/config/kube/gatewaycommon/conversion.go GenerateGatewaySupportedKinds. */
function takesKind({ protocol, tls, allowedRoutes }: GatewayListener, kind: GatewayRoute['kind']): boolean {
  if (allowedRoutes?.kinds && !allowedRoutes.kinds.includes(kind)) return false;
  switch (protocol?.value) {
    case 'HTTP':
    case 'HTTPS':
      return kind === 'HTTPRoute' || kind === 'GRPCRoute';
    case 'TCP':
      return kind === 'TCPRoute';
    case 'TLS':
      return kind === 'TLSRoute' || (kind === 'TCPRoute' && tls?.mode?.value !== 'Passthrough');
    default:
      return false;
  }
}

/** By a reference to the Gateway that names no other listener or port. */
function namesListener(route: GatewayRoute, { gateway, listener }: ListenerServer): boolean {
  return route.spec.parentRefs.some(
    (ref) =>
      isReference(ref, route.namespace, gateway) &&
      (!ref.sectionName?.value || ref.sectionName.value === listener.name?.value) &&
      (!ref.port?.value || ref.port.value === listener.port?.value),
  );
}

/** Whether the reference is to that Gateway. */
export function isReference(
  { group, kind, name, namespace }: ParentRef,
  from: string,
  gateway: ListenerServer['gateway'],
): boolean {
  const isGateway =
    (group?.value ?? 'gateway.networking.k8s.io') === 'gateway.networking.k8s.io' &&
    (kind?.value ?? 'Gateway') === 'Gateway';
  return isGateway && name?.value === gateway.name && (namespace?.value ?? from) === gateway.namespace;
}

/** Undefined where that depends on labels of the namespace that no file shows. istio@86c9f01 pilot/pkg/config/kube/gateway/conversion.go namespacesFromSelector; the default is Same. */
export function admitsRoutesFrom(
  mesh: Mesh,
  { gateway, listener: { allowedRoutes } }: Pick<ListenerServer, 'gateway' | 'listener'>,
  namespace: string,
): boolean | undefined {
  const from = allowedRoutes?.from?.value ?? 'Same';
  if (from === 'All') return true;
  if (from === 'Selector') return selectorMatches(allowedRoutes?.selector, namespaceLabels(mesh, namespace));
  return from === 'Same' && namespace === gateway.namespace;
}

/** Hosts for which another listener of the port and protocol is more specific are that one's. TCP routes have no hosts. */
function hostsAt(one: ListenerServer, { kind, spec }: GatewayRoute): readonly ServedHost[] {
  const own = normalizeHost(hostnameOf(one.listener));
  if (kind === 'TCPRoute') return [{ written: '*', served: own }];
  const written = spec.hostnames.length > 0 ? spec.hostnames.map(({ value }) => normalizeHost(value)) : ['*'];
  const isHttp = kind === 'HTTPRoute' || kind === 'GRPCRoute';
  return [...new Set(written)]
    .filter((host) => hostsOverlap(own, host) && !(isHttp && isAnothers(one, own, host)))
    .map((host) => ({ written: host, served: hostMatches(own, host) ? host : own }));
}

function isAnothers({ gateway, listener }: ListenerServer, own: string, host: string): boolean {
  if (!own.startsWith('*')) return false;
  const others = serversOfListeners(gateway).filter(
    (other) =>
      other.listener !== listener &&
      other.listener.port?.value === listener.port?.value &&
      other.listener.protocol?.value === listener.protocol?.value,
  );
  return others.some((other) => {
    const name = other.listener.hostname?.value;
    return name !== undefined && name !== '' && lengthOf(listener) <= name.length && hostMatches(name, host);
  });
}

/** A listener without a hostname is the least specific. */
function lengthOf({ hostname }: GatewayListener): number {
  return hostname?.value.length ?? 0;
}

/** HTTPRoutes and GRPCRoutes of one listener with the same hostname are merged, the best match first. istio@86c9f01 .../gateway/route_collections.go mergeHTTPRoutes. */
export function httpUnitsAtListener(
  mesh: Mesh,
  one: ListenerServer,
  patterns: readonly string[],
): readonly { readonly unit: RouteUnit; readonly host: string }[] {
  const units = unitsAtListener(mesh, one);
  return patterns.flatMap((pattern) => units.get(pattern) ?? []).toSorted((a, b) => a.order - b.order);
}

interface UnitAtListener {
  readonly unit: RouteUnit;
  readonly host: string;
  readonly order: number;
}

/** By what the listener serves of their hosts, found once for all requests: a Gateway can have the routes of hundreds of teams. */
function unitsAtListener(mesh: Mesh, one: ListenerServer): ReadonlyMap<string, readonly UnitAtListener[]> {
  return mesh.derived(`routes at listener ${one.gateway.id} ${one.index}`, (view) => {
    const hosts = routesAtListener(view, one, ['HTTPRoute', 'GRPCRoute']).flatMap((route) =>
      route.hosts.map((host) => ({ ...host, route })),
    );
    const found = new Map<string, [UnitAtListener, ...UnitAtListener[]]>();
    const byWritten = groupBy(hosts, ({ written }) => written);
    for (const [order, [first, ...more]] of [...byWritten.values()].entries()) {
      const unit = mergedUnit([first, ...more].map(({ route }) => route));
      addToGroup(found, first.served, { host: first.served, unit, order });
    }
    return found;
  });
}

function mergedUnit(own: readonly AttachedToListener[]): RouteUnit {
  const known = own.map(({ entries }) => entries);
  const entries = known.includes(undefined)
    ? undefined
    : known.flatMap((list) => (list ?? []).map((entry) => ({ ...entry, hosts: [] })));
  const place = own.map((route) => route.place).sort((a, b) => a - b)[0]!;
  return { resources: own.map(({ route }) => route), place, isRanked: true, entries };
}

export interface BytesAtListener {
  readonly attached: AttachedToListener;
  /** Undefined where it is not known whether the route counts. */
  readonly entry: UnhostedEntry | undefined;
}

/** The first rule with a backend that counts, of each route; without weights a TLSRoute has no condition, which loses it. */
export function bytesAtListener(
  mesh: Mesh,
  one: ListenerServer,
  kinds: readonly ('TLSRoute' | 'TCPRoute')[],
): readonly BytesAtListener[] {
  return routesAtListener(mesh, one, kinds).flatMap((attached): readonly BytesAtListener[] => {
    if (!attached.entries) return [{ attached, entry: undefined }];
    const entry = attached.entries.find(
      ({ action }) =>
        attached.route.kind === 'TCPRoute' || (action.does === 'forward' && action.to.some(({ weight }) => weight > 0)),
    );
    return entry ? [{ attached, entry }] : [];
  });
}
