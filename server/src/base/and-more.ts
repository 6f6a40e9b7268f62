/** `a`, `a and b`, `a, b and c`, `a, b and 3 more`. */
export function andMore(names: readonly (string | number)[]): string {
  const shown = names.length > 3 ? [...names.slice(0, 2), `${names.length - 2} more`] : names;
  return shown.length < 2 ? String(shown[0] ?? '') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** `a and b and c` or `a, b, c`; of many the first two and how many more. */
export function joinedWith<T>(word: 'and' | 'or' | ',', items: readonly T[], nameOf: (item: T) => string): string {
  const [between, last] = word === ',' ? [', ', ' and '] : [` ${word} `, ` ${word} `];
  if (items.length <= mostNamed) return items.map(nameOf).join(between);
  return `${items.slice(0, 2).map(nameOf).join(between)}${last}${items.length - 2} more`;
}

const mostNamed = 6;

/** So many places are related to a finding or a step at most. */
export const mostRelated = 20;

/** As many as are listed, and how many more there are. */
export function firstAndMore<T>(items: readonly T[]): { readonly first: readonly T[]; readonly more: number } {
  return { first: items.slice(0, mostRelated), more: Math.max(0, items.length - mostRelated) };
}

/** The first places of so many; the last of them says how many more there are. */
export function firstRelated<T extends { readonly message: string }>(first: readonly T[], count: number): readonly T[] {
  const more = count - mostRelated;
  if (more <= 0) return first;
  return first
    .slice(0, mostRelated)
    .map((one, i) =>
      i < mostRelated - 1
        ? one
        : { ...one, message: `${one.message} ${more} more ${more === 1 ? 'is' : 'are'} not listed.` },
    );
}
