// Dependency index: subject → keys that it read, key → subjects that read it. An edit invalidates the readers of the changed keys.
import { IdTable } from '../base/id-table.ts';
import { membersOf } from '../base/members.ts';
import { drained } from '../base/steps.ts';
import type { Fact, KnownKey, KnownKeys } from '../mesh/index/fact.ts';
import { withoutSoleFacts } from '../mesh/index/sole-facts.ts';

/** Facts of the subjects that ran last are likely to be asked for again. */
const recentSubjects = 1000;

/** A subject is a resource's id. */
export class Dependents {
  readonly #known: KnownKeys;
  readonly #keysOf = new IdTable<readonly KnownKey[]>();
  readonly #recent: number;
  /** Those that ran last, the latest at the end. */
  #ran: number[] = [];

  constructor(known: KnownKeys, recent = recentSubjects) {
    this.#known = known;
    this.#recent = recent;
  }

  /** True until something was read, as while a folder is loaded: then no key wakes anyone. */
  get isEmpty(): boolean {
    return this.#keysOf.size === 0;
  }

  /** Replaces what the subject had read. */
  set(subject: number, keys: Iterable<KnownKey>): void {
    drained(this.setting(subject, keys));
  }

  /** The same in steps: a rule can read tens of thousands. To end it early leaves the subject with some of both. */
  *setting(subject: number, keys: Iterable<KnownKey>): Generator<undefined, void> {
    const work = this.#known.replacing('subjects', subject, this.keysOf(subject), keys);
    for (let next = work.next(); ; next = work.next()) {
      this.#keep(subject, next.value);
      if (next.done) break;
      yield undefined;
    }
    if (this.#keysOf.get(subject)) this.#ran.push(subject);
  }

  /** Lets go of the facts of which subjects that ran long ago are the only readers. Nothing may be in doubt, and no subject on its way, at any step. */
  *lettingGo(): Generator<undefined, void> {
    if (this.#ran.length <= 2 * this.#recent) return;
    const old = this.#ran.slice(0, -this.#recent);
    this.#ran = this.#ran.slice(-this.#recent);
    const seen = new Set<Fact>();
    for (const subject of old.reverse()) {
      const keys = withoutSoleFacts(this.#known, subject, this.keysOf(subject), seen);
      if (keys) this.#keep(subject, keys);
      yield undefined;
    }
  }

  #keep(subject: number, keys: readonly KnownKey[]): void {
    if (keys.length > 0) this.#keysOf.set(subject, keys);
    else this.#keysOf.delete(subject);
  }

  delete(subject: number): void {
    this.set(subject, []);
  }

  readers(key: string): Iterable<number> {
    return membersOf(this.#known.find(key)?.subjects);
  }

  keysOf(subject: number): readonly KnownKey[] {
    return this.#keysOf.get(subject) ?? [];
  }
}

export function isRead({ subjects }: KnownKey): boolean {
  return subjects !== undefined;
}
