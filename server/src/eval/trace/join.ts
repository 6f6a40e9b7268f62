// Joins several possible paths of a request into one trace.
import type { Fork } from './state.ts';
import type { Step, Trace } from './step.ts';

type Joint = Pick<Fork, 'by' | 'summary' | 'cause'>;

/** Ways that end alike are one. */
export function join(fork: Joint, ways: readonly Trace[], trail: readonly Step[]): Trace {
  const joined = new JoinedWays(fork);
  for (const way of ways) joined.add(way);
  return joined.trace(trail);
}

/** The ways of a fork, one after the other: a host can have thousands, of which only those that end differently are kept. */
export class JoinedWays {
  readonly #fork: Joint;
  #first: Trace | undefined;
  #isAnyUndetermined = false;
  /** The first of each end and cause; each is written once. */
  readonly #candidates = new Map<string, Trace>();
  readonly #ends = new Set<string>();

  constructor(fork: Joint) {
    this.#fork = fork;
  }

  add(way: Trace): void {
    this.#first ??= way;
    this.#isAnyUndetermined ||= way.verdict === 'undetermined';
    for (const one of way.candidates.length > 0 ? way.candidates : [way]) {
      const end = endOf(one);
      const key = `${one.cause} ${end}`;
      if (this.#candidates.has(key)) continue;
      this.#candidates.set(key, one);
      this.#ends.add(end);
    }
  }

  /** What they come to together, after the steps before the fork. */
  trace(trail: readonly Step[]): Trace {
    const { by, summary, cause } = this.#fork;
    const candidates = [...this.#candidates.values()];
    const [first] = candidates;
    const isSure = by !== 'open' && this.#ends.size === 1 && !this.#isAnyUndetermined;
    // The same end by another cause is told with the causes.
    if (first && isSure && candidates.every(({ cause: its }) => its === first.cause)) return this.#first!;
    const shared =
      first && (isSure || by === 'share') && candidates.every(({ verdict }) => verdict === first.verdict)
        ? first.verdict
        : 'undetermined';
    const common = <T>(of: (one: Trace) => T) =>
      by !== 'open' && first && candidates.every((one) => same(of(one), of(first))) ? of(first) : undefined;
    return {
      verdict: shared,
      summary,
      steps: trail,
      waypoint: common((one) => one.waypoint),
      gateway: common((one) => one.gateway),
      upstream: common((one) => one.upstream),
      log: common((one) => one.log),
      hops: common((one) => one.hops) ?? [],
      cause: common((one) => one.cause) ?? (shared === 'fails' ? cause : undefined),
      candidates,
    };
  }
}

/** The same result for the client and in the log. */
export function endsAlike(a: Trace, b: Trace): boolean {
  return a.verdict === b.verdict && endOf(a) === endOf(b);
}

function endOf({ verdict, waypoint, gateway, upstream, log, hops }: Trace): string {
  return JSON.stringify([verdict, waypoint, gateway, upstream, log, hops]);
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
