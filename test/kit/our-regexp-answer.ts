import { re2 } from '../../server/src/base/patterns/re2.ts';
import type { PatternQuestion } from './random-patterns.ts';

/** As `test/peers/regexp/main.go` writes it. */
export function ourAnswer({ pattern, texts }: PatternQuestion): string {
  const expression = re2(pattern);
  if (expression.kind !== 'valid') return '-';
  return texts.map((text) => (expression.matches(text) === true ? '1' : '0')).join('');
}
