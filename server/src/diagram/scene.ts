// A graph as cards in three columns (clients, gateways, hosts) with links between them. What is treated alike shares a card where there
// are many, so that a large mesh stays readable.
import { groupBy } from '../base/group-by.ts';
import type { Anchor, Card, Link, Scene } from './card.ts';
import { cardsOf, type Folding, type Member } from './cards.ts';
import type { EgressGraph, GraphEdge, GraphFinding } from './graph.ts';
import { clean } from './clean.ts';
import { changeWords, gatewayKinds, gatewayName, mixOf, tlsWords, verdictWords } from './words.ts';

type Edges<Place> = readonly GraphEdge<Place>[];

export function sceneOf<Place>(graph: EgressGraph<Place>, folding: Folding = { toggled: new Set() }): Scene {
  const { edges, findings } = graph;
  const clients = cardsOf('clients', clientMembers(graph), folding);
  const hosts = cardsOf('hosts', hostMembers(graph), folding);
  const gateways = graph.gateways.map(
    (gateway): Omit<Card, 'worst' | 'findings'> => ({
      id: gateway.id,
      column: 1,
      title: gateway.name === '' ? gatewayName(gateway) : gateway.name,
      detail: [gatewayKinds[gateway.kind], gateway.namespace].filter((part) => part !== '').join(', '),
      canFold: false,
      isFolded: false,
      rows: [],
      word: '',
      nodes: [gateway.id],
      isWarning: gateway.kind === 'none' && edges.some((one) => one.gateway === gateway.id && one.bypasses),
    }),
  );
  const through = new Map(gateways.map(({ id }) => [id, { card: id, row: undefined }]));
  const cards = [...clients.cards, ...gateways, ...hosts.cards].map((card) => withFindings(card, findings));
  return { cards, links: linksOf(edges, clients.anchors, through, hosts.anchors) };
}

function clientMembers<Place>({ clients, edges }: EgressGraph<Place>): readonly Member[] {
  const byClient = groupEdges(edges, ({ client }) => client);
  const signatureOf = signing();
  const named = new Set(clients.flatMap(({ namespace, account }) => (account === null ? [] : namespace)));
  return clients.map(({ id, namespace, account }): Member => {
    const here = byClient.get(id) ?? [];
    return {
      id,
      node: id,
      group: namespace ?? '',
      title: namespace ?? 'all other clients',
      label: account ?? (namespace === null || !named.has(namespace) ? '' : 'other accounts'),
      fullLabel: namespace === null ? 'all other clients' : `${namespace}/${account ?? '*'}`,
      word: accessWord(here),
      signature: signatureOf(here, ({ gateway, host, port }) => `${gateway} ${host} ${port}`),
    };
  });
}

/** What is allowed, where that is short and the same everywhere. */
function accessWord<Place>(edges: Edges<Place>): string {
  const change = mixOf(edges.map((edge) => edge.change?.what ?? 'same'));
  if (change !== 'same') return changeWords[change];
  const access = mixOf(edges.map((edge) => edge.access));
  const allowed = mixOf(edges.map((edge) => edge.allowed));
  return access === 'some' && allowed !== 'mixed' && allowed.length <= 16 ? clean(allowed) : verdictWords[access];
}

function hostMembers<Place>({ hosts, edges }: EgressGraph<Place>): readonly Member[] {
  const byPort = groupEdges(edges, ({ host, port }) => `${host} ${port}`);
  const signatureOf = signing();
  const nameOf = new Map(hosts.map((host) => [host.id, host]));
  return [...byPort].map(([key, here]): Member => {
    const [{ host: id, port }] = here as readonly [GraphEdge<Place>, ...GraphEdge<Place>[]];
    const host = nameOf.get(id);
    const name = host?.host === '*' ? 'all hosts' : (host?.host ?? id);
    const protocol = host?.ports.find(({ number }) => number === port)?.protocol;
    return {
      id: key,
      node: id,
      group: id,
      title: name,
      label: port === 0 ? 'all ports' : [String(port), protocol ?? ''].filter((part) => part !== '').join(' '),
      fullLabel: port === 0 ? name : `${name}:${port}`,
      word: tlsWords[mixOf(here.map(({ tls }) => tls))],
      signature: `${port} ${protocol}\n${signatureOf(here, ({ client, gateway }) => `${client} ${gateway}`)}`,
    };
  });
}

/** Numbers for texts, so that many texts are compared quickly. */
function numbering(): (text: string) => number {
  const numbers = new Map<string, number>();
  return (text) => {
    const known = numbers.get(text) ?? numbers.size;
    numbers.set(text, known);
    return known;
  };
}

/** How each connection is treated, by its other end. */
type Sign = <Place>(edges: Edges<Place>, endOf: (edge: GraphEdge<Place>) => string) => string;

function signing(): Sign {
  const [ends, treatments] = [numbering(), numbering()];
  return (edges, endOf) =>
    Float64Array.from(
      edges,
      (edge) =>
        ends(endOf(edge)) * 1e6 +
        treatments(`${edge.change?.what ?? ''} ${edge.access} ${edge.tls} ${edge.bypasses} ${edge.allowed}`),
    )
      .sort()
      .join();
}

function groupEdges<Place>(
  edges: Edges<Place>,
  keyOf: (edge: GraphEdge<Place>) => string,
): ReadonlyMap<string, Edges<Place>> {
  return groupBy(edges, keyOf);
}

const ranks = { error: 3, warning: 2, information: 1, hint: 0 } as const;

function withFindings(card: Omit<Card, 'worst' | 'findings'>, findings: readonly GraphFinding<unknown>[]): Card {
  const nodes = new Set(card.nodes);
  const here = findings.filter((finding) => finding.nodes.some((node) => nodes.has(node)));
  const worst = here.reduce<Card['worst']>(
    (found, { severity }) => (found === undefined || ranks[severity] > ranks[found] ? severity : found),
    undefined,
  );
  return { ...card, findings: here.length, worst };
}

function linksOf<Place>(
  edges: Edges<Place>,
  clients: ReadonlyMap<string, Anchor>,
  gateways: ReadonlyMap<string, Anchor>,
  hosts: ReadonlyMap<string, Anchor>,
): readonly Link[] {
  type Collected = Pick<Link, 'id' | 'side' | 'from' | 'to'> & { readonly edges: number[] };
  const found: Collected[] = [];
  const byEnds = new Map<Anchor, Map<Anchor, Collected>>();
  const add = (side: Link['side'], from: Anchor, to: Anchor, edge: number): void => {
    const here = byEnds.get(from) ?? new Map<Anchor, Collected>();
    byEnds.set(from, here);
    let link = here.get(to);
    if (!link) {
      const id = `${side} ${from.card} ${from.row ?? ''} ${to.card} ${to.row ?? ''}`;
      link = { id, side, from, to, edges: [] };
      here.set(to, link);
      found.push(link);
    }
    link.edges.push(edge);
  };
  for (const [i, { client, gateway, host, port }] of edges.entries()) {
    const [from, to, through] = [clients.get(client), hosts.get(`${host} ${port}`), gateways.get(gateway)];
    if (from && through) add('client', from, through, i);
    if (to && through) add('host', through, to, i);
  }
  return found.map((link): Link => {
    const here = link.edges.map((i) => edges[i]!);
    return {
      ...link,
      access: mixOf(here.map(({ access }) => access)),
      tls: mixOf(here.map(({ tls }) => tls)),
      bypasses: here.some(({ bypasses }) => bypasses),
    };
  });
}
