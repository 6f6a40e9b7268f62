// RE2's regular expressions, matched in linear time. Patterns of files run here and never in JavaScript's own engine, which backtracks.
import { parseExpression, type ExpressionError } from './parse-expression.ts';
import { compileExpression } from './program.ts';
import { leastSize } from './least-size.ts';
import { createMatcher, type Matcher } from './matcher.ts';

export type Expression =
  | { readonly kind: 'valid'; readonly matches: Matcher }
  | { readonly kind: 'invalid'; readonly error: ExpressionError }
  | { readonly kind: 'too-large' };

/** Longer texts are not read: the API server, istiod and Envoy all take less. */
const longestPattern = 65_536;
/** Instructions and characters of the expressions that are kept. */
const mostKept = 200_000;
const known = new Map<string, Expression>();
let kept = 0;

/**
 * The whole text must match, as Envoy has it: source/common/common/regex.cc CompiledGoogleReMatcher::match.
 * The answer is undefined where it would take too many steps.
 */
export function re2(pattern: string): Expression {
  const before = known.get(pattern);
  if (before) return before;
  const { expression, size } = expressionOf(pattern);
  if (kept + size > mostKept) {
    known.clear();
    kept = 0;
  }
  kept += size;
  known.set(pattern, expression);
  return expression;
}

function expressionOf(pattern: string): { readonly expression: Expression; readonly size: number } {
  const size = Math.min(pattern.length, longestPattern);
  if (pattern.length > longestPattern) return { expression: { kind: 'too-large' }, size };
  const { node, error } = parseExpression(pattern);
  if (error) return { expression: { kind: 'invalid', error }, size };
  const program = compileExpression(node);
  if (!program) return { expression: { kind: 'too-large' }, size };
  return {
    expression: { kind: 'valid', matches: createMatcher(program) },
    size: size + program.instructions.length,
  };
}

/**
 * Whether Envoy refuses a valid expression for its size, whatever it makes smaller. Not every such expression is found.
 * istio@86c9f01 tools/packaging/common/envoy_bootstrap.json re2.max_program_size.error_level; envoy source/common/common/regex.cc CompiledGoogleReMatcher.
 */
export function isTooLargeForEnvoy(pattern: string): boolean {
  if (pattern.length > longestPattern) return false;
  const { node } = parseExpression(pattern);
  return node !== undefined && leastSize(node) > mostOfEnvoy;
}

const mostOfEnvoy = 32_768;

/** A text as an expression that matches only it. */
export function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
