// Facts that are worked out from the mesh once and asked by many: who is bound where, which rule applies. Each knows the keys that it
// depends on, other facts among them. After an edit, the facts that depend on a changed key are in doubt; when they are checked, those
// that come out the same leave everything that rests on them as it is.
import { sameValue } from '../../base/same-value.ts';
import { doubtful, Doubts } from './doubts.ts';
import { Forgetting } from './forgetting.ts';
import { factPrefix, keysIn, type Fact, type How, type KnownKey, type KnownKeys, type Steps } from './fact.ts';
import { NotReady, WorkingOut, type Begun, type FactSource, type Work, type Worked } from './working-out.ts';

export class DerivedFacts {
  readonly #known: KnownKeys;
  readonly #doubts: Doubts;
  /** Whose readers are to be told: a fact in doubt may be asked for before it is checked. */
  readonly #changed = new Set<KnownKey>();
  readonly #forgetting: Forgetting;
  readonly #work: WorkingOut;
  #changes = 0;
  #edits = 0;

  constructor(source: FactSource) {
    this.#known = source.known;
    this.#doubts = new Doubts(source.known);
    this.#forgetting = new Forgetting(source.known, this.#doubts);
    this.#work = new WorkingOut(source);
  }

  get(own: KnownKey, how: How): unknown {
    this.#doubts.markAll();
    const known = own.fact;
    if (known) {
      this.#check(known);
      return known.value;
    }
    return this.#add(own, how, this.#work.first(own, how));
  }

