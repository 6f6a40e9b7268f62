// Work that can be interrupted: a generator that yields between two steps and returns its result.

/** All of it at once. */
export function drained<T>(steps: Generator<unknown, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
