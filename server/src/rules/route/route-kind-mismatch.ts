import { mapInSteps } from '../../base/steps.ts';
import type { Span } from '../../base/span.ts';
import { ownerOfGateway } from '../../mesh/binding/gateway-class.ts';
import { isWaypointClass } from '../../mesh/binding/waypoint-gateway.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { unusedRoutes, type UnusedRoute } from '../../mesh/routes/unused-routes.ts';
import { fullHost } from '../../names/hosts.ts';
import { protocolKind } from '../../names/protocols.ts';
import { describe, type AnyResource, type Resource } from '../../model/resource.ts';
import type { GatewayListener, ParentRef, ServiceEntryPort, VirtualServiceRoute } from '../../model/specs.ts';
import { bindingInputs } from '../shared/inputs.ts';
import { gatewayApi, istioNetworking, parentsOf, routeKinds, type Route } from '../shared/route-targets.ts';
import { defineRule, type Related, type RuleFinding } from '../rule.ts';
import { bound } from '../shared/waypoint-objects.ts';

export const routeKindMismatch = defineRule({
  id: 'route-kind-mismatch',
  stage: 'route',
  summary: 'A route is never used, because it is for another protocol than the ports to which it is attached.',
  severity: 'warning',
  since: '0.1.0',
  subjects: [...routeKinds, 'VirtualService'],
  isOfIstioWaypoints: true,
  inputs: [...bindingInputs, 'IstioGateway'],

  *check(route: AnyResource<Route['kind'] | 'VirtualService'>, mesh): Iterable<RuleFinding<object> | undefined> {
    if (route.kind === 'VirtualService') {
      for (const unused of unusedRoutes(mesh, route)) yield unusedFinding(route, unused);
      yield* atWaypoints(mesh, route);
      return;
    }
    yield* atListeners(mesh, route);
    for (const { ref } of parentsOf(route, istioNetworking, 'ServiceEntry')) {
      const entries = mesh.named('ServiceEntry', ref.namespace?.value ?? route.namespace, ref.name?.value ?? '');
      for (const { entry } of entries.flatMap((one) => bound(mesh, one))) yield* mismatch(route, ref, entry);
    }
  },
});

function unusedFinding(
  { spec }: Resource<'VirtualService'>,
  { kind, route, gateway, takers, isOnlyOne }: UnusedRoute,
): RuleFinding<object> {
  const [taker] = takers;
  const article = kind === 'http' ? 'an' : 'a';
  const of = gateway ?? taker.place?.resource;
  const what = gateway ? 'server for port' : 'port';
  const where = `${what} ${taker.port} of ${of ? describe(of) : 'sidecars'} (${taker.protocol}) uses ${taker.uses} routes`;
  const host = spec.hosts[0]?.value ?? '';
  return {
    at: firstField(route),
    message: isOnlyOne
      ? `Requests for ${host} fail at the gateway: the ${where}, and this is ${article} ${kind} route.`
      : `This ${kind} route is never used: ${where}.`,
    related: takers.flatMap(({ place, protocol, uses }): Related[] =>
      place ? [{ resource: place.resource, at: place.span, message: `${protocol} uses ${uses} routes.` }] : [],
    ),
    data: {},
  };
}

/** Routes of a kind that no port of hosts behind waypoints uses. `unusedRoutes` speaks of hosts without one. */
function* atWaypoints(
  mesh: Mesh,
  service: Resource<'VirtualService'>,
): Generator<RuleFinding<object> | undefined, void> {
  const { hosts, gateways, http, tls, tcp } = service.spec;
  if (gateways.length > 0) return;
  const behind = yield* mapInSteps(hosts, ({ value }) =>
    portsBehindWaypoints(mesh, fullHost(value, service.namespace, mesh.settings.clusterDomain)),
  );
  const [first] = behind;
  if (!first || behind.includes(undefined)) return;
  for (const { routes, isHttp } of [
    { routes: http, isHttp: true },
    { routes: [...tls, ...tcp], isHttp: false },
  ]) {
    const [route] = routes;
    if (!route || behind.every((one) => one?.takes.length === 0)) continue;
    if (behind.some((one) => one?.takes.includes(isHttp ? 'http' : 'bytes'))) continue;
    const protocol = first.entry.spec.ports[0]?.protocol;
    yield {
      at: firstField(route),
      message: `This ${isHttp ? 'http' : 'TLS or TCP'} route is not used: for its waypoint every port of ${describe(first.entry)} is ${isHttp ? 'not HTTP' : 'HTTP'}.`,
      related: [
        {
          resource: first.entry,
          at: protocol?.span ?? first.entry.spec.ports[0]?.span ?? first.entry.at.name,
          message: 'The protocol of a port decides which routes apply.',
        },
      ],
      data: {},
    };
  }
}

interface PortsBehindWaypoints {
  readonly entry: Resource<'ServiceEntry'>;
  /** What the ports of all entries take, each once; none where there is no port. */
  readonly takes: readonly ('http' | 'bytes' | 'neither')[];
}

