// Connections that hang at a sidecar because another service has their port for HTTP.
import { httpOwnersOnPort } from '../../mesh/clients/http-listener.ts';
import { sendsFirst } from '../../mesh/hosts/server-first.ts';
import { matchesWholePort } from '../../mesh/hosts/whole-port.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe } from '../../model/resource.ts';
import { clientBytes } from './client-bytes.ts';
import { at, atName, end, step, type Entry, type TraceState, type Turn } from './state.ts';

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
  const message = `${describe(owner)} has port ${request.port} for HTTP and ${describe(entry)} lists no address, so the sidecar waits for the client's first bytes, and with ${known.name} the server sends first: the connection hangs.`;
  return end(state, [step('listener', 'no', message, at(entry, port.span), atName(owner))], {
    verdict: 'fails',
    cause: 'server-first',
    summary: message,
    log: { upstreamCluster: '-', status: undefined },
  });
}
