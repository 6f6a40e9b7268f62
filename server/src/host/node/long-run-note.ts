// What this process used, and how a run of the command line tells that it is long.
import { longRun, type LongRun, type Used } from '../../base/long-run.ts';

export function usedNow(): Used {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  return { seconds: (userCPUTime + systemCPUTime) / 1e6, gigabytes: maxRSS / 1024 ** 2 };
}

/** In GiB. */
export function heldNow(): number {
  return process.memoryUsage().heapUsed / 1024 ** 3;
}

const timeNow = () => performance.now();

export function longRunNote(write: (text: string) => void, used: () => Used = usedNow, clock = timeNow): LongRun {
  let isTold = false;
  return longRun({
    used,
    clock,
    tell({ seconds, gigabytes }, _, isOver) {
      if (isTold) return; // one line is enough for a run that people wait for
      isTold = true;
      write(
        `istio-egress: ${isOver ? 'used:' : 'still checking; used so far:'} ${seconds.toFixed(0)} s of processor time and ${gigabytes.toFixed(1)} GiB of memory: name fewer folders or files for a shorter run\n`,
      );
    },
  });
}
