// The syntax tree of a regular expression.

/** Whether a code point is in a class. */
export type CharSet = (point: number) => boolean;

export type Assertion = 'text-start' | 'text-end' | 'line-start' | 'line-end' | 'word-boundary' | 'no-word-boundary';

export type ExpressionNode =
  | { readonly kind: 'set'; readonly has: CharSet }
  | { readonly kind: 'assertion'; readonly what: Assertion }
  | { readonly kind: 'sequence'; readonly parts: readonly ExpressionNode[] }
  | { readonly kind: 'choice'; readonly ways: readonly ExpressionNode[] }
  /** Without `max` there is no end. */
  | { readonly kind: 'repeat'; readonly node: ExpressionNode; readonly min: number; readonly max: number | undefined };
