// Of the servers on one port of a gateway, those that a question is about. Hundreds of teams can share a gateway's port, each with a server for hosts of its own.
import { addToGroup } from '../../base/group-by.ts';
import { keptFor } from '../../base/kept-for.ts';
import type { ServerOnPort } from '../clients/egress-gateway.ts';

/** Those of these Gateways and all listeners of the Gateway API, in their order. */
export function serversOf(
  servers: readonly ServerOnPort[],
  gateways: ReadonlySet<ServerOnPort['gateway']>,
): readonly ServerOnPort[] {
  const { byGateway, listeners } = placesOf(servers);
  return inOrder(servers, [...listeners, ...[...gateways].flatMap((gateway) => byGateway.get(gateway) ?? [])]);
}

/** Those that have one of the hosts as they are written, in lower case and without a namespace, and all listeners of the Gateway API. */
export function serversWithHost(servers: readonly ServerOnPort[], hosts: readonly string[]): readonly ServerOnPort[] {
  const { byHost, listeners } = placesOf(servers);
  return inOrder(servers, [...listeners, ...hosts.flatMap((host) => byHost.get(host) ?? [])]);
}

interface Places {
  readonly listeners: readonly number[];
  readonly byGateway: ReadonlyMap<ServerOnPort['gateway'], readonly number[]>;
  readonly byHost: ReadonlyMap<string, readonly number[]>;
}

const placesOf = keptFor((servers: readonly ServerOnPort[]): Places => {
  const listeners: number[] = [];
  const byGateway = new Map<ServerOnPort['gateway'], [number, ...number[]]>();
  const byHost = new Map<string, [number, ...number[]]>();
  for (const [i, { listener, gateway, server }] of servers.entries()) {
    if (listener) {
      listeners.push(i);
      continue;
    }
    addToGroup(byGateway, gateway, i);
    for (const { value } of server.hosts) addToGroup(byHost, value.slice(value.lastIndexOf('/') + 1).toLowerCase(), i);
  }
  return { listeners, byGateway, byHost };
});

function inOrder(servers: readonly ServerOnPort[], places: readonly number[]): readonly ServerOnPort[] {
  return [...new Set(places)].sort((a, b) => a - b).map((i) => servers[i]!);
}
