// Composition root of the command line: parses the arguments, runs the command, turns errors into messages and exit codes.
import { errorText } from '../base/error-text.ts';
import type { Snapshot } from '../cluster/snapshot/snapshot.ts';
import { parseArguments, UsageError, type Arguments } from './args.ts';
import { askCluster, ClusterError } from './cluster-answers.ts';
import { access } from './commands/access.ts';
import { check } from './commands/check.ts';
import { completion } from './commands/completion.ts';
import { diff } from './commands/diff.ts';
import { drift } from './commands/drift.ts';
import { explain } from './commands/explain.ts';
import { graph } from './commands/graph.ts';
import { fix } from './commands/fix.ts';
import { learn } from './commands/learn.ts';
import { log } from './commands/log.ts';
import { migrate } from './commands/migrate.ts';
import { newObject } from './commands/new.ts';
import { stats } from './commands/stats.ts';
import { test } from './commands/test.ts';
import { trace } from './commands/trace.ts';
import { help, helpAbout } from './help.ts';
import type { Command } from './command-table.ts';
import { withMatches } from './globs.ts';
import { withListed } from './listed-paths.ts';
import type { RuleBook } from './rule-book.ts';
import { UserError } from './user-error.ts';
import { versionText } from './version-text.ts';
import { visibleHost, visibleNote } from './visible-host.ts';
import { withRendered } from './with-rendered.ts';
import type { CliHost } from './host.ts';

/**
 * The exit code: 0 nothing at or above the threshold, 1 findings, 2 wrong usage or unreadable input. Undefined while a server runs;
 * a promise if a cluster is read, something is rendered, or lines are streamed.
 */
export function run(
  argv: readonly string[],
  given: CliHost,
  book: RuleBook,
): number | undefined | Promise<number | undefined> {
  try {
    const parsed = parseArguments(argv);
    const host = visibleHost(given, parsed);
    const args = withListed(withMatches(parsed, host), host);
    if (!args) {
      host.stderr(`No manifests are listed in ${parsed.filesFrom}.\n`);
      return 0;
    }
    const code = args.cluster || args.render ? asking(args, host, book) : dispatch(args, host, book);
    if (code instanceof Promise)
      return code.catch((error: unknown) => reportError(error, given)).finally(() => host.noteEnd());
    host.noteEnd();
    return code;
  } catch (error) {
    return reportError(error, given);
  }
}

function reportError(error: unknown, { stderr }: CliHost): number {
  const host = { stderr: (text: string) => stderr(visibleNote(text)) };
  if (error instanceof UsageError)
    host.stderr(`istio-egress: ${error.message}\nRun "istio-egress help" for the commands and options.\n`);
  else if (error instanceof ClusterError || error instanceof UserError) host.stderr(`istio-egress: ${error.message}\n`);
  else host.stderr(`istio-egress: ${errorText(error)}\n`);
  return 2;
}

/** What other programs have to say first. */
async function asking(args: Arguments, host: CliHost, book: RuleBook): Promise<number | undefined> {
  // `diff` renders each of its states.
  const rendered = args.render && args.command !== 'diff' ? await withRendered(args, host, book) : host;
  if (!args.cluster) return dispatch(args, rendered, book);
  const cluster = await askCluster(args, rendered);
  if (args.command === 'drift') return drift(args, rendered, book, cluster);
  if (args.command === 'learn') return learn(args, rendered, book, cluster);
  return dispatch(args, rendered, book, cluster.snapshot);
}

type CommandRun = (
  args: Arguments,
  host: CliHost,
  book: RuleBook,
  cluster?: Snapshot,
) => number | undefined | Promise<number>;

const runs: Readonly<Record<Command, CommandRun>> = {
  check,
  fix,
  migrate,
  trace,
  access,
  graph,
  diff,
  test,
  log,
  stats,
  learn: (args, host, book) => learn(args, host, book),
  explain,
  completion,
  new: newObject,
  // Always reads a cluster, which is done before.
  drift: () => undefined,
  lsp(args, host) {
    if (!args.stdio) throw new UsageError('lsp needs --stdio: istio-egress lsp --stdio');
    host.startServer();
    return undefined;
  },
  mcp: ({ paths }, host) => host.serveTools(paths.length > 0 ? paths : ['.']),
  version(_, host) {
    host.stdout(versionText(host.version));
    return 0;
  },
  help({ about }, { columns, stdout }) {
    stdout(about === undefined ? help(columns) : helpAbout(about, columns));
    return 0;
  },
};

function dispatch(...[args, ...more]: Parameters<CommandRun>): ReturnType<CommandRun> {
  return runs[args.command](args, ...more);
}
