// A command of the command line in this process, with other rules or a terminal of its own.
import { run } from '../../server/src/cli/run.ts';
import type { RuleBook } from '../../server/src/cli/rule-book.ts';
import { cliHost } from '../../server/src/host/node/cli-host.ts';
import { documentRules, pages, rules } from '../../server/src/rules/index.gen.ts';
import { noServers } from './no-servers.ts';
import { assertOutput } from './output-schema.ts';

export const allRules: RuleBook = { rules, documentRules, pages };

export interface Ran {
  readonly code: number | undefined;
  readonly out: string;
  readonly err: string;
}

export async function runInProcess(
  args: readonly string[],
  {
    color = false,
    input = '',
    book = allRules,
    noteProgress,
  }: {
    readonly color?: boolean;
    readonly input?: string;
    readonly book?: RuleBook;
    readonly noteProgress?: (doing: string) => void;
  } = {},
): Promise<Ran> {
  const told = { out: '', err: '' };
  const host = {
    ...cliHost('0.0.0', noServers),
    ...(noteProgress && { noteProgress }),
    color,
    links: color,
    readStdin: () => input,
    stream: async function* () {
      yield input;
    },
    stdout: (text: string) => void (told.out += text),
    stderr: (text: string) => void (told.err += text),
    print: (text: string) => Promise.resolve(void (told.out += text)),
  };
  const code = await run(args, host, book);
  assertOutput(args, told.out);
  return { code, ...told };
}
