// Keeps a cluster snapshot in sync: reads it again, less often while nothing changes or nothing answers.
import type { Run } from '../tools/command.ts';
import { backOff, pause } from '../tools/pause.ts';
import type { Problem } from '../tools/problem.ts';
import { readSnapshot, type Snapshot, type SnapshotRequest } from './snapshot.ts';

export interface WatchOptions {
  readonly signal: AbortSignal;
  /** With each snapshot that differs from the one before, the first included. */
  readonly onSnapshot: (snapshot: Snapshot) => void;
  /** Once for each kind of problem in a row; the last snapshot then grows old. */
  readonly onProblem: (problem: Problem) => void;
  /** After something changed; default: 20 s. */
  readonly everyMs?: number | undefined;
  /** At most between two snapshots; 5 min by default. */
  readonly mostMs?: number | undefined;
  /** A number between 0 and 1 by which each pause is varied. */
  readonly jitter?: (() => number) | undefined;
}

export interface SnapshotWatch {
  /** Reads at once, for example after an apply. */
  readonly refresh: () => void;
  /** Resolves when the signal has fired and nothing runs any more. */
  readonly ended: Promise<void>;
}

export function watchSnapshot(run: Run, request: SnapshotRequest, options: WatchOptions): SnapshotWatch {
  let wake = new AbortController();
  const refresh = (): void => wake.abort();
  const keep = async (): Promise<void> => {
    let last: { readonly text: string } | undefined;
    let trouble: Problem['kind'] | undefined;
    for (let quiet = 0; !options.signal.aborted; ) {
      wake = new AbortController();
      const found = await readSnapshot(run, request, { signal: options.signal });
      if (options.signal.aborted) return;
      if (found.ok) {
        const text = contentOf(found.value);
        quiet = text === last?.text && trouble === undefined ? quiet + 1 : 0;
        if (text !== last?.text || trouble !== undefined) options.onSnapshot(found.value);
        [last, trouble] = [{ text }, undefined];
      } else {
        if (found.problem.kind !== trouble) options.onProblem(found.problem);
        trouble = found.problem.kind;
        quiet++;
      }
      const isWoken = wake.signal.aborted;
      if (!isWoken) await pause(waitMs(options, quiet), AbortSignal.any([options.signal, wake.signal]));
      if (wake.signal.aborted) quiet = 0;
    }
  };
  return { refresh, ended: keep() };
}

function waitMs({ everyMs = 20_000, mostMs = 300_000, jitter }: WatchOptions, quiet: number): number {
  return backOff(everyMs, quiet, jitter, mostMs);
}

/** Without the moment: two looks at the same cluster are the same. */
function contentOf({ takenAt: _takenAt, ...rest }: Snapshot): string {
  return JSON.stringify(rest);
}
