// A fact that is worked out from the mesh, and which facts rest on which keys.
import { inOnePiece } from '../../base/flat-text.ts';
import { countMembers, membersOf, withMember, withoutMember, type Members } from '../../base/members.ts';
import { drained } from '../../base/steps.ts';
import type { Mesh } from '../mesh.ts';

type Compute = (mesh: Mesh, of: unknown) => unknown;
/** The same in steps, for facts that take long. */
export type Steps = (mesh: Mesh, of: unknown) => Generator<undefined, unknown>;

/** Most rest on one key, which is held bare. */
export type Behind = KnownKey | readonly KnownKey[];

export function keysIn(behind: Behind): readonly KnownKey[] {
  return 'key' in behind ? [behind] : behind;
}

/** One of both, as a closure is kept for each fact. */
export type How = Pick<Fact, 'compute' | 'steps' | 'of'>;

/** All at once. */
export function workedOut(mesh: Mesh, { compute, steps, of }: How): unknown {
  return steps ? drained(steps(mesh, of)) : compute?.(mesh, of);
}

export interface Fact {
  /** Its key, with those that rest on it. */
  readonly own: KnownKey;
  /** Holds no mesh: it is asked again after edits. */
  readonly compute: Compute | undefined;
  /** In place of `compute`. */
  readonly steps: Steps | undefined;
  /** What either is given besides the mesh. */
  readonly of: unknown;
  value: unknown;
  /** What it rests on. */
  behind: Behind;
  /** `stale`: a key that it read has changed. `maybe`: a fact that it rests on is in doubt. */
  doubt: 'none' | 'maybe' | 'stale';
  /** Counts the changes of values in all facts. */
  changedAt: number;
  checkedAt: number;
}

/** Keys of facts begin with this, and no others do. */
export const factPrefix = '?';

/** A key that a fact has, or that facts or subjects of rules rest on. There are a dozen for each resource, so that each is kept once. */
export interface KnownKey {
  readonly key: string;
  fact: Fact | undefined;
  /** Facts that rest on it. */
  readers: Members<Fact>;
  /** Subjects of rules, by the ids of resources. */
  subjects: Members<number>;
}

/** The keys of resources behind a key: those that its fact rests on. */
export function* keysBehind(known: KnownKey, seen = new Set<KnownKey>()): Generator<string> {
  if (seen.has(known)) return;
  seen.add(known);
  if (!known.key.startsWith(factPrefix)) yield known.key;
  for (const other of keysIn(known.fact?.behind ?? [])) yield* keysBehind(other, seen);
}

/** Keys, of which each takes up to ten microseconds where thousands read it. */
const portion = 500;

