// Work that can be interrupted: a generator that yields between two steps and returns its result.

/** All of it at once. */
export function drained<T>(steps: Generator<unknown, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Of so many items, what is done with each takes some milliseconds together. */
const portion = 200;

/** In the order of the items, with a step after each portion of them. */
export function* eachInSteps<T>(items: readonly T[], take: (item: T) => void): Generator<undefined, void> {
  for (const [i, item] of items.entries()) {
    if (i > 0 && i % portion === 0) yield undefined;
    take(item);
  }
}

/** What is made of each. */
export function* mapInSteps<T, U>(items: readonly T[], make: (item: T) => U): Generator<undefined, readonly U[]> {
  const made: U[] = [];
  yield* eachInSteps(items, (item) => void made.push(make(item)));
  return made;
}
