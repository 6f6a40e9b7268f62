// Facts that are worked out from the mesh once and asked by many: who is bound where, which rule applies. Each knows the keys that it
// depends on, other facts among them. After an edit, the facts that depend on a changed key are in doubt; when they are checked, those
// that come out the same leave everything that rests on them as it is.
import { eachInSteps } from '../../base/steps.ts';
import { sameValue } from '../../base/same-value.ts';
import type { Mesh } from '../mesh.ts';
import { Doubts } from './doubts.ts';
import { factPrefix, KnownKeys, type Compute, type Computed, type Fact, type KnownKey, type Steps } from './fact.ts';

export class DerivedFacts {
  readonly #viewFor: (record: (key: string) => void) => Mesh;
  readonly #known = new KnownKeys();
  readonly #doubts = new Doubts(this.#known);
  /** Whose readers are to be told: a fact in doubt may be asked for before it is checked. */
  readonly #changed = new Set<string>();
  #changes = 0;
  #edits = 0;
  #sizeWhenSwept = 1000;
  /** How many were worked out so far. */
  computed = 0;

  constructor(viewFor: (record: (key: string) => void) => Mesh) {
    this.#viewFor = viewFor;
  }

  get(key: string, compute: Compute, steps?: Steps): unknown {
    this.#doubts.markAll();
    const known = this.#known.fact(key);
    if (known) {
      this.#check(known);
      return known.value;
    }
    const { value, keys } = this.#compute(compute);
    const now = ++this.#changes; // what rests on one that was forgotten may still be there
    // Each property by name: what is spread into an object is kept beside it.
    const fact = this.#known.add(key, (own) => ({
      own,
      compute,
      steps,
      value,
      behind: [],
      doubt: 'none',
      changedAt: now,
      checkedAt: now,
    }));
    this.#known.rest(fact, keys);
    return value;
  }

  /** Without working anything out. */
  known(key: string): { readonly value: unknown } | undefined {
    this.#doubts.markAll();
    const fact = this.#known.fact(key);
    return fact?.doubt === 'none' ? fact : undefined;
  }

  /** As while a folder is read: then nothing is in doubt. */
  get isEmpty(): boolean {
    return this.#known.size === 0;
  }

  /** What depends on these keys is in doubt from now on. */
  doubt(keys: Iterable<string>): void {
    this.#edits++;
    this.#doubts.of(keys);
  }

  get areInDoubt(): boolean {
    return !this.#doubts.areMarked || this.#doubts.facts.size > 0 || this.#changed.size > 0;
  }

  /**
   * Checks the facts in doubt that are read, one at a step, and gives the keys of those that are different now. Nobody asks for the
   * rest any more: it is forgotten.
   */
  *checked(isRead: (key: string) => boolean): Generator<string | undefined> {
    yield* this.#doubts.marking();
    for (const fact of this.#doubts.facts) if (isRead(fact.own.key)) yield* this.#checkedInSteps(fact);
    for (const key of this.#changed) {
      this.#changed.delete(key);
      if (isRead(key)) yield key;
    }
    yield* eachInSteps(this.#doubts.facts, (fact) => {
      if (isRead(fact.own.key)) return; // of an edit meanwhile
      this.#doubts.facts.delete(fact);
      this.#forget(fact);
    });
    if (this.#known.size > 2 * this.#sizeWhenSwept) yield* this.#sweep(isRead);
  }

  /** Checks the facts in doubt among these and behind them that others rest on too, one at a step: who asks for these next does not wait for them. */
  *sharedChecked(keys: Iterable<string>, isRead: (key: string) => boolean): Generator<undefined> {
    yield* this.#doubts.marking();
    const seen = new Set<Fact>();
    const open = Array.from(keys, (key) => this.#known.fact(key)).filter((fact) => fact && fact.doubt !== 'none');
    for (let fact = open.pop(); fact; fact = open.pop()) {
      if (seen.has(fact)) continue;
      seen.add(fact);
      if (isRead(fact.own.key) || this.#known.countReaders(fact) > 1) yield* this.#checkedInSteps(fact, seen);
      else open.push(...doubtful(fact.behind));
    }
  }

  /** The keys of resources that a fact rests on. */
  *keysBehind(key: string, seen = new Set<string>()): Generator<string> {
    if (seen.has(key)) return;
    seen.add(key);
    if (!key.startsWith(factPrefix)) yield key;
    for (const other of this.#known.fact(key)?.behind ?? []) yield* this.keysBehind(other.key, seen);
  }

  /** An edit between two steps makes it begin anew. */
  *#checkedInSteps(fact: Fact, seen?: Set<Fact>): Generator<undefined> {
    while (this.#isOpen(fact)) {
      yield* this.#doubts.marking();
      yield* this.#checkedUntilEdit(fact, seen);
    }
  }

  /** What it rested on comes first, so that no step works out all of it. */
  *#checkedUntilEdit(fact: Fact, seen = new Set<Fact>()): Generator<undefined> {
    const edits = this.#edits;
    const open = [{ fact, behind: doubtful(fact.behind) }];
    for (let last = open.at(-1); last && this.#edits === edits; last = open.at(-1)) {
      const next = last.behind.next();
      if (next.done) {
        open.pop();
        if (this.#isOpen(last.fact)) yield* this.#tryCheck(last.fact);
      } else if (!seen.has(next.value)) {
        seen.add(next.value);
        open.push({ fact: next.value, behind: doubtful(next.value.behind) });
      }
    }
  }

  #isOpen(fact: Fact): boolean {
    return fact.doubt !== 'none' && fact.own.fact === fact;
  }

  /** An error is met again by whoever asks for the fact. */
  *#tryCheck(fact: Fact): Generator<undefined> {
    try {
      if (fact.steps && this.#isOutdated(fact)) yield* this.#recomputeInSteps(fact, fact.steps);
      else this.#check(fact);
    } catch {
      this.#forget(fact);
      this.#changed.add(fact.own.key);
    }
    yield undefined;
  }

  #check(fact: Fact): void {
    if (fact.doubt === 'none') return;
    if (this.#isOutdated(fact)) this.#recompute(fact);
    this.#settle(fact);
  }

  #settle(fact: Fact): void {
    fact.doubt = 'none';
    fact.checkedAt = this.#changes;
    this.#doubts.facts.delete(fact);
  }

  #isOutdated(fact: Fact): boolean {
    return fact.doubt === 'stale' || this.#restsOnChanges(fact);
  }

  #restsOnChanges({ behind, checkedAt }: Fact): boolean {
    for (const { key, fact: other } of behind) {
      if (!key.startsWith(factPrefix)) continue;
      if (!other) return true;
      this.#check(other);
      if (other.changedAt > checkedAt) return true;
    }
    return false;
  }

  #recompute(fact: Fact): void {
    this.#replace(fact, this.#compute(fact.compute));
  }

  /** Nothing of it counts if an edit comes between two steps. */
  *#recomputeInSteps(fact: Fact, steps: Steps): Generator<undefined> {
    this.computed++;
    const edits = this.#edits;
    const keys = new Set<string>();
    const work = steps(this.#viewFor((key) => keys.add(key)));
    for (let next = work.next(); ; next = work.next()) {
      if (next.done) {
        this.#replace(fact, { value: next.value, keys });
        this.#settle(fact);
        return;
      }
      yield undefined;
      if (this.#edits !== edits) return;
    }
  }

  #replace(fact: Fact, { value, keys }: Computed): void {
    this.#known.rest(fact, keys);
    if (sameValue(value, fact.value)) return;
    fact.value = value;
    fact.changedAt = ++this.#changes;
    this.#changed.add(fact.own.key);
  }

  #compute(compute: Compute): Computed {
    this.computed++;
    const keys = new Set<string>();
    return { value: compute(this.#viewFor((key) => keys.add(key))), keys };
  }

  #forget(fact: Fact): void {
    this.#known.rest(fact, []);
    this.#known.delete(fact);
  }

  /** Facts about hosts and resources that are gone are asked for no more. */
  *#sweep(isRead: (key: string) => boolean): Generator<undefined> {
    for (let size = Infinity; this.#known.size < size; ) {
      size = this.#known.size;
      yield* eachInSteps(this.#known.facts(), (fact) => {
        if (this.#known.countReaders(fact) === 0 && !isRead(fact.own.key)) this.#forget(fact);
      });
    }
    this.#sizeWhenSwept = Math.max(1000, this.#known.size);
  }
}

function* doubtful(behind: readonly KnownKey[]): Generator<Fact> {
  for (const { fact } of behind) if (fact && fact.doubt !== 'none') yield fact;
}
