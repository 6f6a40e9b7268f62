// How many instructions an expression has at least, after everything that RE2 does to make a program smaller.
import type { ExpressionNode } from './expression.ts';

/** Ways of a choice may share their beginnings, so only the longest counts; repetitions of what may be empty are merged. */
export function leastSize(node: ExpressionNode): number {
  switch (node.kind) {
    case 'set':
      return 1;
    case 'assertion':
      return 0;
    case 'sequence':
      return node.parts.reduce((sum, part) => sum + leastSize(part), 0);
    case 'choice':
      return Math.max(...node.ways.map((way) => leastSize(way)));
    case 'repeat':
      return node.min === 0 || mayBeEmpty(node.node) ? 0 : node.min * leastSize(node.node);
  }
}

function mayBeEmpty(node: ExpressionNode): boolean {
  switch (node.kind) {
    case 'set':
      return false;
    case 'assertion':
      return true;
    case 'sequence':
      return node.parts.every((part) => mayBeEmpty(part));
    case 'choice':
      return node.ways.some((way) => mayBeEmpty(way));
    case 'repeat':
      return node.min === 0 || mayBeEmpty(node.node);
  }
}
