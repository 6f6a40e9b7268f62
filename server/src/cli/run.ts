// Composition root of the command line: words to a command, faults to words and an exit code.
import type { Rules } from '../engine/workspace.ts';
import { parseArguments, UsageError, type Arguments } from './args.ts';
import { access } from './commands/access.ts';
import { check } from './commands/check.ts';
import { explain } from './commands/explain.ts';
import { fix } from './commands/fix.ts';
import { log } from './commands/log.ts';
import { test } from './commands/test.ts';
import { trace } from './commands/trace.ts';
import { help } from './help.ts';
import type { CliHost } from './host.ts';

export interface RuleBook extends Rules {
  readonly pages: ReadonlyMap<string, string>;
}

/** The exit code: 0 nothing at or above the threshold, 1 findings, 2 bad usage or unreadable input. Undefined while a server runs. */
export function run(argv: readonly string[], host: CliHost, book: RuleBook): number | undefined {
  try {
    return dispatch(parseArguments(argv), host, book);
  } catch (error) {
    if (error instanceof UsageError) host.stderr(`istio-egress: ${error.message}\nRun "istio-egress help" for the commands and options.\n`);
    else host.stderr(`istio-egress: ${error instanceof Error ? error.stack ?? error.message : String(error)}\n`);
    return 2;
  }
}

function dispatch(args: Arguments, host: CliHost, book: RuleBook): number | undefined {
  switch (args.command) {
    case 'check': return check(args, host, book);
    case 'fix': return fix(args, host, book);
    case 'trace': return trace(args, host, book);
    case 'access': return access(args, host, book);
    case 'test': return test(args, host, book);
    case 'log': return log(args, host, book);
    case 'explain': return explain(args, host, book);
    case 'lsp':
      if (!args.stdio) throw new UsageError('lsp talks over standard input and output: istio-egress lsp --stdio');
      host.startServer();
      return undefined;
    case 'version':
      host.stdout(`${host.version}\n`);
      return 0;
    case 'help':
      host.stdout(help);
      return 0;
  }
}
