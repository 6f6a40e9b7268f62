// Connections that hang at a sidecar because their port is HTTP or TLS: it waits for the client's first bytes, and the server sends first.
import { httpOwnersOnPort } from '../../mesh/clients/http-listener.ts';
import { servicesFor } from '../../mesh/clients/sidecar-scope.ts';
import { listsNoAddress } from '../../mesh/hosts/no-address.ts';
import { sendsFirst } from '../../mesh/hosts/server-first.ts';
import { matchesWholePort } from '../../mesh/hosts/whole-port.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe } from '../../model/resource.ts';
import { patternsFor } from '../../names/hosts.ts';
import { protocolKind } from '../../names/protocols.ts';
import { serverFirstOn } from '../../names/well-known-ports.ts';
import { clientBytes } from './client-bytes.ts';
import { at, atName, end, step, type Entry, type TraceState, type Turn } from './state.ts';
import type { Evidence } from './step.ts';

/**
 * One listener takes what no address tells apart on a port. Where another service has the port for HTTP, it looks at the client's first bytes
 * before it chooses, and the server of some protocols sends first. server/docs/istio-semantics-classic.md §C.36.
 */
export function hangsBeside(mesh: Mesh, state: TraceState, entry: Entry): Turn | undefined {
  const { port, request } = state;
  const known = port && clientBytes(request) === 'opaque' ? sendsFirst(entry, port) : undefined;
  if (!port || !known || !matchesWholePort(mesh, entry, port)) return undefined;
  const [owner] = httpOwnersOnPort(mesh, request.from, request.port);
  if (!owner) return undefined;
  return hanging(
    state,
    `${describe(owner)} has port ${request.port} for HTTP and ${describe(entry)} lists no address, so the sidecar waits for the client's first bytes, and with ${known.name} the server sends first: the connection hangs.`,
    at(entry, port.span),
    atName(owner),
  );
}

/** The same of connections that no service takes, by the number of their port. */
export function hangsUnclaimed(mesh: Mesh, state: TraceState): Turn | undefined {
  const { request } = state;
  const known = clientBytes(request) === 'opaque' ? serverFirstOn(request.port) : undefined;
  if (!known) return undefined;
  const [http] = httpOwnersOnPort(mesh, request.from, request.port);
  const owner = http ?? tlsOwner(mesh, request);
  if (!owner) return undefined;
  const message = `${describe(owner)} has port ${request.port} for ${http ? 'HTTP' : 'TLS'}, so the sidecar waits for the client's first bytes, and with ${known.name} the server sends first: the connection hangs.`;
  return hanging(state, message, atName(owner));
}

/** An entry of the host that the sidecar has for TLS at any address. istio@86c9f01 pilot/pkg/networking/core/tls.go buildSidecarOutboundTLSFilterChainOpts. */
function tlsOwner(mesh: Mesh, { host, port, from }: TraceState['request']): Entry | undefined {
  const seen = patternsFor(host).flatMap((pattern) => servicesFor(mesh, from, pattern) ?? []);
  return seen
    .filter((one) => one.kind === 'ServiceEntry')
    .find(
      (one) =>
        listsNoAddress(one) &&
        one.spec.ports.some(
          ({ number, protocol }) => number?.value === port && protocolKind(protocol?.value) === 'tls',
        ),
    );
}

function hanging(state: TraceState, message: string, ...places: readonly Evidence[]): Turn {
  return end(state, [step('listener', 'no', message, ...places)], {
    verdict: 'fails',
    cause: 'server-first',
    summary: message,
    log: { upstreamCluster: '-', status: undefined },
  });
}
