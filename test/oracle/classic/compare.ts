// Istio's outcome of each request against ours.
import { heardOutside, outcomeText, sameOutcome, type Outcome } from './outcome.ts';
import { meshOf, ourOutcome } from './ours.ts';
import type { ClassicSample } from './sample.ts';

export interface Tally {
  compared: number;
  /** Where we name several outcomes, or none. */
  open: number;
  readonly differences: string[];
  /** Why outcomes are left open. */
  readonly causes?: ReadonlyMap<string, number>;
}

export function compareClassic(sample: ClassicSample, refused: ReadonlySet<number>, theirs: readonly Outcome[]): Tally {
  const mesh = meshOf(sample, refused);
  const causes = new Map<string, number>();
  const tally = { compared: 0, open: 0, differences: [] as string[], causes };
  for (const [i, request] of sample.requests.entries()) {
    const wanted = heardOutside(theirs[i]!);
    const { possible, summary } = ourOutcome(mesh, request);
    tally.compared++;
    if (possible?.length !== 1) {
      tally.open++;
      const cause = summary.replace(
        /[a-z0-9.-]+\/[a-z0-9-]+|[a-z0-9*.-]+\.(com|org|net|io|local)(:\d+)?|(Rule )?\d+/g,
        'N',
      );
      causes.set(cause, (causes.get(cause) ?? 0) + 1);
    }
    if (possible && !possible.some((one) => sameOutcome(wanted, one)))
      tally.differences.push(
        `${request.namespace} ${request.scheme}://${request.host}:${request.port}${request.path}\n  Istio: ${outcomeText(wanted)}\n  ours:  ${possible.map(outcomeText).join('\n      or ')}\n         ${summary}`,
      );
  }
  return tally;
}
