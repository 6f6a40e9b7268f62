// A run of programs that answers from recorded outputs, for tests of what is made of them.
import type { Command, Run, RunResult } from '../../server/src/cluster/command.ts';
import type { Tools } from '../../server/src/cluster/target.ts';

export const tools: Tools = { kubectl: '/bin/kubectl', istioctl: '/bin/istioctl' };

export type Answer = Partial<Pick<RunResult, 'stdout' | 'stderr' | 'code' | 'ended' | 'truncated' | 'reason'>>;

export function ranTo({ stdout = '', stderr = '', code = 0, ended = 'exited', truncated = false, reason }: Answer): RunResult {
  return { ended, code: ended === 'exited' ? code : undefined, stdout, stderr, truncated, ...(reason === undefined ? {} : { reason }) };
}

/** The first pattern that the command's words fit answers; a command that none fits fails the test. */
export function recorded(answers: readonly (readonly [RegExp, Answer | ((command: Command, input: string | undefined) => Answer)])[]): Run & { readonly seen: Command[] } {
  const seen: Command[] = [];
  const run: Run = async (command, { input }) => {
    seen.push(command);
    const words = command.args.join(' ');
    const [, answer] = answers.find(([pattern]) => pattern.test(words)) ?? [];
    if (answer === undefined) throw new Error(`no answer is recorded for ${words}`);
    return ranTo(typeof answer === 'function' ? answer(command, input) : answer);
  };
  return Object.assign(run, { seen });
}

export const list = (...items: readonly object[]): Answer => ({ stdout: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, 4) });