/** Of a host that only entries behind waypoints have; undefined for others. */
function portsBehindWaypoints(mesh: Mesh, host: string): PortsBehindWaypoints | undefined {
  return mesh.derived(`ports behind waypoints ${host}`, (view) => {
    const owners = view.hostOwners(host);
    const entries = owners.flatMap(({ resource }) => (resource.kind === 'ServiceEntry' ? bound(view, resource) : []));
    const [first] = entries;
    if (!first || entries.length < owners.length) return undefined;
    const ports = entries.flatMap(({ entry }) => entry.spec.ports);
    const kinds = ports.flatMap((port) => [
      'neither' as const,
      ...(takes(port, true) ? ['http' as const] : []),
      ...(takes(port, false) ? ['bytes' as const] : []),
    ]);
    return { entry: first.entry, takes: [...new Set(kinds)] };
  });
}

/** What says where it leads, which is shorter than all of it. */
function firstField({ destinations, matches, span }: VirtualServiceRoute): Span {
  return destinations[0]?.host?.span ?? matches[0]?.span ?? span;
}

/** istio@86c9f01 pilot/pkg/config/kube/gatewaycommon/conversion.go GenerateGatewaySupportedKinds. */
function* atListeners(mesh: Mesh, route: Route): Iterable<RuleFinding<object>> {
  for (const { ref } of parentsOf(route, gatewayApi, 'Gateway')) {
    const [gateway] = mesh.named('Gateway', ref.namespace?.value ?? route.namespace, ref.name?.value ?? '');
    const isIstioGateway =
      gateway && ownerOfGateway(mesh, gateway) === 'istio' && isWaypointClass(gateway, mesh.settings) === false;
    const listeners = isIstioGateway ? listenersOf(gateway, ref) : [];
    if (gateway && listeners.length > 0 && !listeners.some((listener) => supports(listener, route.kind)))
      yield listenerFinding(route, ref, gateway, listeners);
  }
}

function listenerFinding(
  route: Route,
  ref: ParentRef,
  gateway: Resource<'Gateway'>,
  listeners: readonly GatewayListener[],
): RuleFinding<object> {
  const first = listeners[0]!;
  const name = first.name?.value ?? first.port?.value ?? first.index;
  return {
    at: (ref.sectionName ?? ref.port ?? ref.name)?.span ?? ref.span,
    message: `This ${route.written.kind} is never used: listener ${name} of ${describe(gateway)} has protocol ${first.protocol?.value}, which takes ${listOfKinds(first)}.`,
    related: listeners.map(({ protocol, span }) => ({
      resource: gateway,
      at: protocol?.span ?? span,
      message: 'The protocol of a listener decides which routes it takes.',
    })),
    data: {},
  };
}

function listenersOf(
  { spec }: Resource<'Gateway'>,
  { sectionName, port: wanted }: ParentRef,
): readonly GatewayListener[] {
  return spec.listeners.filter(
    ({ name, port }) =>
      (sectionName === undefined || name?.value === sectionName.value) &&
      (wanted === undefined || port?.value === wanted.value),
  );
}

function supports(listener: GatewayListener, kind: Route['kind']): boolean {
  const kinds = kindsOf(listener);
  return kinds === undefined || kinds.includes(kind);
}

/** Undefined for protocols of other vendors. */
function kindsOf({ protocol, tls }: GatewayListener): readonly Route['kind'][] | undefined {
  switch (protocol?.value) {
    case 'HTTP':
    case 'HTTPS':
      return ['HTTPRoute', 'GRPCRoute'];
    case 'TCP':
      return ['TCPRoute'];
    case 'TLS':
      return tls?.mode?.value === 'Terminate' ? ['TLSRoute', 'TCPRoute'] : ['TLSRoute'];
    default:
      return undefined;
  }
}

function listOfKinds(listener: GatewayListener): string {
  return (kindsOf(listener) ?? []).map((kind) => `${kind}s`).join(' and ');
}

function* mismatch(route: Route, ref: ParentRef, entry: Resource<'ServiceEntry'>): Generator<RuleFinding<object>> {
  const isHttp = route.kind === 'HTTPRoute' || route.kind === 'GRPCRoute';
  const ports = entry.spec.ports.filter(({ number }) => ref.port === undefined || number?.value === ref.port.value);
  if (ports.length === 0 || ports.some((port) => takes(port, isHttp))) return;
  yield {
    at: (ref.port ?? ref.name)?.span ?? ref.span,
    message: `This ${route.written.kind} is not used: for its waypoint ${ref.port ? `port ${ref.port.value}` : 'every port'} of ${describe(entry)} is ${isHttp ? 'not HTTP' : 'HTTP'}.`,
    related: [
      {
        resource: entry,
        at: ports[0]!.protocol?.span ?? ports[0]!.span,
        message: `The protocol of a port decides which routes apply.`,
      },
    ],
    data: {},
  };
}

/** istio@86c9f01 pilot/pkg/networking/core/listener_waypoint.go buildWaypointInternal: a chain per kind, and both where the protocol is left open. */
function takes({ protocol }: ServiceEntryPort, isHttp: boolean): boolean {
  const kind = protocolKind(protocol?.value);
  return kind === 'sniffed' || (kind === 'http') === isHttp;
}
