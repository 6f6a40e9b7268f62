// Quantifiers: `*`, `+?`, `{2,5}`.
import type { ExpressionNode } from './expression.ts';

export interface Quantifier {
  readonly min: number;
  readonly max: number | undefined;
  /** Written as `{...}`. */
  readonly isCounted: boolean;
  readonly end: number;
}

/** Undefined where none is; a brace that is not part of one is a plain character. */
export function quantifierAt(text: string, at: number): Quantifier | undefined {
  const simple = shortForms[text[at]!];
  if (simple) return { ...simple, isCounted: false, end: afterLazy(text, at + 1) };
  if (text[at] !== '{') return undefined;
  const found = /^\{(0|[1-9]\d*)(,(0|[1-9]\d*)?)?\}/.exec(text.slice(at, at + 64));
  if (!found) return undefined;
  const min = Number(found[1]);
  const upper = found[3] === undefined ? undefined : Number(found[3]);
  return {
    min,
    max: found[2] === undefined ? min : upper,
    isCounted: true,
    end: afterLazy(text, at + found[0].length),
  };
}

function afterLazy(text: string, at: number): number {
  return text[at] === '?' ? at + 1 : at;
}

const shortForms: Readonly<Record<string, { readonly min: number; readonly max: number | undefined } | undefined>> = {
  '*': { min: 0, max: undefined },
  '+': { min: 1, max: undefined },
  '?': { min: 0, max: 1 },
};

/** Counts of nested repetitions are multiplied. Go's parse.go repeatIsValid. */
export function repeatsTooOften(node: ExpressionNode, limit: number): boolean {
  switch (node.kind) {
    case 'repeat': {
      const count = node.max ?? node.min;
      if (node.max === 0) return false;
      if (count > limit) return true;
      return repeatsTooOften(node.node, count > 0 ? Math.floor(limit / count) : limit);
    }
    case 'sequence':
      return node.parts.some((part) => repeatsTooOften(part, limit));
    case 'choice':
      return node.ways.some((way) => repeatsTooOften(way, limit));
    default:
      return false;
  }
}
