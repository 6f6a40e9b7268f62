// Dependency index: subject → keys that it read, key → subjects that read it. An edit invalidates the readers of the changed keys.
import { membersOf } from '../base/members.ts';
import { drained } from '../base/steps.ts';
import type { KnownKey, KnownKeys } from '../mesh/index/fact.ts';

/** A subject is a resource's id. */
export class Dependents {
  readonly #known: KnownKeys;
  readonly #keysOf = new Map<number, readonly KnownKey[]>();

  constructor(known: KnownKeys) {
    this.#known = known;
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
      if (next.done) return;
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
