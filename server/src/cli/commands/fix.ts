import { visibleLine } from '../../base/visible.ts';
import { fixAll } from '../../engine/fixes.ts';
import { UsageError, type Arguments } from '../args.ts';
import { displayPath } from '../display-path.ts';
import { fixHostWithTrees } from '../fix-host.ts';
import type { CliHost } from '../host.ts';
import { tellNothingFound } from '../counts.ts';
import { stdinUri } from '../files-of.ts';
import { loadChecked, type Loaded } from '../load.ts';
import { isAtLeast } from '../report.ts';
import type { RuleBook } from '../rule-book.ts';
import { diffOf, writeFiles, type PlannedFiles } from '../planned-files.ts';
import { UserError } from '../user-error.ts';

interface Planned extends PlannedFiles {
  readonly fixed: ReturnType<typeof fixAll>['fixed'];
  /** There is more to fix than was fixed. */
  readonly isCut: boolean;
}

/**
 * Applies safe fixes, with `--unsafe` also the preferred ones of findings at the threshold, after a look at the diff.
 * `--dry-run` prints the diff instead. Exit code 1 where findings at the threshold stay, 2 where a rule threw.
 */
export function fix(args: Arguments, host: CliHost, book: RuleBook): number | Promise<number> {
  if (args.paths.includes('-')) throw new UsageError('fix changes files and cannot read standard input: give a PATH');
  const mustAsk = args.unsafe && !args.yes && !args.dryRun;
  if (mustAsk && !host.canAsk)
    throw new UserError(
      'fix --unsafe asks before it changes files, and this is not a terminal: add --yes to apply the fixes, or --dry-run to see them',
    );
  const loaded = loadChecked(args, host, book);
  tellNothingFound(loaded, host);
  const before = exitCode(loaded, args);
  const planned = plan(loaded, args, host, book);
  if (args.dryRun) host.stdout(diffOf(planned, host));
  if (!mustAsk || planned.after.size === 0) return apply(planned, loaded, args, host);
  host.stdout(diffOf(planned, host));
  return host.ask(`Apply ${described(planned)}? [y/N] `).then((isWanted) => {
    if (isWanted) return apply(planned, loaded, args, host);
    host.stderr('No file changed.\n');
    return before;
  });
}

function plan(loaded: Loaded, args: Arguments, host: CliHost, book: RuleBook): Planned {
  const before = new Map<string, string>();
  const after = new Map<string, string>();
  const onDisk = fixHostWithTrees(loaded, host);
  const noteFixing = () => host.noteProgress('fixing');
  const { fixed, isCut } = fixAll(
    loaded.workspace,
    book,
    {
      ...onDisk,
      exists: (uri) => after.has(uri) || onDisk.exists(uri),
      write(uri, text) {
        if (!before.has(uri)) before.set(uri, loaded.textOf(uri) ?? '');
        after.set(uri, text);
        loaded.setText(uri, text);
      },
      step: noteFixing,
    },
    ({ rule }) => {
      noteFixing();
      return args.rule === undefined || rule === args.rule;
    },
    ({ severity }) => args.unsafe && isAtLeast(severity, args.failOn),
  );
  return { fixed, isCut, before, after };
}

function apply(planned: Planned, loaded: Loaded, args: Arguments, host: CliHost): number {
  if (!args.dryRun) writeFiles(planned, host, 'fix');
  if (args.detail !== 'quiet') tell(planned, loaded, args, host);
  return exitCode(loaded, args);
}

function tell({ after, fixed, isCut }: Planned, loaded: Loaded, { dryRun }: Arguments, host: CliHost): void {
  for (const { finding, title } of fixed)
    host.stderr(
      `${visibleLine(`${displayPath(finding.uri, host)}:${finding.range.start.line + 1}: ${title} [${finding.rule}]`)}\n`,
    );
  host.stderr(
    `${fixed.length} fixed in ${files(after.size)}${dryRun ? ' (dry run, no file changed)' : ''}; ${findingsOf(loaded).length} left.\n`,
  );
  if (isCut) host.stderr('Some of them can be fixed too: run the command again.\n');
}

function described({ fixed, after }: Planned): string {
  return `${fixed.length} ${fixed.length === 1 ? 'fix' : 'fixes'} in ${files(after.size)}`;
}

function files(count: number): string {
  return `${count} ${count === 1 ? 'file' : 'files'}`;
}

function findingsOf({ workspace }: Loaded) {
  return [...workspace.uris].filter((uri) => uri !== stdinUri).flatMap((uri) => workspace.findings(uri));
}

function exitCode(loaded: Loaded, { failOn }: Arguments): number {
  if (loaded.failedRules.size > 0) return 2;
  return findingsOf(loaded).some(({ severity }) => isAtLeast(severity, failOn)) ? 1 : 0;
}
