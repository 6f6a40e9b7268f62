/** `a`, `a and b`, `a, b and c`, `a, b and 3 more`. */
export function andMore(names: readonly (string | number)[]): string {
  const shown = names.length > 3 ? [...names.slice(0, 2), `${names.length - 2} more`] : names;
  return shown.length < 2 ? String(shown[0] ?? '') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** `a and b and c`, or the first two and how many more. */
export function joinedWith<T>(word: 'and' | 'or', items: readonly T[], nameOf: (item: T) => string): string {
  const isLong = items.length > mostNamed;
  const names = items.slice(0, isLong ? 2 : mostNamed).map(nameOf);
  return [...names, ...(isLong ? [`${items.length - 2} more`] : [])].join(` ${word} `);
}

const mostNamed = 6;

/** So many places are related to a finding or a step at most. */
export const mostRelated = 20;
