// Where cards stand and how links run, by Dagre's layered layout: it orders the cards of each column so that few links cross.
import { graphlib, layout } from '@dagrejs/dagre';
import type { Anchor, Card, Link, Scene } from './card.ts';

export const rowHeight = 22;
const widths = [240, 220, 300] as const;
const gaps = { between: 10, columns: 120, margin: 16 };

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedCard extends Box {
  readonly card: Card;
}

export interface PlacedLink {
  readonly link: Link;
  readonly start: Point;
  readonly end: Point;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly cards: readonly PlacedCard[];
  readonly links: readonly PlacedLink[];
}

export function layOut({ cards, links }: Scene): Layout {
  const inOrder = placedBy(cards, links, false);
  if (crossings(inOrder) === 0) return inOrder;
  const ordered = placedBy(cards, links, true);
  return crossings(ordered) < crossings(inOrder) ? ordered : inOrder;
}

/** Cards in their own order, which readers know, or in one that Dagre finds. */
function placedBy(cards: Scene['cards'], links: Scene['links'], mayReorder: boolean): Layout {
  const graph = new graphlib.Graph();
  graph.setGraph({
    rankdir: 'LR',
    nodesep: gaps.between,
    ranksep: gaps.columns,
    marginx: gaps.margin,
    marginy: gaps.margin,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const card of cards) graph.setNode(card.id, { width: widths[card.column], height: heightOf(card) });
  const order = new Map(cards.map(({ id }, i) => [id, i]));
  const inOrder = [...links].sort(
    (a, b) => order.get(a.from.card)! - order.get(b.from.card)! || order.get(a.to.card)! - order.get(b.to.card)!,
  );
  for (const { from, to } of inOrder) graph.setEdge(from.card, to.card);
  layout(graph, { disableOptimalOrderHeuristic: !mayReorder });
  const placed = cards.map((card) => place(graph.node(card.id), card));
  const byId = new Map(placed.map((one) => [one.card.id, one]));
  return {
    width: Math.max(0, ...placed.map(({ x, width }) => x + width)) + gaps.margin,
    height: Math.max(0, ...placed.map(({ y, height }) => y + height)) + gaps.margin,
    cards: placed,
    links: links.flatMap((link) => {
      const [from, to] = [byId.get(link.from.card), byId.get(link.to.card)];
      if (!from || !to) return [];
      return [
        {
          link,
          start: { x: from.x + from.width, y: heightAt(from, link.from) },
          end: { x: to.x, y: heightAt(to, link.to) },
        },
      ];
    }),
  };
}

/** Dagre gives the middle of a node. */
function place({ x, y }: { readonly x: number; readonly y: number }, card: Card): PlacedCard {
  const [width, height] = [widths[card.column], heightOf(card)];
  return { card, x: Math.round(x - width / 2), y: Math.round(y - height / 2), width, height };
}

/** A head without a second line is lower. */
export function headHeight({ detail }: Card): number {
  return detail === '' ? 30 : 46;
}

function heightOf(card: Card): number {
  return headHeight(card) + card.rows.length * rowHeight + (card.rows.length > 0 ? 6 : 0);
}

/** Of links between the same columns, from how they start and end. */
function crossings({ links }: Layout): number {
  let count = 0;
  for (const [i, a] of links.entries())
    for (const b of links.slice(i + 1))
      if (a.link.side === b.link.side && (a.start.y - b.start.y) * (a.end.y - b.end.y) < 0) count++;
  return count;
}

function heightAt({ y, card }: PlacedCard, { row }: Anchor): number {
  const index = row === undefined ? -1 : card.rows.findIndex(({ id }) => id === row);
  const head = headHeight(card);
  return index < 0 ? y + head / 2 : y + head + index * rowHeight + rowHeight / 2;
}
