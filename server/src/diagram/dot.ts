// The graph in the language of Graphviz.
import type { Anchor, Card, Link } from './card.ts';
import { clean } from './clean.ts';
import type { EgressGraph, Verdict } from './graph.ts';
import { sceneOf } from './scene.ts';
import { tlsWords, verdictWords, type Mix } from './words.ts';

const styles: Readonly<Record<Mix<Verdict>, string>> = {
  all: 'color="#1a7f37"',
  some: 'color="#8a5a00", style=dashed',
  mixed: 'color="#8a5a00", style=dashed',
  none: 'color="#cf222e", style=dotted, arrowhead=tee',
  undetermined: 'color="#59636e", style=dashed',
};

export function dotOf<Place>(graph: EgressGraph<Place>): string {
  const { cards, links } = sceneOf(graph);
  const lines = [
    'digraph egress {',
    '  rankdir=LR;',
    '  node [shape=box, style=rounded, fontname="sans-serif"];',
    '  edge [fontname="sans-serif", fontsize=10];',
    ...cards.flatMap(cardLines),
    ...links.map((link) => `  ${quoted(nameOf(link.from))} -> ${quoted(nameOf(link.to))} [${attributesOf(link)}];`),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

function cardLines(card: Card, index: number): readonly string[] {
  if (card.rows.length === 0) {
    const text = [card.title, card.detail, card.word].filter((part) => part !== '').join('\n');
    return [`  ${quoted(card.id)} [label=${quoted(text)}${card.column === 1 ? ', shape=hexagon' : ''}];`];
  }
  return [
    `  subgraph cluster_${index} {`,
    `    label=${quoted(card.title)};`,
    ...card.rows.map(
      (row) => `    ${quoted(nameOf({ card: card.id, row: row.id }))} [label=${quoted(`${row.label}\n${row.word}`)}];`,
    ),
    '  }',
  ];
}

function nameOf({ card, row }: Anchor): string {
  return row === undefined ? card : `${card} ${row}`;
}

function attributesOf({ access, tls, side, bypasses }: Link): string {
  const words = [
    verdictWords[access],
    ...(side === 'host' ? [tlsWords[tls]] : []),
    ...(bypasses ? ['past its gateway'] : []),
  ];
  return `label=${quoted(words.join(', '))}, ${styles[access]}${bypasses ? ', penwidth=3' : ''}`;
}

/** A line end is written as the two characters that Graphviz reads as one; every backslash of a name stays one. */
function quoted(text: string): string {
  const lines = text.split('\n').map((line) => clean(line).replaceAll('\\', '\\\\').replaceAll('"', '\\"'));
  return `"${lines.join('\\n')}"`;
}
