// Moves the nodes of a repaired text back to their positions in the original text.
import type { Span } from '../base/span.ts';
import type { YamlNode } from './node.ts';

export type Move = (span: Span) => Span;

export function mover(toOriginal: (offset: number) => number): Move {
  return ({ start, end }) => ({ start: toOriginal(start), end: toOriginal(end) });
}

export function movedNode(node: YamlNode, move: Move): YamlNode {
  const span = move(node.span);
  if (node.kind === 'scalar') return { ...node, span };
  if (node.kind === 'seq') return { ...node, span, items: node.items.map((item) => movedNode(item, move)) };
  const entries = node.entries.map((entry) => ({
    ...entry,
    key: { ...entry.key, span: move(entry.key.span) },
    value: movedNode(entry.value, move),
  }));
  return { ...node, span, entries };
}
