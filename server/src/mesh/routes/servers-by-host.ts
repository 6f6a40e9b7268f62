// Of the servers on one port of a gateway, those that a question is about. Hundreds of teams can share a gateway's port, each with a server for hosts of its own.
import { addToGroup } from '../../base/group-by.ts';
import { keptFor, keptIn } from '../../base/kept-for.ts';
import { patternsFor } from '../../names/hosts.ts';
import type { ServerOnPort } from '../clients/egress-gateway.ts';

/** Those of these Gateways and all listeners of the Gateway API, in their order. */
export function serversOf(
  servers: readonly ServerOnPort[],
  gateways: ReadonlySet<ServerOnPort['gateway']>,
): readonly ServerOnPort[] {
  const { byGateway, listeners } = placesOf(servers);
  return inOrder(servers, [...listeners, ...[...gateways].flatMap((gateway) => byGateway.get(gateway) ?? [])]);
}

/** Those with a host that can be this one, and all listeners of the Gateway API. */
export function serversWithHost(servers: readonly ServerOnPort[], name: string): readonly ServerOnPort[] {
  const { byHost, listeners, known } = placesOf(servers);
  return keptIn(known, name, () =>
    inOrder(servers, [...listeners, ...patternsFor(name).flatMap((pattern) => byHost.get(pattern) ?? [])]),
  );
}

interface Places {
  readonly listeners: readonly number[];
  readonly byGateway: ReadonlyMap<ServerOnPort['gateway'], readonly number[]>;
  readonly byHost: ReadonlyMap<string, readonly number[]>;
  /** What was found for a name. */
  readonly known: Map<string, readonly ServerOnPort[]>;
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
  return { listeners, byGateway, byHost, known: new Map() };
});

function inOrder(servers: readonly ServerOnPort[], places: readonly number[]): readonly ServerOnPort[] {
  return [...new Set(places)].sort((a, b) => a - b).map((i) => servers[i]!);
}
