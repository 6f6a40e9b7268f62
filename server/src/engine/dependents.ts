// Dependency index: subject → keys that it read, key → subjects that read it. An edit invalidates the readers of the changed keys.
import { flatText } from '../base/flat-text.ts';
import { membersOf, withMember, withoutMember, type Members } from '../base/members.ts';

/** A subject is a resource's id. */
export class Dependents {
  readonly #keysOf = new Map<number, readonly string[]>();
  readonly #readersOf = new Map<string, Members<number>>();

  /** True until something was read, as while a folder is loaded: then no key wakes anyone. */
  get isEmpty(): boolean {
    return this.#readersOf.size === 0;
  }

  /** Replaces what the subject had read. */
  set(subject: number, keys: ReadonlySet<string>): void {
    const before = this.keysOf(subject);
    // Most stand where they stood. `Array.from` would keep room for more.
    const kept = [...keys].map((key, i) => (before[i] === key ? before[i] : flatText(key)));
    for (const [i, key] of before.entries()) if (kept[i] !== key) this.#removeReader(key, subject);
    for (const [i, key] of kept.entries()) if (before[i] !== key) this.#addReader(key, subject);
    if (kept.length > 0) this.#keysOf.set(subject, kept);
    else this.#keysOf.delete(subject);
  }

  delete(subject: number): void {
    const keys = this.#keysOf.get(subject);
    if (!keys) return;
    for (const key of keys) this.#removeReader(key, subject);
    this.#keysOf.delete(subject);
  }

  readers(key: string): Iterable<number> {
    return membersOf(this.#readersOf.get(key));
  }

  isRead(key: string): boolean {
    return this.#readersOf.has(key);
  }

  keysOf(subject: number): readonly string[] {
    return this.#keysOf.get(subject) ?? [];
  }

  #addReader(key: string, subject: number): void {
    const readers = this.#readersOf.get(key);
    const now = withMember(readers, subject);
    if (now !== readers) this.#readersOf.set(key, now);
  }

  #removeReader(key: string, subject: number): void {
    const readers = this.#readersOf.get(key);
    const now = withoutMember(readers, subject);
    if (now === undefined) this.#readersOf.delete(key);
    else if (now !== readers) this.#readersOf.set(key, now);
  }
}
