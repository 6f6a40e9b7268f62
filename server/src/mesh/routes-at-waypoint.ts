// Which routes a waypoint applies to a host, and where each of their rules leads. Conditions on requests are not kept by
// the model, so that a rule with some may or may not match.
import type { Span } from '../base/span.ts';
import type { AnyResource, Resource } from '../model/resource.ts';
import type { BackendRef, RouteDestination, VirtualServiceMatch, VirtualServiceRoute } from '../model/specs.ts';
import { expandHost, normalizeHost, patternsFor } from './hosts.ts';
import type { Mesh } from './mesh.ts';
import { since } from './settings.ts';
import { isExportedTo } from './visibility.ts';

export type RouteResource = AnyResource<'HTTPRoute' | 'GRPCRoute' | 'TLSRoute' | 'TCPRoute' | 'VirtualService'>;

export interface WaypointRoute {
  readonly resource: RouteResource;
  /** In order; the first that matches counts. */
  readonly rules: readonly RouteRule[];
  /** True where the route delegates, so that its rules stand elsewhere. */
  readonly delegates: boolean;
}

export interface RouteRule {
  readonly span: Span;
  /** False where everything on the port matches. */
  readonly conditional: boolean;
  readonly leadsTo: readonly Destination[];
  /** `answers`: a redirect or a response of its own, nothing is forwarded. */
  readonly action: 'forwards' | 'answers';
  /** True where the Host that is sent may be rewritten. */
  readonly rewrites: boolean;
}

export type Destination =
  | { readonly state: 'host'; readonly host: string; readonly port: number | undefined; readonly subset: string | undefined; readonly weight: number }
  /** In-cluster Services, and references that Istio refuses. */
  | { readonly state: 'service'; readonly name: string; readonly weight: number }
  | { readonly state: 'refused'; readonly weight: number };

export interface RouteQuestion {
  readonly entry: Resource<'ServiceEntry'>;
  readonly host: string;
  readonly port: number;
  readonly chain: 'http' | 'tcp';
  readonly waypoint: Resource<'Gateway'>;
}

/**
 * Routes of the waypoint's or the entry's namespace that have a rule for the port; on HTTP chains HTTP routes, on TCP
 * chains TLS routes before TCP routes. Their order is that of their age, which no manifest tells.
 * istio@86c9f01 pilot/pkg/networking/core/listener_waypoint.go getVirtualServiceForWaypoint, getWaypointTCPRoutes.
 */
export function routesAtWaypoint(mesh: Mesh, question: RouteQuestion): readonly WaypointRoute[] {
  const { entry, waypoint } = question;
  const isNear = ({ namespace }: { readonly namespace: string }) => namespace === entry.namespace || namespace === waypoint.namespace;
  const routes = mesh.routesTo('ServiceEntry', entry.namespace, entry.name).filter(isNear).filter((route) => attaches(mesh, route, question));
  const services = [...new Set(patternsFor(question.host).flatMap((pattern) => mesh.virtualServices(pattern)))].filter(isNear)
    .filter((one) => isForMesh(one.spec.gateways) && isExportedTo(mesh, one, waypoint.namespace));
  const kinds = question.chain === 'http' ? ['http'] as const : ['tls', 'tcp'] as const;
  for (const kind of kinds) {
    const found = [...routes.filter((route) => kindOf(route) === kind).map(fromRoute), ...services.map((one) => fromVirtualService(mesh, one, kind, question))];
    const useful = found.filter(({ rules, delegates }) => rules.length > 0 || delegates);
    if (useful.length > 0) return useful;
  }
  return [];
}

type GatewayRoute = Exclude<RouteResource, Resource<'VirtualService'>>;

function kindOf({ kind }: GatewayRoute): 'http' | 'tls' | 'tcp' {
  return kind === 'TLSRoute' ? 'tls' : kind === 'TCPRoute' ? 'tcp' : 'http';
}

