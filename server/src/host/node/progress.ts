// Says on a terminal what a run is doing once it takes more than a second, in one line that goes away before anything else is written.

export interface Terminal {
  readonly write: (text: string) => void;
  /** Milliseconds that only grow. */
  readonly now: () => number;
  /** Calls it again and again until the function that comes back is called. */
  readonly repeat: (draw: () => void) => () => void;
  readonly columns: number;
}

export interface Progress {
  /** One step of what is being done; the steps are counted. */
  readonly step: (doing: string) => void;
  /** What is done until the promise is settled. */
  readonly during: <T>(doing: string, promise: Promise<T>) => Promise<T>;
  /** Before something else is written to the terminal. */
  readonly clear: () => void;
}

export const silent: Progress = { step: () => undefined, during: (_, promise) => promise, clear: () => undefined };

const firstAfter = 1000;
const again = 100;
/** To look at the clock costs more than most steps. */
const stepsBetween = 16;

export function progressOn({ write, now, repeat, columns }: Terminal): Progress {
  const start = now();
  let steps = 0;
  let last = '';
  let drawn: number | undefined;
  const draw = (text: string, pause = again) => {
    const time = now();
    if (time - (drawn ?? start) < (drawn === undefined ? firstAfter : pause)) return;
    drawn = time;
    write(`\r${`istio-egress: ${text}`.slice(0, columns - 1)}\u001b[K`);
  };
  return {
    step(doing) {
      if (doing !== last) {
        // What it is may be one long step.
        draw(doing, 0);
        steps = 0;
      }
      last = doing;
      if (++steps % stepsBetween === 0) draw(`${doing} (${steps})`);
    },
    async during(doing, promise) {
      const stop = repeat(() => draw(doing));
      try {
        return await promise;
      } finally {
        stop();
      }
    },
    clear() {
      if (drawn === undefined) return;
      drawn = undefined;
      write('\r\u001b[K');
    },
  };
}
