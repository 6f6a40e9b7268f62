// Joins several possible paths of a request into one trace.
import type { Fork } from './state.ts';
import type { Step, Trace } from './step.ts';

/** Ways that end alike are one. */
export function join(
  { by, summary }: Pick<Fork, 'by' | 'summary'>,
  ways: readonly Trace[],
  trail: readonly Step[],
): Trace {
  const candidates = ways
    .flatMap((one) => (one.candidates.length > 0 ? one.candidates : [one]))
    .filter((one, i, all) => all.findIndex((other) => endsAlike(one, other)) === i);
  const [first] = candidates;
  const isSure = by !== 'open' && candidates.length === 1 && !ways.some((one) => one.verdict === 'undetermined');
  if (first && isSure) return ways[0]!;
  const shared =
    by === 'share' && first && candidates.every(({ verdict }) => verdict === first.verdict)
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
    cause: common((one) => one.cause),
    candidates,
  };
}

/** The same result for the client and in the log. */
export function endsAlike(a: Trace, b: Trace): boolean {
  return (
    a.verdict === b.verdict &&
    same([a.waypoint, a.gateway, a.upstream, a.log, a.hops], [b.waypoint, b.gateway, b.upstream, b.log, b.hops])
  );
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
