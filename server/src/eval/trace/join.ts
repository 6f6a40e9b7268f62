// Joins several possible paths of a request into one trace.
import { firstOfEach } from '../../base/first-of-each.ts';
import { keptFor } from '../../base/kept-for.ts';
import { groupBy } from '../../base/group-by.ts';
import type { Fork } from './state.ts';
import type { Step, Trace } from './step.ts';

/** Ways that end alike are one. */
export function join(
  { by, summary, cause }: Pick<Fork, 'by' | 'summary' | 'cause'>,
  ways: readonly Trace[],
  trail: readonly Step[],
): Trace {
  const candidates = differentEnds(ways.flatMap((one) => (one.candidates.length > 0 ? one.candidates : [one])));
  const [first] = candidates;
  const isSure = by !== 'open' && areAlike(candidates) && !ways.some((one) => one.verdict === 'undetermined');
  // The same end by another cause is told with the causes.
  if (first && isSure && candidates.every(({ cause: its }) => its === first.cause)) return ways[0]!;
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

/** The first of each end and cause; each is written once, for a host can have hundreds of ways. */
function differentEnds(ways: readonly Trace[]): readonly Trace[] {
  return firstOfEach(ways, (one) => `${one.cause} ${endOf(one)}`);
}

function areAlike(candidates: readonly Trace[]): boolean {
  return groupBy(candidates, endOf).size === 1;
}

/** The same result for the client and in the log. */
export function endsAlike(a: Trace, b: Trace): boolean {
  return a.verdict === b.verdict && endOf(a) === endOf(b);
}

const endOf = keptFor(({ verdict, waypoint, gateway, upstream, log, hops }: Trace) =>
  JSON.stringify([verdict, waypoint, gateway, upstream, log, hops]),
);

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
