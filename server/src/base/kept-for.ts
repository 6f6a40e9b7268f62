/** What a map has for the key, made and put there where it has nothing. */
export function keptIn<K, V>(known: Map<K, V>, key: K, make: () => V): V {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}

/** What is made of an object, once for each and as long as the object is in use. Right only for what never changes, and decides all of it. */
export function keptFor<K extends object, V>(make: (of: K) => V): (of: K) => V {
  const known = new WeakMap<K, V>();
  return (of) => {
    const found = known.get(of);
    if (found !== undefined || known.has(of)) return found!;
    const made = make(of);
    known.set(of, made);
    return made;
  };
}
