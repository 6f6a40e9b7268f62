// The graph as a Mermaid flowchart, for Markdown pages.
import type { Anchor, Card, Link } from './card.ts';
import { clean } from './clean.ts';
import type { EgressGraph } from './graph.ts';
import { sceneOf } from './scene.ts';
import { tlsWords, verdictWords } from './words.ts';

export function mermaidOf<Place>(graph: EgressGraph<Place>): string {
  const { cards, links } = sceneOf(graph);
  const ids = new Map<string, string>();
  // Names of the manifests are in labels only: identifiers are numbers.
  const idOf = ({ card, row }: Anchor): string => {
    const key = JSON.stringify([card, row]);
    const id = ids.get(key) ?? `n${ids.size}`;
    ids.set(key, id);
    return id;
  };
  const lines = [
    'flowchart LR',
    ...cards.flatMap((card) => cardLines(card, idOf)),
    ...links.map((link) => `  ${idOf(link.from)} ${arrow(link)} ${idOf(link.to)}`),
  ];
  return `${lines.join('\n')}\n`;
}

function cardLines(card: Card, idOf: (anchor: Anchor) => string): readonly string[] {
  const head = { card: card.id, row: undefined };
  if (card.rows.length === 0) {
    const words = [card.detail, card.word].filter((part) => part !== '');
    const name = label([card.title, ...(words.length > 0 ? [words.join(', ')] : [])].join(' · '));
    return [`  ${idOf(head)}${card.column === 1 ? `{{${name}}}` : `[${name}]`}`];
  }
  return [
    `  subgraph ${idOf(head)}[${label(card.title)}]`,
    ...card.rows.map((row) => `    ${idOf({ card: card.id, row: row.id })}[${label(`${row.label} · ${row.word}`)}]`),
    '  end',
  ];
}

/** What is denied has a cross, what is open or partial a dotted line. */
function arrow({ access, tls, side, bypasses }: Link): string {
  const words = [
    verdictWords[access],
    ...(side === 'host' ? [tlsWords[tls]] : []),
    ...(bypasses ? ['past its gateway'] : []),
  ];
  const text = label(words.join(', '));
  if (access === 'none') return `--x|${text}|`;
  if (bypasses) return `==>|${text}|`;
  return access === 'all' ? `-->|${text}|` : `-.->|${text}|`;
}

/** Quoted, with every character as an entity that Mermaid or Markdown gives a meaning. */
function label(text: string): string {
  const escaped = clean(text).replace(
    /[^\p{L}\p{N} .,:/_\u00b7\u2026-]/gu,
    (character) => `#${character.codePointAt(0)!};`,
  );
  return `"${escaped}"`;
}
