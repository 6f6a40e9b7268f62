// What an egress gateway can resolve of a destination: nothing without resolution, and of wildcards what is called.
import type { Mesh } from '../../mesh/mesh.ts';
import type { ProxyDestination } from '../../mesh/routes/proxy-destination.ts';
import type { RouteTarget } from '../../mesh/routes/route-entry.ts';
import { describe } from '../../model/resource.ts';
import { authorityOf } from './client-bytes.ts';
import { dialledFor } from './dialled.ts';
import { failRoute, type RoutingHop } from './route-turns.ts';
import { at, fork, step, stop, type Entry, type TraceState, type Turn } from './state.ts';

interface Sending {
  readonly hop: RoutingHop;
  readonly target: RouteTarget;
}

/** What a gateway cannot resolve: without resolution it has the endpoints of other entries with the host, if these have any. §E.13. */
export function unresolved(
  state: TraceState,
  mesh: Mesh,
  { hop, target }: Sending,
  { entry, host, port }: Extract<ProxyDestination, { state: 'outside' }>,
): Turn | undefined {
  const resolution = entry.spec.resolution?.value ?? 'NONE';
  const { request } = state;
  if (resolution === 'NONE' && dialledFor(mesh, entry, host, port, { by: 'gateway', request }).length === 0)
    return failRoute(
      state,
      hop,
      step(
        'route',
        'no',
        `${describe(entry)} has resolution NONE, for which an egress gateway has no endpoint.`,
        at(entry, entry.spec.resolution?.span ?? entry.at.spec),
      ),
      'no-endpoint',
      503,
    );
  return resolution === 'DYNAMIC_DNS' ? unresolvedName(state, { hop, target }, entry) : undefined;
}

/** The gateway resolves the Host of requests, and nothing for bytes. §E.14. */
function unresolvedName(state: TraceState, { hop, target }: Sending, entry: Entry): Turn | undefined {
  const place = at(entry, entry.spec.resolution!.span);
  const message = `${describe(entry)} is resolved dynamically, by the Host of requests: for bytes an egress gateway has no endpoint.`;
  if (state.chain !== 'http') return failRoute(state, hop, step('route', 'no', message, place), 'no-endpoint', 503);
  const isPlainName = target.hostRewrite === undefined && !/:\d+$/.test(authorityOf(state.request));
  if (isPlainName) return undefined;
  const open = `${describe(entry)} is resolved dynamically; which name and port an egress gateway then dials is not followed for a Host with a port or a rewritten one.`;
  return stop(state, step('route', 'unknown', open, place));
}

/**
 * The first connection of bytes finds no endpoint, and makes the gateway resolve its server name: later ones, also those after a request to the
 * name, go there. Without a server name nothing is resolved. §E.14.
 */
export function isResolvedLater({ chain, gateway, request }: TraceState, { spec }: Entry): boolean {
  const name = authorityOf(request).replace(/:\d+$/, '').toLowerCase();
  return chain !== 'http' && spec.resolution?.value === 'DYNAMIC_DNS' && gateway?.sent.sni?.toLowerCase() === name;
}

export function onceResolved({ request }: TraceState, entry: Entry, failing: Turn, sent: Turn): Turn {
  const message = `${describe(entry)} is resolved dynamically, by the Host of requests: for bytes an egress gateway has no endpoint until it has resolved ${request.host}; then it sends them to port 80 (443 with TLS of its own), whichever port is called.`;
  return fork([step('route', 'no', message, at(entry, entry.spec.resolution!.span))], {
    by: 'share',
    summary: message,
    cause: 'no-endpoint',
    ways: [failing, sent],
  });
}
