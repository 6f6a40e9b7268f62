// Which facts are in doubt after edits. An edit may touch a key that thousands rest on: it only notes the key, and what rests on that is
// marked a portion at a step, or all at once for who asks for a fact before.
import { keysIn, type Fact, type KnownKeys } from './fact.ts';

/** About a millisecond's. */
const portion = 1000;

export class Doubts {
  readonly #known: KnownKeys;
  /** Marked, and not checked since. */
  readonly facts = new Set<Fact>();
  /** Changed keys, whose readers are to be marked. */
  readonly #changed = new Set<string>();
  /** Marked, and what rests on them is not. */
  readonly #wider: Fact[] = [];

  constructor(known: KnownKeys) {
    this.#known = known;
  }

  get areMarked(): boolean {
    return this.#changed.size === 0 && this.#wider.length === 0;
  }

  /** What depends on these keys is in doubt from now on. */
  of(keys: Iterable<string>): void {
    for (const key of keys) this.#changed.add(key);
  }

  /** Before anything is known of a fact. */
  markAll(): void {
    this.#mark(Infinity);
  }

  *marking(): Generator<undefined> {
    for (this.#mark(portion); !this.areMarked; this.#mark(portion)) yield undefined;
  }

  #mark(most: number): void {
    let left = most;
    for (const key of this.#changed) {
      if (left <= 0) return;
      this.#changed.delete(key);
      left -= this.#note(this.#known.readersOf(key), 'stale');
    }
    while (left > 0) {
      const fact = this.#wider.pop();
      if (!fact) return;
      left -= this.#note(this.#known.readersOfFact(fact), 'maybe');
    }
  }

  /** What was looked at. */
  #note(facts: Iterable<Fact>, doubt: 'maybe' | 'stale'): number {
    let count = 1;
    for (const fact of facts) {
      count++;
      if (fact.doubt === 'none') {
        this.facts.add(fact);
        this.#wider.push(fact);
      }
      if (fact.doubt !== 'stale') fact.doubt = doubt;
    }
    return count;
  }
}

export function* doubtful({ behind }: Fact): Generator<Fact> {
  for (const { fact } of keysIn(behind)) if (fact && fact.doubt !== 'none') yield fact;
}
