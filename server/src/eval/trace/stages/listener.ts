import type { Mesh } from '../../../mesh/mesh.ts';
import { chainsOf, portOf } from '../../../mesh/routes/chain-of-port.ts';
import { protocolKind } from '../../../names/protocols.ts';
import { awaitedServer } from '../../../mesh/hosts/server-first.ts';
import type { WellKnownProtocol } from '../../../names/well-known-ports.ts';
import { servedPort } from '../../../mesh/binding/waypoint-service.ts';
import { hasInboundListener, inboundListenerPlace } from '../../../mesh/binding/waypoint-gateway.ts';
import { describe, type Resource } from '../../../model/resource.ts';
import type { ServiceEntryPort } from '../../../model/specs.ts';
import { isKnownMethod } from '../../http-method.ts';
import { normalisePath } from '../../http-path.ts';
import { clientBytes } from '../client-bytes.ts';
import { notServedSummary } from '../dynamic-host.ts';
import { at, end, fork, go, step, type Stage, type TraceState, type Turn } from '../state.ts';

/** Whether the port is listed, and which kind of chain takes it at the waypoint. */
export const listener: Stage = (state, mesh) => {
  const { service, request, path } = state;
  if (path !== 'mesh' || !service) return go(state);
  if (state.waypoint && hasInboundListener(mesh, state.waypoint) === false) return reset(state, state.waypoint);
  const port = portOf(service.entry, request.port);
  if (!port) return notListed(state);
  const served = state.waypoint ? servedPort(mesh.settings, service.entry, port) : 'served';
  if (served === 'unknown') return perhapsServed({ ...state, port }, port, mesh);
  if (served === 'no-chain') return notServed({ ...state, port });
  if (!state.waypoint)
    return go(
      { ...state, port },
      step('listener', 'yes', `Port ${request.port} is listed.`, at(service.entry, port.span)),
    );
  return chain({ ...state, port }, port, mesh);
};

/** ztunnel knows no waypoint that it could send to, and does not go past it. */
function reset(state: TraceState, waypoint: Resource<'Gateway'>): Turn {
  const name = `${waypoint.namespace}/${waypoint.name}`;
  const message = `Waypoint ${name} has no listener with HBONE on port 15008, so ztunnel resets every connection.`;
  return end(state, [step('listener', 'no', message, at(waypoint, inboundListenerPlace(waypoint)))], {
    verdict: 'fails',
    cause: 'no-inbound-listener',
    summary: message,
  });
}

/** ztunnel@62d8265 src/state.rs load_balance; istio@86c9f01 pilot/pkg/networking/core/listener_waypoint.go buildWaypointInternal. */
function notListed(state: TraceState): Turn {
  const { service, request } = state;
  const { entry } = service!;
  const place = at(entry, entry.spec.portsKey ?? entry.at.spec);
  const isPassthrough = (entry.spec.resolution?.value ?? 'NONE') === 'NONE';
  // Without a waypoint and with no endpoint to choose, ztunnel passes on what it cannot place.
  if (!state.waypoint && isPassthrough)
    return go(
      state,
      step('listener', 'yes', `Port ${request.port} is not listed, but the client calls the real address.`, place),
    );
  const listed = entry.spec.ports.flatMap(({ number }) => (number ? [number.value] : []));
  const message = `Port ${request.port} is not listed by ${describe(entry)}${listed.length > 0 ? ` (it lists ${listed.join(', ')})` : ''}, so the connection is closed.`;
  return end(state, [step('listener', 'no', message, place)], {
    verdict: 'fails',
    cause: 'port-not-listed',
    summary: `Port ${request.port} of ${request.host} fails: ${describe(entry)} does not list the port.`,
    log: state.waypoint && { upstreamCluster: '-', status: undefined },
  });
}

/** Without a chain the connection is closed. */
function notServed(state: TraceState): Turn {
  const { request, service, port } = state;
  const place = port!.protocol?.span ?? port!.span;
  const isTls =
    protocolKind(port!.protocol?.value) === 'tls' && service!.entry.spec.location?.value !== 'MESH_INTERNAL';
  const message = isTls
    ? `Port ${request.port} of ${describe(service!.entry)} is TLS and resolved dynamically, which a waypoint supports only from Istio 1.29 on, and only if istiod has ${wildcardTlsFlag}=true.`
    : `Port ${request.port} of ${describe(service!.entry)} is resolved dynamically, which a waypoint supports only for HTTP to hosts outside the mesh.`;
  return end(state, [step('listener', 'no', message, at(service!.entry, place))], {
    verdict: 'fails',
    cause: 'dynamic-resolution',
    summary: isTls ? message : notServedSummary(state),
    log: { upstreamCluster: '-', status: undefined },
  });
}

