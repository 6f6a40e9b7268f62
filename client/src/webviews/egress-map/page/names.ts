// Names of a graph's nodes by their ids, and connections in words.
import type { GraphEdge } from '../../../../../server/src/diagram/graph.ts';
import { clientName, gatewayName, targetName, tlsWords } from '../../../../../server/src/diagram/words.ts';
import type { MapGraph, Place } from '../protocol.ts';

export interface Names {
  readonly client: (edge: GraphEdge<Place>) => string;
  readonly gateway: (edge: GraphEdge<Place>) => string;
  readonly target: (edge: GraphEdge<Place>) => string;
  /** For a trace; undefined where there is nothing to ask for. */
  readonly request: (edge: GraphEdge<Place>) => { readonly url: string; readonly from: string } | undefined;
  /** Where a node is written. */
  readonly place: (node: string) => Place | undefined;
}

export function namesOf({ clients, gateways, hosts }: MapGraph): Names {
  const [byClient, byGateway, byHost] = [byId(clients), byId(gateways), byId(hosts)];
  return {
    client: ({ client }) => nameOr(byClient.get(client), clientName, client),
    gateway: ({ gateway }) => nameOr(byGateway.get(gateway), gatewayName, gateway),
    target: ({ host, port }) => nameOr(byHost.get(host), (one) => targetName(one.host, port), host),
    request({ client, host, port }) {
      const url = byHost.get(host)?.ports.find(({ number }) => number === port)?.url;
      const from = byClient.get(client)?.from;
      return url === undefined || from === undefined ? undefined : { url, from };
    },
    place: (node) => byGateway.get(node)?.place ?? byHost.get(node)?.place ?? undefined,
  };
}

function byId<T extends { readonly id: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((one) => [one.id, one]));
}

function nameOr<T>(found: T | undefined, name: (found: T) => string, id: string): string {
  return found === undefined ? id : name(found);
}

export function accessWords({ access, allowed }: GraphEdge<Place>): string {
  switch (access) {
    case 'all':
      return 'all requests';
    case 'some':
      return allowed;
    case 'none':
      return 'denied';
    case 'undetermined':
      return 'undetermined';
  }
}

export function tlsText({ tls, bypasses }: GraphEdge<Place>): string {
  return bypasses ? `${tlsWords[tls]}, past its gateway` : tlsWords[tls];
}

/** Of a connection in the difference of files and cluster. */
export function changeText({ what, before }: NonNullable<GraphEdge<Place>['change']>): string {
  switch (what) {
    case 'added':
      return 'only in the files';
    case 'removed':
      return 'only in the cluster';
    case 'changed':
      return `in the cluster: ${before}`;
  }
}

export function placeText({ uri, range, resource }: Place): string {
  const file = decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1));
  const line = `${file}:${range.start.line + 1}`;
  if (!resource) return line;
  const { kind, namespace, name } = resource;
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${name} (${line})`;
}
