// What a route changes of a request, by the words of a trace.
import type { Trace } from '../../server/src/eval/trace/step.ts';

const sent = / sends it to .*?(?:, as (\S+?))?(?:, with (path (\S+)|a path that .*))?\.$/;

/** The Host under which a route sends the request; undefined where it is the client's. */
export function renamedHost(steps: Trace['steps']): string | undefined {
  return changes(steps)
    .flatMap(([, host]) => host ?? [])
    .at(-1);
}

/** The path that the last route sends, `unknown` where no trace tells; undefined where it is the client's. */
export function rewrittenPath(steps: Trace['steps']): string | undefined {
  return changes(steps)
    .flatMap(([, , what, path]) => (what === undefined ? [] : [path ?? 'unknown']))
    .at(-1);
}

function changes(steps: Trace['steps']): readonly RegExpExecArray[] {
  return steps.flatMap(({ stage, message }) => {
    const found = stage === 'route' ? sent.exec(message) : null;
    return found ? [found] : [];
  });
}
