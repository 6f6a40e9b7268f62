// What is drawn now: the filtered part of a source as a scene, and what a selection in it stands for.
import type { Scene } from '../../../../../server/src/diagram/card.ts';
import { filterGraph } from '../../../../../server/src/diagram/filter.ts';
import type { GraphEdge, GraphFinding } from '../../../../../server/src/diagram/graph.ts';
import { sceneOf } from '../../../../../server/src/diagram/scene.ts';
import type { MapGraph, Place } from '../protocol.ts';
import { namesOf, type Names } from './names.ts';
import { selectionOf, type Selection, type Target } from './selection.ts';
import type { MapState } from './state.ts';

export interface Drawn {
  readonly whole: MapGraph;
  readonly graph: MapGraph;
  readonly scene: Scene;
  readonly names: Names;
}

/** What is selected, for reading. */
export interface Shown {
  readonly title: string;
  readonly edges: readonly GraphEdge<Place>[];
  readonly findings: readonly GraphFinding<Place>[];
  readonly names: Names;
}

export function drawnOf(whole: MapGraph, { filter, toggled }: Pick<MapState, 'filter' | 'toggled'>): Drawn {
  const graph = filterGraph(whole, filter);
  return { whole, graph, scene: sceneOf(graph, { toggled: new Set(toggled) }), names: namesOf(graph) };
}

type CardTarget = Extract<Target, { kind: 'card' }>;

/** Where what is selected is written: its own place, else what decides its connections. */
export function placeOf(drawn: Drawn, target: Target): Place | undefined {
  const { graph, scene, names } = drawn;
  const own = target.kind === 'card' ? nodesOf(drawn, target).map(names.place) : [];
  const edges = selectionOf(scene, target)?.edges ?? new Set();
  return [...own, ...[...edges].flatMap((i) => graph.edges[i]?.because ?? [])].find((place) => place !== undefined);
}

export function contentOf(drawn: Drawn, { edges, target }: Selection): Shown {
  const { graph, names } = drawn;
  const nodes = new Set(target.kind === 'card' ? nodesOf(drawn, target) : []);
  return {
    title: titleOf(drawn, target),
    edges: [...edges].flatMap((i) => graph.edges[i] ?? []),
    findings: graph.findings.filter((finding) => finding.nodes.some((node) => nodes.has(node))),
    names,
  };
}

/** Of a row, that of its client or host. */
function nodesOf({ graph, scene }: Drawn, { card, row }: CardTarget): readonly string[] {
  if (row === undefined) return scene.cards.find(({ id }) => id === card)?.nodes ?? [];
  const edge = graph.edges.find(({ client, host, port }) => client === row || `${host} ${port}` === row);
  return edge ? [edge.client === row ? edge.client : edge.host] : [];
}

function titleOf({ scene: { cards, links } }: Drawn, target: Target): string {
  const cardTitle = (id: string) => cards.find((card) => card.id === id)?.title ?? '';
  if (target.kind === 'card') {
    const row = cards.find(({ id }) => id === target.card)?.rows.find(({ id }) => id === target.row);
    return row ? `${cardTitle(target.card)} · ${row.label}` : cardTitle(target.card);
  }
  const link = links.find(({ id }) => id === target.link);
  return link ? `${cardTitle(link.from.card)} → ${cardTitle(link.to.card)}` : '';
}
