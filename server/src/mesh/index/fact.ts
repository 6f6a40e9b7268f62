// A fact that is worked out from the mesh, and which facts rest on which keys.
import type { Mesh } from '../mesh.ts';

export type Compute = (mesh: Mesh) => unknown;
/** The same in steps, for facts that take long. */
export type Steps = (mesh: Mesh) => Generator<undefined, unknown>;

export interface Computed {
  readonly value: unknown;
  readonly keys: ReadonlySet<string>;
}

export interface Fact {
  readonly key: string;
  /** Holds no mesh: it is asked again after edits. */
  readonly compute: Compute;
  readonly steps: Steps | undefined;
  value: unknown;
  keys: ReadonlySet<string>;
  /** `stale`: a key that it read has changed. `maybe`: a fact that it rests on is in doubt. */
  doubt: 'none' | 'maybe' | 'stale';
  /** Counts the changes of values in all facts. */
  changedAt: number;
  checkedAt: number;
}

/** Keys of facts begin with this, and no others do. */
export const factPrefix = '?';

const none: ReadonlySet<Fact> = new Set();

export class FactReaders {
  readonly #byKey = new Map<string, Set<Fact>>();

  of(key: string): ReadonlySet<Fact> {
    return this.#byKey.get(key) ?? none;
  }

  add(fact: Fact): void {
    for (const key of fact.keys) {
      const readers = this.#byKey.get(key);
      if (readers) readers.add(fact);
      else this.#byKey.set(key, new Set([fact]));
    }
  }

  remove(fact: Fact): void {
    for (const key of fact.keys) {
      const readers = this.#byKey.get(key);
      readers?.delete(fact);
      if (readers?.size === 0) this.#byKey.delete(key);
    }
  }
}
