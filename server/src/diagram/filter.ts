// The part of a graph that a reader asks for.
import type { EgressGraph, Verdict } from './graph.ts';

export interface GraphFilter {
  /** In the name of the client, the gateway or the host; case does not matter. */
  readonly text: string;
  /** Of clients; empty means all. */
  readonly namespaces: readonly string[];
  /** Empty means all. */
  readonly verdicts: readonly Verdict[];
  /** What goes straight to the host, whether a gateway is meant for it or not. */
  readonly onlyWithoutGateway: boolean;
  readonly onlyWithFindings: boolean;
}

export const noFilter: GraphFilter = {
  text: '',
  namespaces: [],
  verdicts: [],
  onlyWithoutGateway: false,
  onlyWithFindings: false,
};

/** What has no edge left goes too; findings stay with the nodes that are left. */
export function filterGraph<Place>(graph: EgressGraph<Place>, filter: GraphFilter): EgressGraph<Place> {
  const text = filter.text.trim().toLowerCase();
  const named = namesOf(graph);
  const homes = new Map(graph.clients.map(({ id, namespace }) => [id, namespace ?? '*']));
  const direct = new Set(graph.gateways.filter(({ kind }) => kind === 'none').map(({ id }) => id));
  const found = new Set(graph.findings.flatMap(({ nodes }) => nodes));
  const edges = graph.edges.filter(
    ({ client, gateway, host, port, access, bypasses }) =>
      (filter.verdicts.length === 0 || filter.verdicts.includes(access)) &&
      (!filter.onlyWithoutGateway || bypasses || direct.has(gateway)) &&
      (!filter.onlyWithFindings || [client, gateway, host].some((id) => found.has(id))) &&
      (filter.namespaces.length === 0 || filter.namespaces.includes(homes.get(client) ?? '')) &&
      (text === '' ||
        [named.get(client), named.get(gateway), `${named.get(host)}:${port}`].some((name) => name?.includes(text))),
  );
  const kept = new Set(edges.flatMap(({ client, gateway, host }) => [client, gateway, host]));
  const isKept = ({ id }: { readonly id: string }) => kept.has(id);
  return {
    ...graph,
    clients: graph.clients.filter(isKept),
    gateways: graph.gateways.filter(isKept),
    hosts: graph.hosts.filter(isKept),
    edges,
  };
}

function namesOf<Place>({ clients, gateways, hosts }: EgressGraph<Place>): ReadonlyMap<string, string> {
  return new Map([
    ...clients.map(({ id, namespace, account }) => [id, `${namespace ?? ''}/${account ?? ''}`.toLowerCase()] as const),
    ...gateways.map(({ id, namespace, name }) => [id, `${namespace}/${name}`.toLowerCase()] as const),
    ...hosts.map(({ id, host }) => [id, host] as const),
  ]);
}
