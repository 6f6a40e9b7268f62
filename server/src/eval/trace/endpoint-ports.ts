// Endpoints of one host whose ports expect different things: some take what they are sent, and some do not.
import { tlsSiblingOf } from '../../mesh/hosts/target-ports.ts';
import { negotiatorOn } from '../../names/well-known-ports.ts';
import type { Target } from './dialled.ts';
import { protocolMismatch } from './protocol-mismatch.ts';
import { fork, type TraceState, type Turn } from './state.ts';

/** Whether the endpoint's port expects something else than the proxy sends, as far as the port's number shows. */
export function rejects({ request, backend, tls: own }: TraceState, { port }: Target): boolean {
  if (own?.state === 'originated') return tlsSiblingOf(port) !== undefined || negotiatorOn(port) !== undefined;
  return protocolMismatch(request, backend!.port, port) !== undefined;
}

/** Proxies spread requests over the endpoints of a host. server/docs/istio-semantics.md §12.16. */
export function perEndpoint(
  { request }: TraceState,
  by: string,
  targets: readonly Target[],
  ways: readonly [failing: Turn, reaching: Turn],
): Turn {
  return fork([], {
    by: 'share',
    summary: `${by} spreads requests to ${request.host} over ${targets.length} endpoints, and some of their ports expect something else than they are sent.`,
    ways,
  });
}
