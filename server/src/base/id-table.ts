// Values by ids that are given one after the other. Most ids near each other have a value, so that a list of them takes a quarter of what a
// map does; lists without a value are let go.

const perList = 64;

interface List<T> {
  readonly values: (T | undefined)[];
  count: number;
}

/** Ids are whole numbers from 0; a value is never undefined. */
export class IdTable<T> {
  readonly #lists = new Map<number, List<T>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(id: number): T | undefined {
    return this.#lists.get(Math.floor(id / perList))?.values[id % perList];
  }

  set(id: number, value: T): void {
    const list = this.#lists.get(Math.floor(id / perList)) ?? this.#newList(id);
    if (list.values[id % perList] === undefined) {
      list.count++;
      this.#size++;
    }
    list.values[id % perList] = value;
  }

  #newList(id: number): List<T> {
    const list = { values: Array.from<T | undefined>({ length: perList }), count: 0 };
    this.#lists.set(Math.floor(id / perList), list);
    return list;
  }

  delete(id: number): void {
    const list = this.#lists.get(Math.floor(id / perList));
    if (list?.values[id % perList] === undefined) return;
    list.values[id % perList] = undefined;
    this.#size--;
    if (--list.count === 0) this.#lists.delete(Math.floor(id / perList));
  }

  *values(): Generator<T> {
    for (const { values } of this.#lists.values()) for (const value of values) if (value !== undefined) yield value;
  }
}
