import { matchesParts } from '../../../server/src/base/patterns/wildcards.ts';

/** Whether a context's name fits one of the patterns, in which `*` matches any characters. Ignores case, to be on the safe side. */
export function isProtected(context: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matchesParts(pattern.toLowerCase().split('*'), context.toLowerCase()));
}
