/** A list that grew item by item has room for more, which lists that are kept for each field of each resource do not need. */
export function withoutRoom<T>(list: readonly T[]): readonly T[] {
  return list.length > 0 ? list.slice() : none;
}

const none: readonly never[] = [];
