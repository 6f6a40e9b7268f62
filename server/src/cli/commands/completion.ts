import { nearest } from '../../base/nearest.ts';
import { UsageError, type Arguments } from '../args.ts';
import { bashCompletion } from '../completion/bash.ts';
import { completedCommands, type CompletedCommand } from '../completion/completed.ts';
import { fishCompletion } from '../completion/fish.ts';
import { zshCompletion } from '../completion/zsh.ts';
import type { CliHost } from '../host.ts';
import type { RuleBook } from '../rule-book.ts';

const scripts: ReadonlyMap<string, (commands: readonly CompletedCommand[]) => string> = new Map([
  ['bash', bashCompletion],
  ['zsh', zshCompletion],
  ['fish', fishCompletion],
]);

/** Prints the script that a shell completes with. */
export function completion({ paths }: Arguments, host: CliHost, { rules, documentRules }: RuleBook): number {
  const [shell = '', ...more] = paths;
  const script = scripts.get(shell);
  if (!script || more.length > 0) {
    const near = nearest(shell, [...scripts.keys()]);
    throw new UsageError(
      `completion needs the name of a shell: bash, zsh or fish${near === undefined || near === shell ? '' : ` (did you mean ${near}?)`}`,
    );
  }
  host.stdout(script(completedCommands([...rules, ...documentRules].map(({ id }) => id).sort())));
  return 0;
}
