// Work that takes long or much memory is told once for each of both, so that nobody takes it for one that hangs.

const longSeconds = 10;
const muchGigabytes = 1;
/** To look costs more than most steps, so there are so many between two looks: or fewer, if they take long. */
const stepsBetween = 256;
const longestUnseenMs = 250;

export interface Used {
  /** Of processor time. */
  readonly seconds: number;
  /** The most so far. */
  readonly gigabytes: number;
}

export interface LongRun {
  /** To be called at each step, with what it does. */
  readonly step: (doing: string) => void;
  /** What one step took is told behind it at the latest. */
  readonly end: () => void;
}

export interface LongRunParts {
  /** Of the process, since it started. */
  readonly used: () => Used;
  /** What was used when the work began: only what came since is told. Nothing for a process that does nothing else. */
  readonly from?: Used;
  /** In milliseconds: cheaper than `used`. Without one, only steps are counted. */
  readonly clock?: (() => number) | undefined;
  /** Called once at most for the time and once for the memory (`isMuchMemory`), or for both at once; `used` has the seconds since `from`. */
  readonly tell: (used: Used, doing: string, isOver: boolean, isMuchMemory: boolean) => void;
}

/** Whether what came since is worth telling. */
export function isWorthTelling(now: Used, from: Used): boolean {
  return isMuch(now, from) || isLong(now, from);
}

/** The process may have held much before: what comes on top of it counts. */
function isMuch(now: Used, from: Used): boolean {
  if (now.gigabytes < muchGigabytes) return false;
  return from.gigabytes < muchGigabytes || now.gigabytes - from.gigabytes >= muchGigabytes;
}

function isLong(now: Used, from: Used): boolean {
  return now.seconds - from.seconds >= longSeconds;
}

export function longRun({ used, from = { seconds: 0, gigabytes: 0 }, clock = () => 0, tell }: LongRunParts): LongRun {
  let [steps, seenAt] = [0, clock()];
  let [isMuchTold, isLongTold] = [false, false];
  let last: string | undefined;
  const look = (doing: string, isOver: boolean) => {
    if (isMuchTold && isLongTold) return;
    seenAt = clock();
    const now = used();
    const [much, long] = [isMuch(now, from), isLong(now, from)];
    if ((!much || isMuchTold) && (!long || isLongTold)) return;
    const wasMuchTold = isMuchTold;
    isMuchTold ||= much;
    isLongTold ||= long;
    tell({ seconds: now.seconds - from.seconds, gigabytes: now.gigabytes }, doing, isOver, much && !wasMuchTold);
  };
  return {
    step(doing) {
      const before = last;
      last = doing;
      if (before === undefined) return;
      if (before !== doing || ++steps % stepsBetween === 0 || clock() - seenAt >= longestUnseenMs) look(before, false);
    },
    end() {
      if (last !== undefined) look(last, true);
    },
  };
}