/** In whom a key is noted that it rests on. */
export type Readers = 'readers' | 'subjects';
export type Reader<R extends Readers> = R extends 'readers' ? Fact : number;

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

  find(key: string): KnownKey | undefined {
    return this.#byKey.get(key);
  }

  /** It is kept once something has it or rests on it; who asked for it and does not need it releases it. */
  of(key: string): KnownKey {
    const present = this.#byKey.get(inOnePiece(key));
    if (present) return present;
    const known = { key, fact: undefined, readers: undefined, subjects: undefined };
    this.#byKey.set(known.key, known);
    return known;
  }

  /** Tells of each key, and gives it as it is kept. */
  recording(record: (key: KnownKey) => void): (key: string) => KnownKey {
    return (key) => {
      const known = this.of(key);
      record(known);
      return known;
    };
  }

  release(keys: Iterable<KnownKey>): void {
    for (const known of keys) this.#dropUnused(known);
  }

  all(): Iterable<KnownKey> {
    return this.#byKey.values();
  }

  *facts(): Generator<Fact> {
    for (const { fact } of this.#byKey.values()) if (fact) yield fact;
  }

  /** In place of another with its key. */
  add(known: KnownKey, make: (own: KnownKey) => Fact): Fact {
    const own = this.#kept(known);
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
  rest(fact: Fact, keys: Iterable<KnownKey>): void {
    drained(this.resting(fact, keys));
  }

  /** The same in steps. Until its end, or if that does not come, the fact rests on some of both. */
  *resting(fact: Fact, keys: Iterable<KnownKey>): Generator<undefined, void> {
    const work = this.replacing('readers', fact, keysIn(fact.behind), keys);
    for (let next = work.next(); ; next = work.next()) {
      fact.behind = next.value.length === 1 ? next.value[0]! : next.value;
      if (next.done) return;
      yield undefined;
    }
  }

  /**
   * Takes the reader from the keys `before` that are not among the other ones, and notes it at these; gives them as a list to be kept.
   * In steps, at each of which it gives the keys where the reader is noted by then, in a list that follows: whoever ends it early is to keep it.
   */
  *replacing<R extends Readers>(
    as: R,
    reader: Reader<R>,
    before: readonly KnownKey[],
    keys: Iterable<KnownKey>,
  ): Generator<readonly KnownKey[], readonly KnownKey[]> {
    const now = [...keys]; // `Array.from` would keep room for more
    const { from, after } = alikeAtEnds(before, now);
    if (from === now.length && from === before.length) return before;
    const gone = new Set(before.slice(from, before.length - after));
    const noted = gone.size + now.length - from - after > portion ? [...before] : undefined;
    for (let i = from; i < now.length - after; i++) {
      if (noted && i > from && (i - from) % portion === 0) yield noted;
      const known = this.#kept(now[i]!);
      now[i] = known;
      if (gone.delete(known)) continue;
      setReaders(known, as, withMember<Reader<R>>(readersIn(known, as), reader));
      noted?.push(known);
    }
    if (noted) yield* this.#takingFrom(as, reader, [...now, ...gone], gone.size);
    else for (const known of gone) this.#take(as, reader, known);
    return now;
  }

  /** From the last ones of the list. */
  *#takingFrom<R extends Readers>(
    as: R,
    reader: Reader<R>,
    noted: KnownKey[],
    count: number,
  ): Generator<readonly KnownKey[]> {
    for (let left = count; left > 0; left--) {
      this.#take(as, reader, noted.pop()!);
      if (left % portion === 0) yield noted;
    }
  }

  #take<R extends Readers>(as: R, reader: Reader<R>, known: KnownKey): void {
    setReaders(known, as, withoutMember<Reader<R>>(readersIn(known, as), reader));
    this.#dropUnused(known);
  }

  /** One that was dropped meanwhile, as nothing needed it, is in the table again, or what took its place is meant. */
  #kept(known: KnownKey): KnownKey {
    if (isUsed(known)) return known;
    const present = this.#byKey.get(known.key);
    if (present) return present;
    this.#byKey.set(known.key, known);
    return known;
  }

  #dropUnused(known: KnownKey): void {
    if (!isUsed(known) && this.#byKey.get(known.key) === known) this.#byKey.delete(known.key);
  }
}

/** How many items two lists have in common at the start and, of the others, at the end: most stand there after an edit, or are only moved. */
function alikeAtEnds<T>(a: readonly T[], b: readonly T[]): { readonly from: number; readonly after: number } {
  const most = Math.min(a.length, b.length);
  let [from, after] = [0, 0];
  while (from < most && a[from] === b[from]) from++;
  while (after < most - from && a[a.length - 1 - after] === b[b.length - 1 - after]) after++;
  return { from, after };
}

function isUsed({ fact, readers, subjects }: KnownKey): boolean {
  return fact !== undefined || readers !== undefined || subjects !== undefined;
}

export function readersIn<R extends Readers>(known: KnownKey, as: R): Members<Reader<R>> {
  return known[as] as Members<Reader<R>>;
}

export function setReaders<R extends Readers>(known: KnownKey, as: R, members: Members<Reader<R>>): void {
  if (as === 'readers') known.readers = members as Members<Fact>;
  else known.subjects = members as Members<number>;
}
