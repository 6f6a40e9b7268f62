/** Whether a context's name fits one of the patterns, in which `*` matches any characters. Ignores case, to be on the safe side. */
export function isProtected(context: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matcherOf(pattern).test(context));
}

function matcherOf(pattern: string): RegExp {
  const escaped = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`, 'is');
}
