// Who read what: subject → keys it read, and key → subjects that read it. An edit wakes the readers of the keys it changed.

/** A subject is a resource's id. */
export class Dependents {
  readonly #keysOf = new Map<number, readonly string[]>();
  readonly #readersOf = new Map<string, Set<number>>();

  /** Replaces what the subject had read. */
  set(subject: number, keys: ReadonlySet<string>): void {
    this.delete(subject);
    this.#keysOf.set(subject, [...keys]);
    for (const key of keys) {
      const readers = this.#readersOf.get(key);
      if (readers) readers.add(subject);
      else this.#readersOf.set(key, new Set([subject]));
    }
  }

  delete(subject: number): void {
    for (const key of this.#keysOf.get(subject) ?? []) {
      const readers = this.#readersOf.get(key);
      readers?.delete(subject);
      if (readers?.size === 0) this.#readersOf.delete(key);
    }
    this.#keysOf.delete(subject);
  }

  readers(key: string): Iterable<number> {
    return this.#readersOf.get(key) ?? [];
  }

  keysOf(subject: number): readonly string[] {
    return this.#keysOf.get(subject) ?? [];
  }
}
