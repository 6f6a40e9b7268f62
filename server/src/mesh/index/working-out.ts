// How facts are worked out: at once or in steps. Who asks for one that takes long would do so in one step: it is told `NotReady` instead,
// has the fact worked out in steps, and begins again.
import { withoutRoom } from '../../base/without-room.ts';
import type { Mesh } from '../mesh.ts';
import { keysIn, workedOut, type Fact, type How, type KnownKey, type KnownKeys, type Steps } from './fact.ts';

/** About a millisecond's of what views give. */
const muchRead = 1000;
const manyBehind = 200;
/** Of which each reads little: a step costs too. */
const stepsTogether = 10;
/** So often who asks begins again; then it waits. */
const mostTries = 10;

/** Where facts come from. */
export interface FactSource {
  readonly known: KnownKeys;
  /** Counts what views gave, as a measure of work. */
  readonly read: number;
  view(record: (key: KnownKey) => void): Mesh;
}

export interface Worked {
  readonly value: unknown;
  /** What it rests on; to be emptied once that is noted, as views that facts hold on to hold on to it. */
  readonly keys: Set<KnownKey>;
  readonly isLong: boolean;
}

/** A fact that is not known yet, and was begun. */
export interface Begun {
  readonly own: KnownKey;
  readonly compute: undefined;
  readonly steps: Steps;
  readonly of: unknown;
  readonly work: Work;
}

/** A fact that was asked for takes long, and is in doubt or not known yet. */
export class NotReady extends Error {
  readonly wanted: Fact | Begun;

  constructor(wanted: Fact | Begun) {
    super(`${wanted.own.key} is not ready`);
    this.wanted = wanted;
  }
}

export class Work {
  readonly #source: FactSource;
  readonly #keys = new Set<KnownKey>();
  #steps: Generator<undefined, unknown> | undefined;
  read = 0;

  constructor(steps: Steps, of: unknown, source: FactSource) {
    this.#source = source;
    this.#steps = steps(
      source.view((key) => void this.#keys.add(key)),
      of,
    );
  }

  /** Undefined if it is not at its end. */
  next(): Worked | undefined {
    const before = this.#source.read;
    const next = this.#steps?.next() ?? ended;
    this.read += this.#source.read - before;
    if (!next.done) return undefined;
    this.#steps = undefined;
    return { value: withoutSlack(next.value), keys: this.#keys, isLong: this.isLong };
  }

  get isLong(): boolean {
    return this.read > muchRead;
  }
}

/** Longer lists are rarely made for one fact alone. */
const shortList = 4;

/** Values are kept: most lists among them are empty or short, and have room for more. */
function withoutSlack(value: unknown): unknown {
  return Array.isArray(value) && value.length <= shortList ? withoutRoom(value) : value;
}

const ended = { done: true, value: undefined } as const;

export class WorkingOut {
  readonly #source: FactSource;
  readonly #long = new WeakSet<Fact>();
  #isRefusing = false;

  constructor(source: FactSource) {
    this.#source = source;
  }

  /** Work that was begun so many times before: meanwhile, what takes long is refused. */
  refusing<T>(tries: number, work: () => T): T {
    const before = this.#isRefusing;
    this.#isRefusing = tries < mostTries;
    try {
      return work();
    } finally {
      this.#isRefusing = before;
    }
  }

  note(fact: Fact, { isLong }: Worked): void {
    if (isLong) this.#long.add(fact);
    else this.#long.delete(fact);
  }

  /** Before a fact in doubt is worked out in one step. */
  refuseLong(fact: Fact): void {
    if (this.#isRefusing && (this.#long.has(fact) || keysIn(fact.behind).length > manyBehind)) throw new NotReady(fact);
  }

  atOnce(how: How): Worked {
    const keys = new Set<KnownKey>();
    const before = this.#source.read;
    const value = workedOut(
      this.#source.view((key) => void keys.add(key)),
      how,
    );
    return { value: withoutSlack(value), keys, isLong: this.#source.read - before > muchRead };
  }

  /** For the first time. Whether it takes long shows when it is begun. */
  first(own: KnownKey, how: How): Worked {
    const { steps, of } = how;
    if (!steps || !this.#isRefusing) return this.atOnce(how);
    const work = this.begin(steps, of);
    for (let worked = work.next(); ; worked = work.next()) {
      if (worked) return worked;
      if (work.isLong) throw new NotReady({ own, compute: undefined, steps, of, work });
    }
  }

  begin(steps: Steps, of: unknown): Work {
    return new Work(steps, of, this.#source);
  }

  *inSteps(work: Work, tries: number, isGivenUp: () => boolean): Generator<undefined, Worked | undefined> {
    for (let [taken, read] = [1, work.read]; ; taken++) {
      const worked = this.refusing(tries, () => work.next());
      if (worked) return worked;
      if (taken % stepsTogether !== 0 && work.read - read < muchRead / 4) continue;
      read = work.read;
      yield undefined;
      if (isGivenUp()) return undefined;
    }
  }
}