function attaches(mesh: Mesh, route: GatewayRoute, { entry, port }: RouteQuestion): boolean {
  if (route.kind === 'TCPRoute' && !since(mesh.settings, '1.26')) return false;
  return route.spec.parentRefs.some((ref) => ref.kind?.value === 'ServiceEntry' && ref.name?.value === entry.name
    && (ref.namespace?.value ?? route.namespace) === entry.namespace && (ref.port?.value ?? port) === port);
}

function fromRoute(route: GatewayRoute): WaypointRoute {
  return {
    resource: route,
    delegates: false,
    rules: route.spec.rules.map(({ span, matched, backendRefs, filters }) => ({
      span, conditional: matched, leadsTo: backendRefs.map(backend),
      action: filters.includes('RequestRedirect') ? 'answers' : 'forwards',
      rewrites: filters.includes('URLRewrite'),
    })),
  };
}

/** istio@86c9f01 pilot/pkg/config/kube/gateway/conversion.go buildDestination. */
function backend({ group, kind, name, namespace, port, weight = 1 }: BackendRef): Destination {
  const named = kind?.value ?? 'Service';
  if (named === 'Hostname' && group?.value === 'networking.istio.io')
    return name && port && !namespace ? { state: 'host', host: normalizeHost(name.value), port: port.value, subset: undefined, weight } : { state: 'refused', weight };
  return named === 'Service' && !group?.value && name && !name.value.includes('.') ? { state: 'service', name: name.value, weight } : { state: 'refused', weight };
}

function fromVirtualService(mesh: Mesh, service: Resource<'VirtualService'>, kind: 'http' | 'tls' | 'tcp', question: RouteQuestion): WaypointRoute {
  const routes = service.spec[kind];
  return {
    resource: service,
    delegates: routes.some(({ delegate }) => delegate),
    rules: routes.flatMap((route) => {
      const conditional = conditionOf(route, kind, question);
      return conditional === undefined ? [] : [ruleOf(mesh, service, route, conditional)];
    }),
  };
}

/** Whether requests on the port must meet a condition; undefined where none can meet it. */
function conditionOf({ matches }: VirtualServiceRoute, kind: 'http' | 'tls' | 'tcp', question: RouteQuestion): boolean | undefined {
  if (matches.length === 0) return false;
  const possible = matches.filter((match) => canMatch(match, kind, question));
  if (possible.length === 0) return undefined;
  // What a waypoint makes of `sourceNamespace` is not certain. INFER
  return possible.every((match) => (kind === 'http' && match.http) || match.sourceNamespace !== undefined);
}

function canMatch(match: VirtualServiceMatch, kind: 'http' | 'tls' | 'tcp', { port, host }: RouteQuestion): boolean {
  if (match.sourceLabels || (match.port ?? port) !== port || !isForMesh(match.gateways)) return false;
  return kind !== 'tls' || (match.sniHosts.length === 1 && match.sniHosts[0]!.value === host);
}

function ruleOf(mesh: Mesh, { namespace }: Resource<'VirtualService'>, route: VirtualServiceRoute, conditional: boolean): RouteRule {
  const several = route.destinations.length > 1;
  const leadsTo = route.destinations.map(({ host, port, subset, weight }: RouteDestination): Destination => (host
    ? { state: 'host', host: normalizeHost(expandHost(host.value, namespace, mesh.settings.clusterDomain)), port: port?.value, subset: subset?.value, weight: weight ?? (several ? 0 : 1) }
    : { state: 'refused', weight: weight ?? 1 }));
  return { span: route.span, conditional, leadsTo, action: route.terminal ? 'answers' : 'forwards', rewrites: false };
}

/** Routes without gateways are the mesh's. */
function isForMesh(gateways: readonly { readonly value: string }[]): boolean {
  return gateways.length === 0 || gateways.some(({ value }) => value === 'mesh');
}
