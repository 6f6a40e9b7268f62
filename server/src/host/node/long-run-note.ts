// A run that takes long or much memory says so once, so that nobody takes it for one that hangs.

const longSeconds = 10;
const muchGigabytes = 1;
/** To look costs more than most steps. */
const stepsBetween = 256;

export interface Used {
  /** Of processor time. */
  readonly seconds: number;
  /** The most so far. */
  readonly gigabytes: number;
}

export interface LongRunNote {
  /** To be called at each step of a run, with what it does. */
  readonly step: (doing: string) => void;
  /** What one step took is told behind it at the latest. */
  readonly end: () => void;
}

function usedNow(): Used {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  return { seconds: (userCPUTime + systemCPUTime) / 1e6, gigabytes: maxRSS / 1024 ** 2 };
}

export function longRunNote(tell: (text: string) => void, used: () => Used = usedNow): LongRunNote {
  let steps = 0;
  let isTold = false;
  let last: string | undefined;
  const look = (start: string) => {
    if (isTold) return;
    const { seconds, gigabytes } = used();
    if (seconds < longSeconds && gigabytes < muchGigabytes) return;
    isTold = true;
    tell(
      `istio-egress: ${start} ${seconds.toFixed(0)} s of processor time and ${gigabytes.toFixed(1)} GiB of memory: name fewer folders or files for a shorter run\n`,
    );
  };
  return {
    step(doing) {
      const isNew = doing !== last;
      last = doing;
      if (isNew || ++steps % stepsBetween === 0) look('still checking; used so far:');
    },
    end() {
      if (last !== undefined) look('used:');
    },
  };
}