  #add(own: KnownKey, { compute, steps, of }: How, worked: Worked): unknown {
    const { value } = worked;
    const now = ++this.#changes; // what rests on one that was forgotten may still be there
    // Each property by name: what is spread into an object is kept beside it.
    const fact = this.#known.add(own, (kept) => ({
      own: kept,
      compute,
      steps,
      of,
      value,
      behind: [],
      doubt: 'none',
      changedAt: now,
      checkedAt: now,
    }));
    this.#known.rest(fact, worked.keys);
    this.#note(fact, worked);
    return value;
  }

  /** Meanwhile, who asks for a fact that takes long is told `NotReady`, unless its work was begun too often. */
  refusing<T>(tries: number, work: () => T): T {
    return this.#work.refusing(tries, work);
  }

  /** Works out what is not ready, a step at a time. An edit between two steps ends it. */
  *ready({ wanted }: NotReady): Generator<undefined> {
    yield undefined;
    if ('work' in wanted) yield* this.#finished(wanted);
    else yield* this.#checkedInSteps(wanted);
  }

  /** An error is met again by whoever asks for the fact. */
  *#finished(begun: Begun): Generator<undefined> {
    const edits = this.#edits;
    for (let tries = 0; this.#edits === edits; tries++)
      try {
        const worked = yield* this.#untilEdit(
          tries === 0 ? begun.work : this.#work.begin(begun.steps, begun.of),
          tries,
        );
        if (worked) this.#add(begun.own, begun, worked);
        return;
      } catch (error) {
        if (!(error instanceof NotReady)) return;
        yield* this.ready(error);
      }
  }

  /** Nothing of it counts if an edit comes between two steps. */
  *#untilEdit(work: Work, tries: number): Generator<undefined, Worked | undefined> {
    const edits = this.#edits;
    return yield* this.#work.inSteps(work, tries, () => this.#edits !== edits);
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
    const { areMarked, facts } = this.#doubts;
    return !areMarked || facts.size > 0 || this.#changed.size > 0 || !this.#forgetting.isDone;
  }

  /**
   * Checks the facts in doubt that are read, one at a step, and gives the keys of those that are different now. Nobody asks for the
   * rest any more: it is forgotten.
   */
  *checked(isRead: (key: KnownKey) => boolean): Generator<KnownKey | undefined> {
    yield* this.#doubts.marking();
    for (const fact of this.#doubts.facts) if (isRead(fact.own)) yield* this.#checkedInSteps(fact);
    for (const key of this.#changed) {
      this.#changed.delete(key);
      if (isRead(key)) yield key;
    }
    // Those that are read are of an edit meanwhile.
    yield* this.#forgetting.forgetting(this.#doubts.facts, (fact) => isRead(fact.own));
    yield* this.#forgetting.sweeping(isRead);
  }

  /** Who asks next for a fact does not wait for what edits put in doubt to be marked. */
  marking(): Generator<undefined> {
    return this.#doubts.marking();
  }

  /** An edit between two steps makes it begin anew. */
  *#checkedInSteps(fact: Fact): Generator<undefined> {
    while (this.#isOpen(fact)) {
      yield* this.#doubts.marking();
      yield* this.#checkedUntilEdit(fact);
    }
  }

  /** What it rested on comes first, so that no step works out all of it. */
  *#checkedUntilEdit(fact: Fact): Generator<undefined> {
    const seen = new Set<Fact>();
    const edits = this.#edits;
    const open = [{ fact, behind: doubtful(fact) }];
    for (let last = open.at(-1); last && this.#edits === edits; last = open.at(-1)) {
      const next = last.behind.next();
      if (next.done) {
        open.pop();
        if (this.#isOpen(last.fact)) yield* this.#tryCheck(last.fact);
      } else if (!seen.has(next.value)) {
        seen.add(next.value);
        open.push({ fact: next.value, behind: doubtful(next.value) });
      }
    }
  }

  #isOpen(fact: Fact): boolean {
    return fact.doubt !== 'none' && fact.own.fact === fact;
  }

  /** An error is met again by whoever asks for the fact. */
  *#tryCheck(fact: Fact): Generator<undefined> {
    const edits = this.#edits;
    for (let tries = 0; this.#isOpen(fact) && this.#edits === edits; tries++)
      try {
        if (fact.steps && this.#work.refusing(tries, () => this.#isOutdated(fact)))
          yield* this.#recomputeInSteps(fact, fact.steps, tries);
        else this.#work.refusing(tries, () => this.#checkAtOnce(fact));
      } catch (error) {
        if (error instanceof NotReady) yield* this.ready(error);
        else this.#forgetBroken(fact);
      }
    yield undefined;
  }

  #forgetBroken(fact: Fact): void {
    this.#forgetting.forget(fact);
    this.#changed.add(fact.own);
  }

  #check(fact: Fact): void {
    if (fact.doubt === 'none') return;
    this.#work.refuseLong(fact);
    this.#checkAtOnce(fact);
  }

  #checkAtOnce(fact: Fact): void {
    if (this.#isOutdated(fact)) this.#replace(fact, this.#work.atOnce(fact));
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
    for (const { key, fact: other } of keysIn(behind)) {
      if (!key.startsWith(factPrefix)) continue;
      if (!other) return true;
      this.#check(other);
      if (other.changedAt > checkedAt) return true;
    }
    return false;
  }

  *#recomputeInSteps(fact: Fact, steps: Steps, tries: number): Generator<undefined> {
    const edits = this.#edits;
    const worked = yield* this.#untilEdit(this.#work.begin(steps, fact.of), tries);
    if (!worked) return;
    fact.doubt = 'stale'; // what it rests on is no help until it is all there
    for (const _ of this.#known.resting(fact, worked.keys)) {
      yield undefined;
      if (this.#edits !== edits) return;
    }
    this.#renew(fact, worked);
    this.#settle(fact);
  }

  #replace(fact: Fact, worked: Worked): void {
    this.#known.rest(fact, worked.keys);
    this.#renew(fact, worked);
  }

  /** Once it rests on other keys. */
  #renew(fact: Fact, worked: Worked): void {
    this.#note(fact, worked);
    if (sameValue(worked.value, fact.value)) return;
    fact.value = worked.value;
    fact.changedAt = ++this.#changes;
    this.#changed.add(fact.own);
  }

  #note(fact: Fact, worked: Worked): void {
    worked.keys.clear();
    this.#work.note(fact, worked);
  }
}
