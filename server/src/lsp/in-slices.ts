// Long work on the one thread of the server: it gives the thread back so often that typing meanwhile stays within a frame.
import type { LongRun } from '../base/long-run.ts';

/** Answers wait behind a few slices, so two milliseconds keep a frame where five do not. */
const sliceMs = 2;

export interface Slices<T> {
  /** Lets waiting messages through. */
  readonly pause: () => Promise<void>;
  /** Asked after each pause. */
  readonly isStopped?: () => boolean;
  readonly take?: (one: T) => void;
  /** Is told each step, by what `doing` calls it. */
  readonly watched?: LongRun;
  readonly doing?: () => string;
}

export async function inSlices<T>(
  work: Iterable<T>,
  { pause, isStopped = () => false, take = () => {}, watched, doing = () => '' }: Slices<T>,
): Promise<void> {
  let sliceEnd = performance.now() + sliceMs;
  for (const one of work) {
    take(one);
    watched?.step(doing());
    if (performance.now() < sliceEnd) continue;
    await pause();
    if (isStopped()) return;
    sliceEnd = performance.now() + sliceMs;
  }
  watched?.end();
}
