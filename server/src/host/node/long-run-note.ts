// A run that takes long or much memory says so once, so that nobody takes it for one that hangs.

const longSeconds = 10;
const muchGigabytes = 1;
/** To look costs more than most steps. */
const stepsBetween = 256;

export interface Used {
  /** Of processor time. */
  readonly seconds: number;
  readonly gigabytes: number;
}

function usedNow(): Used {
  const { user, system } = process.cpuUsage();
  return { seconds: (user + system) / 1e6, gigabytes: process.memoryUsage.rss() / 1024 ** 3 };
}

/** To be called at each step of a run. */
export function longRunNote(tell: (text: string) => void, used: () => Used = usedNow): () => void {
  let steps = 0;
  let isTold = false;
  return () => {
    if (isTold || ++steps % stepsBetween !== 0) return;
    const { seconds, gigabytes } = used();
    if (seconds < longSeconds && gigabytes < muchGigabytes) return;
    isTold = true;
    tell(
      `istio-egress: still checking, after ${seconds.toFixed(0)} s of processor time and with ${gigabytes.toFixed(1)} GiB of memory: name fewer folders or files for a shorter run\n`,
    );
  };
}
