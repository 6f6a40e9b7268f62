// What the egress gateway writes of a connection or request that it ends itself, before anything of the client's is sent on.
import { rulesAtProxy } from '../../mesh/destination-rules/proxy-rules.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { RouteDecision } from '../../mesh/routes/choose-route.ts';
import type { ProxyDestination } from '../../mesh/routes/proxy-destination.ts';
import { dialledFor } from './dialled.ts';
import { decisionAt, gatewayDestinations } from './egress-gateway-route.ts';
import { isResolvedLater } from './gateway-resolution.ts';
import type { Ending, TraceState } from './state.ts';

type Written = Required<Pick<Ending, 'lastCluster' | 'lastFlags'>>;

/**
 * Each that can stand in the line: the route is looked up before policies decide, and bytes are connected before the first of them arrives or
 * a handshake ends. §C.45.
 */
export function writtenOfEnded(state: TraceState, mesh: Mesh): readonly Written[] {
  const decision = decisionAt(state, mesh);
  const ways = decision.state === 'open' ? decision.ways : [decision];
  const found = ways.flatMap((one) => writtenOf(state, mesh, one));
  return [...new Map(found.map((one) => [JSON.stringify(one), one])).values()];
}

const nothing: Written = { lastCluster: '-', lastFlags: [] };

function writtenOf(state: TraceState, mesh: Mesh, decision: RouteDecision): readonly Written[] {
  if (decision.state !== 'taken' || decision.entry.action.does !== 'forward') return [nothing];
  const [target, ...more] = decision.entry.action.to;
  if (!target || more.length > 0) return [nothing];
  return gatewayDestinations(state, mesh, target).flatMap((to) => writtenFor(state, mesh, to));
}

/** A cluster that the gateway does not have is not named in its line. */
function writtenFor(state: TraceState, mesh: Mesh, to: ProxyDestination): readonly Written[] {
  const isHttp = state.chain === 'http';
  const withoutCluster: Written = { lastCluster: '-', lastFlags: isHttp ? [] : ['NC'] };
  if (to.state !== 'outside' && to.state !== 'in-cluster') return [withoutCluster];
  const { host, subset, cluster } = to;
  const [port, owner] = to.state === 'outside' ? [to.port.number?.value, to.entry] : [to.port, to.service];
  const lastFlags = !isHttp && hasNoEndpoint(state, mesh, to) ? flagsWithoutEndpoint(state, to) : [];
  const named = { lastCluster: cluster, lastFlags };
  const applied = port === undefined ? [] : rulesAtProxy(mesh, state.gateway!.pods, { host, port, subset, owner });
  return applied && applied.length > 0
    ? applied.map((one) => {
        if (one.state === 'unknown-subset') return withoutCluster;
        // Whether TLS of its own fails, it knows before the policy decides.
        const isOpen = !isHttp && one.state === 'rule' && one.tls !== undefined && lastFlags.length === 0;
        return isOpen ? { ...named, lastFlags: ['-', 'UF', 'URX'] } : named;
      })
    : [named];
}

function flagsWithoutEndpoint(state: TraceState, to: ProxyDestination): readonly string[] {
  return to.state === 'outside' && isResolvedLater(state, to.entry) ? ['-', 'UH', 'UF', 'URX'] : ['UH'];
}

/** §E.13, §E.14. */
function hasNoEndpoint({ request }: TraceState, mesh: Mesh, to: ProxyDestination): boolean {
  if (to.state !== 'outside') return false;
  const resolution = to.entry.spec.resolution?.value ?? 'NONE';
  if (resolution !== 'NONE') return resolution === 'DYNAMIC_DNS';
  return dialledFor(mesh, to.entry, to.host, to.port, { by: 'gateway', request }).length === 0;
}
