// Splits a log stream with time stamps into lines. Reports each line once, also when a broken stream is resumed a little earlier.
import { compareText } from '../../base/compare.ts';

export interface LogLine {
  readonly pod: string;
  /** As kubectl printed it, to the nanosecond; empty for a line without one. */
  readonly time: string;
  readonly text: string;
}

export class LineReader {
  readonly #pod: string;
  readonly #emit: (line: LogLine) => void;
  #rest = '';
  #last: string | undefined;
  /** Lines sent with the last timestamp, and how often each. */
  #emitted = new Map<string, number>();
  /** While a stream repeats lines from before it broke: how often each line with the last timestamp came again. */
  #repeated: Map<string, number> | undefined;
  #count = 0;

  constructor(pod: string, emit: (line: LogLine) => void) {
    this.#pod = pod;
    this.#emit = emit;
  }

  /** The timestamp of the last line that was sent. */
  get lastTime(): string | undefined {
    return this.#last;
  }

  /** The number of lines sent so far. */
  get count(): number {
    return this.#count;
  }

  take(piece: string): void {
    const lines = (this.#rest + piece).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#line(line.endsWith('\r') ? line.slice(0, -1) : line);
  }

  /** The stream is over; half a line is dropped, because it comes whole when the stream is taken up. */
  end(): void {
    this.#rest = '';
    this.#repeated = new Map();
  }

  #line(line: string): void {
    const [, time, text = ''] = /^(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)) (.*)$/.exec(line) ?? [];
    if (time === undefined) {
      if (line !== '') this.#say('', line);
      return;
    }
    if (this.#wasSent(time, text)) return;
    if (time !== this.#last) this.#emitted = new Map();
    this.#last = time;
    this.#emitted.set(text, (this.#emitted.get(text) ?? 0) + 1);
    this.#say(time, text);
  }

  #wasSent(time: string, text: string): boolean {
    const order = this.#last === undefined ? 1 : compareTimes(time, this.#last);
    if (!this.#repeated || order > 0) {
      this.#repeated = undefined;
      return false;
    }
    if (order < 0) return true;
    const times = (this.#repeated.get(text) ?? 0) + 1;
    this.#repeated.set(text, times);
    return times <= (this.#emitted.get(text) ?? 0);
  }

  #say(time: string, text: string): void {
    this.#count++;
    this.#emit({ pod: this.#pod, time, text });
  }
}

/** Times of one zone whose fractions differ in length. */
function compareTimes(a: string, b: string): number {
  const [x, y] = [a, b].map(padded);
  return compareText(x!, y!);
}

function padded(time: string): string {
  const [, second = time, fraction = ''] = /^([^.]*?)(?:\.(\d+))?(?:Z|[+-]\d\d:\d\d)$/.exec(time) ?? [];
  return `${second}.${fraction.padEnd(9, '0')}`;
}
