/** In the order in which each key comes first. */
export function groupBy<T, K = string>(list: readonly T[], keyOf: (one: T) => K): ReadonlyMap<K, readonly [T, ...T[]]> {
  const groups = new Map<K, [T, ...T[]]>();
  for (const one of list) addToGroup(groups, keyOf(one), one);
  return groups;
}

export function addToGroup<T, K>(lists: Map<K, [T, ...T[]]>, key: K, item: T): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}
