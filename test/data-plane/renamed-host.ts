import type { Trace } from '../../server/src/eval/trace/step.ts';

/** The Host under which a route sends the request; undefined where it is the client's. */
export function renamedHost(steps: Trace['steps']): string | undefined {
  return steps
    .flatMap(({ stage, message }) =>
      stage === 'route' ? (/ sends it to .*, as (\S+)\.$/.exec(message)?.[1] ?? []) : [],
    )
    .at(-1);
}
