// Work that can be interrupted: a generator that yields between two steps and returns its result.

/** All of it at once; `atStep` is told between two steps. */
export function drained<T>(steps: Generator<unknown, T>, atStep = () => {}): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    atStep();
  }
}

/** Of so many items, what is done with each takes some milliseconds together. */
const portion = 50;

/** In the order of the items, with a step after each portion of them. */
export function* eachInSteps<T>(items: Iterable<T>, take: (item: T) => void): Generator<undefined, void> {
  let taken = 0;
  for (const item of items) {
    if (taken > 0 && taken % portion === 0) yield undefined;
    take(item);
    taken++;
  }
}

/** The items, with `undefined` after each portion: for a rule, which gives findings and pauses where there is `undefined`. */
export function* inPortions<T>(items: Iterable<T>): Generator<T | undefined> {
  let taken = 0;
  for (const item of items) {
    if (taken > 0 && taken % portion === 0) yield undefined;
    yield item;
    taken++;
  }
}

/** Those of which it is true. */
export function* filterInSteps<T>(
  items: readonly T[],
  isWanted: (item: T) => boolean,
): Generator<undefined, readonly T[]> {
  const wanted: T[] = [];
  yield* eachInSteps(items, (item) => void (isWanted(item) && wanted.push(item)));
  return wanted;
}

/** What is made of each. */
export function* mapInSteps<T, U>(items: readonly T[], make: (item: T) => U): Generator<undefined, readonly U[]> {
  const made: U[] = [];
  yield* eachInSteps(items, (item) => void made.push(make(item)));
  return made;
}
