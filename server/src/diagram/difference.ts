// What differs between two graphs, such as that of the files and that of the cluster: the connections that differ, each with how it is there.
import { clientId, hostId, type Change, type EgressGraph, type GraphEdge } from './graph.ts';
import { gatewayName, tlsWords } from './words.ts';

/** `added`: only in `after`. What both have in the same way is left out. */
export function differenceOf<Place>(before: EgressGraph<Place>, after: EgressGraph<Place>): EgressGraph<Place> {
  const [old, now] = [lookup(before), lookup(after)];
  const edges = [...keysOf(before, after)].flatMap(([client, host, port]): readonly GraphEdge<Place>[] => {
    const [was, is] = [old.of(client, host, port), now.of(client, host, port)];
    const at = { client, host, port };
    if (is && !was) return [{ ...is, ...at, change: { what: 'added', before: 'not there' } }];
    if (was && !is) return [{ ...was, ...at, change: { what: 'removed', before: old.text(was) } }];
    if (!was || !is || old.text(was) === now.text(is)) return [];
    return [{ ...is, ...at, change: { what: 'changed', before: old.text(was) } satisfies Change }];
  });
  const used = new Set(edges.flatMap(({ client, gateway, host }) => [client, gateway, host]));
  const both = <T extends { readonly id: string }>(a: readonly T[], b: readonly T[]): readonly T[] =>
    [...new Map([...a, ...b].map((one) => [one.id, one])).values()].filter(({ id }) => used.has(id));
  return {
    short: before.short || after.short,
    clients: both(before.clients, after.clients),
    gateways: both(before.gateways, after.gateways),
    hosts: both(before.hosts, after.hosts),
    edges,
    findings: after.findings,
  };
}

type Key = readonly [client: string, host: string, port: number];

function keysOf<Place>(...graphs: readonly EgressGraph<Place>[]): Iterable<Key> {
  const found = new Map<string, Key>();
  for (const { edges } of graphs)
    for (const { client, host, port } of edges) found.set(`${client} ${host} ${port}`, [client, host, port]);
  return found.values();
}

/** In a short graph, a client without an edge of its own is treated as its namespace, else as all other clients. */
function lookup<Place>({ edges, clients, gateways }: EgressGraph<Place>) {
  const byKey = new Map(edges.map((edge) => [`${edge.client} ${edge.host} ${edge.port}`, edge]));
  const homes = new Map(clients.map(({ id, namespace }) => [id, namespace]));
  const names = new Map(gateways.map((gateway) => [gateway.id, gatewayName(gateway)]));
  const everywhere = hostId('*');
  const hosts = new Set(edges.map(({ host, port }) => `${host} ${port}`));
  return {
    of(client: string, host: string, port: number): GraphEdge<Place> | undefined {
      const home = homes.get(client) ?? namespaceIn(client);
      const subjects = [client, ...(home === null ? [] : [clientId(home, null)]), clientId(null, null)];
      if (!hosts.has(`${host} ${port}`)) return undefined;
      return subjects
        .flatMap((subject) => [byKey.get(`${subject} ${host} ${port}`), byKey.get(`${subject} ${everywhere} 0`)])
        .find((edge) => edge !== undefined);
    },
    text({ access, allowed, tls, gateway, bypasses }: GraphEdge<Place>): string {
      const words = access === 'some' ? allowed : access;
      return [
        words,
        `through ${names.get(gateway) ?? gateway}`,
        tlsWords[tls],
        ...(bypasses ? ['past its gateway'] : []),
      ].join(', ');
    },
  };
}

/** Of a client that this graph does not have. */
function namespaceIn(client: string): string | null {
  const found = /^client:([^/]*)\//.exec(client)?.[1];
  return found ?? null;
}
