import type { Resource } from '../../model/resource.ts';

/** To remember shorter ones costs more than to filter them. */
const longList = 50;

/** Filters a long list once: who asks for it for each of its members would else filter it as often. */
export function filterOnce(
  isCounted: (resource: Resource) => boolean,
): (key: string, list: readonly Resource[]) => readonly Resource[] {
  const known = new Map<string, readonly Resource[]>();
  return (key, list) => {
    const before = list.length < longList ? undefined : known.get(key);
    if (before) return before;
    const left = list.filter(isCounted);
    if (list.length >= longList) known.set(key, left);
    return left;
  };
}
