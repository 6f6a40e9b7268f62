// What is selected, as the connections that it stands for.
import type { Scene } from '../../../../../server/src/diagram/card.ts';

export type Target =
  | { readonly kind: 'card'; readonly card: string; readonly row: string | undefined }
  | { readonly kind: 'link'; readonly link: string };

export interface Selection {
  readonly target: Target;
  /** Of the graph that is drawn. */
  readonly edges: ReadonlySet<number>;
  readonly links: ReadonlySet<string>;
  readonly cards: ReadonlySet<string>;
}

/** Undefined if the scene does not have it any more. */
export function selectionOf({ cards, links }: Scene, target: Target): Selection | undefined {
  if (target.kind === 'card' && !cards.some(({ id }) => id === target.card)) return undefined;
  const edges = new Set(
    links
      .filter((link) => {
        if (target.kind === 'link') return link.id === target.link;
        return [link.from, link.to].some(
          ({ card, row }) => card === target.card && (target.row === undefined || row === target.row),
        );
      })
      .flatMap((link) => link.edges),
  );
  if (target.kind === 'link' && edges.size === 0) return undefined;
  const lit = links.filter((link) => link.edges.some((edge) => edges.has(edge)));
  return {
    target,
    edges,
    links: new Set(lit.map(({ id }) => id)),
    cards: new Set([
      ...lit.flatMap(({ from, to }) => [from.card, to.card]),
      ...(target.kind === 'card' ? [target.card] : []),
    ]),
  };
}
