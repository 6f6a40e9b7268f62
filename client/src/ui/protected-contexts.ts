/** Whether a context's name fits one of the patterns, in which `*` stands for any characters. Case does not matter: a guard had better be too strict. */
export function isProtected(context: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matcherOf(pattern).test(context));
}

function matcherOf(pattern: string): RegExp {
  const escaped = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`, 'is');
}