const wildcardTlsFlag = 'ENABLE_WILDCARD_HOST_SERVICE_ENTRIES_FOR_TLS';

function perhapsServed(state: TraceState, port: ServiceEntryPort, mesh: Mesh): Turn {
  const { request, service } = state;
  const message = `The waypoint serves TLS port ${request.port} of ${service!.host} only if istiod has ${wildcardTlsFlag}=true, which these files do not show`;
  return fork([step('listener', 'unknown', `${message}.`, at(service!.entry, port.protocol?.span ?? port.span))], {
    by: 'unseen',
    summary: `${message}.`,
    ways: [chain(state, port, mesh), notServed(state)],
  });
}

function chain(state: TraceState, port: ServiceEntryPort, mesh: Mesh): Turn {
  const { entry } = state.service!;
  const bytes = clientBytes(state.request);
  const chains = chainsOf(port);
  const seen = bytes === 'http' ? 'http' : 'tcp';
  const kind = chains.length > 1 ? seen : chains[0]!;
  const place = at(entry, port.protocol?.span ?? port.span);
  const written = port.protocol?.value ?? 'no protocol';
  if (kind === 'http' && bytes !== 'http')
    return rejected(
      state,
      step(
        'listener',
        'no',
        `Port ${state.request.port} is ${written}: the waypoint expects plain HTTP, and ${bytes === 'tls' ? 'a TLS handshake' : 'anything else'} is rejected.`,
        place,
      ),
    );
  const awaited = bytes === 'opaque' ? awaitedServer(entry, port) : undefined;
  if (awaited) return hangs(state, awaited, 'waypoint', at(entry, port.span));
  return taken(state, port, kind, mesh);
}

function taken(state: TraceState, port: ServiceEntryPort, kind: 'http' | 'tcp', mesh: Mesh): Turn {
  const place = at(state.service!.entry, port.protocol?.span ?? port.span);
  const written = port.protocol?.value ?? 'no protocol';
  const how = kind === 'http' ? 'the waypoint sees each request' : 'the bytes pass unchanged';
  if (kind === 'http' && !isKnownMethod(state.request.method)) return unknownMethod(state, place);
  const path = kind === 'http' ? normalisePath(state.request.path, mesh.settings.pathNormalization) : state.request;
  if ('refused' in path) return badPath(state, path.refused, place);
  return go(
    { ...state, chain: kind, request: { ...state.request, path: path.path } },
    step(
      'listener',
      'yes',
      `Port ${state.request.port} is ${protocolKind(port.protocol?.value) === 'sniffed' ? 'without a protocol, so the waypoint detects it' : written}: ${how}.`,
      place,
    ),
  );
}

function unknownMethod(state: TraceState, place: ReturnType<typeof at>): Turn {
  const message = `The waypoint answers 400: Envoy does not accept the HTTP method ${state.request.method}.`;
  return end(state, [step('listener', 'no', message, place)], {
    verdict: 'fails',
    cause: 'not-http',
    summary: message,
    log: { upstreamCluster: '-', status: 400 },
  });
}

/** envoy@0f39b1c source/common/http/conn_manager_utility.cc maybeNormalizePath: before any filter. */
function badPath(state: TraceState, why: string, place: ReturnType<typeof at>): Turn {
  const message = `The waypoint answers 400 to ${state.request.path}: ${why}.`;
  return end(state, [step('listener', 'no', message, place)], {
    verdict: 'fails',
    cause: 'bad-path',
    summary: message,
    log: { upstreamCluster: '-', status: 400 },
  });
}

/** Where a proxy detects the protocol and the server sends first. */
export function hangs(
  state: TraceState,
  { name }: WellKnownProtocol,
  proxy: 'waypoint' | 'sidecar',
  place: ReturnType<typeof at>,
): Turn {
  const message = `Port ${state.request.port} is without a protocol, so the ${proxy} waits for the client's first bytes, and with ${name} the server sends first: the connection hangs.`;
  return end(state, [step('listener', 'no', message, place)], {
    verdict: 'fails',
    cause: 'server-first',
    summary: message,
    log: { upstreamCluster: '-', status: undefined },
  });
}

function rejected(state: TraceState, current: ReturnType<typeof step>): Turn {
  return end(state, [current], {
    verdict: 'fails',
    cause: 'not-http',
    summary: `The client does not send plain HTTP, for which port ${state.request.port} is declared.`,
    log: { upstreamCluster: '-', status: 400 },
  });
}
