// A fact that is worked out from the mesh, and which facts rest on which keys.
import { flatText } from '../../base/flat-text.ts';
import { countMembers, membersOf, withMember, withoutMember, type Members } from '../../base/members.ts';
import type { Mesh } from '../mesh.ts';

export type Compute = (mesh: Mesh) => unknown;
/** The same in steps, for facts that take long. */
export type Steps = (mesh: Mesh) => Generator<undefined, unknown>;

export interface Computed {
  readonly value: unknown;
  readonly keys: ReadonlySet<string>;
}

export interface Fact {
  /** Its key, with those that rest on it. */
  readonly own: KnownKey;
  /** Holds no mesh: it is asked again after edits. */
  readonly compute: Compute;
  readonly steps: Steps | undefined;
  value: unknown;
  /** What it rests on. */
  behind: readonly KnownKey[];
  /** `stale`: a key that it read has changed. `maybe`: a fact that it rests on is in doubt. */
  doubt: 'none' | 'maybe' | 'stale';
  /** Counts the changes of values in all facts. */
  changedAt: number;
  checkedAt: number;
}

/** Keys of facts begin with this, and no others do. */
export const factPrefix = '?';

/** A key that a fact has, or that facts rest on. There are a dozen for each resource, so that each is kept once. */
export interface KnownKey {
  readonly key: string;
  fact: Fact | undefined;
  readers: Members<Fact>;
}

export class KnownKeys {
  readonly #byKey = new Map<string, KnownKey>();
  /** Of facts. */
  size = 0;

  /** Of all keys. */
  get count(): number {
    return this.#byKey.size;
  }

  fact(key: string): Fact | undefined {
    return this.#byKey.get(key)?.fact;
  }

  *facts(): Generator<Fact> {
    for (const { fact } of this.#byKey.values()) if (fact) yield fact;
  }

  /** In place of another with its key. */
  add(key: string, make: (own: KnownKey) => Fact): Fact {
    const own = this.#known(key);
    if (!own.fact) this.size++;
    own.fact = make(own);
    return own.fact;
  }

  delete(fact: Fact): void {
    const { own } = fact;
    if (own.fact !== fact) return;
    own.fact = undefined;
    this.size--;
    this.#dropUnused(own);
  }

  /** Facts that rest on the key. */
  readersOf(key: string): Iterable<Fact> {
    return membersOf(this.#byKey.get(key)?.readers);
  }

  /** Facts that rest on the fact. */
  readersOfFact({ own }: Fact): Iterable<Fact> {
    return membersOf(own.readers);
  }

  countReaders({ own }: Fact): number {
    return countMembers(own.readers);
  }

  /** In place of what the fact rested on. */
  rest(fact: Fact, keys: Iterable<string>): void {
    const before = fact.behind;
    // After an edit, most stand where they stood. `Array.from` would keep room for more.
    const behind = [...keys].map((key, i) => (before[i]?.key === key ? before[i] : this.#known(key)));
    fact.behind = behind;
    const gone = before.filter((known, i) => known !== behind[i]);
    for (const known of gone) known.readers = withoutMember(known.readers, fact);
    for (const [i, known] of behind.entries()) if (known !== before[i]) known.readers = withMember(known.readers, fact);
    for (const known of gone) this.#dropUnused(known);
  }

  #known(key: string): KnownKey {
    const present = this.#byKey.get(key);
    if (present) return present;
    const known = { key: flatText(key), fact: undefined, readers: undefined };
    this.#byKey.set(known.key, known);
    return known;
  }

  #dropUnused(known: KnownKey): void {
    if (!known.fact && !known.readers && this.#byKey.get(known.key) === known) this.#byKey.delete(known.key);
  }
}
