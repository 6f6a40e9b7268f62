/**
 * Runs a generator in slices with room for other work in between, so that a server answers while it reads a workspace. An edit waits
 * three to four slices, so they must be short. Ends early, without a result, once `isCancelled` says so.
 */
export async function inSlices<T>(work: Iterator<unknown, T>, isCancelled: () => boolean = () => false, milliseconds = 2): Promise<T | undefined> {
  for (;;) {
    const until = performance.now() + milliseconds;
    do {
      const step = work.next();
      if (step.done === true) return step.value;
    } while (performance.now() < until);
    await new Promise<void>((resume) => setImmediate(resume));
    if (isCancelled()) return undefined;
  }
}
