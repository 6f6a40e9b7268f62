// Facts that nobody asks for any more are forgotten. One can rest on tens of thousands of keys: these are taken from it in steps.
import { eachInSteps } from '../../base/steps.ts';
import type { Doubts } from './doubts.ts';
import { keysIn, type Fact, type KnownKey, type KnownKeys } from './fact.ts';

/** Of keys that are taken from facts, about a millisecond's. */
const portion = 500;

export class Forgetting {
  readonly #known: KnownKeys;
  readonly #doubts: Doubts;
  /** Forgotten, and still noted at keys. */
  readonly #left = new Set<Fact>();
  #sizeWhenSwept = 1000;

  constructor(known: KnownKeys, doubts: Doubts) {
    this.#known = known;
    this.#doubts = doubts;
  }

  get isDone(): boolean {
    return this.#left.size === 0;
  }

  forget(fact: Fact): void {
    this.#doubts.facts.delete(fact);
    fact.doubt = 'stale'; // no edit marks it any more
    this.#known.delete(fact);
    if (keysIn(fact.behind).length > portion) this.#left.add(fact);
    else this.#known.rest(fact, []);
  }

  /** All but those that are kept, in steps. */
  *forgetting(facts: Iterable<Fact>, isKept: (fact: Fact) => boolean): Generator<undefined> {
    let taken = 0;
    for (const fact of facts) {
      if (taken >= portion) {
        yield undefined;
        taken = 0;
      }
      if (isKept(fact)) taken++;
      else {
        taken += 1 + keysIn(fact.behind).length;
        this.forget(fact);
      }
    }
    yield* this.#finishing();
  }

  /** One that is ended early goes on the next time. */
  *#finishing(): Generator<undefined> {
    for (const fact of this.#left) {
      yield* this.#known.resting(fact, []);
      this.#left.delete(fact);
    }
  }

  /** Facts about hosts and resources that are gone are asked for no more. Only once there are many more than the last time. */
  *sweeping(isRead: (key: KnownKey) => boolean): Generator<undefined> {
    if (this.#known.size <= 2 * this.#sizeWhenSwept) return;
    for (let size = Infinity; this.#known.size < size; ) {
      size = this.#known.size;
      yield* this.forgetting(this.#known.facts(), (fact) => this.#known.countReaders(fact) > 0 || isRead(fact.own));
    }
    yield* eachInSteps(this.#known.all(), (key) => this.#known.release([key])); // of what was given up
    this.#sizeWhenSwept = Math.max(1000, this.#known.size);
  }
}
