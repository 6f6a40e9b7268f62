import { fixAll } from '../../engine/fixes.ts';
import { UsageError, type Arguments } from '../args.ts';
import { unifiedDiff } from '../diff.ts';
import { displayPath } from '../display-path.ts';
import type { CliHost } from '../host.ts';
import { load, stdinUri } from '../load.ts';
import { isAtLeast } from '../report.ts';
import type { RuleBook } from '../rule-book.ts';

/** Applies safe fixes; `--dry-run` prints a diff instead. Exit code 1 where findings at the threshold stay. */
export function fix(args: Arguments, host: CliHost, book: RuleBook): number {
  if (args.paths.includes('-')) throw new UsageError('fix changes files and cannot read standard input: give a PATH');
  const loaded = load(args, host, book);
  const before = new Map<string, string>();
  const written = new Map<string, string>();
  const done = fixAll(
    loaded.workspace,
    book,
    {
      textOf: loaded.textOf,
      documentAt: (document) => loaded.workspace.documentAt(document),
      exists: (uri) => written.has(uri) || host.isPresent(host.toPath(uri)),
      write(uri, text) {
        if (!before.has(uri)) before.set(uri, written.has(uri) ? '' : (loaded.textOf(uri) ?? ''));
        written.set(uri, text);
        loaded.setText(uri, text);
      },
    },
    ({ rule }) => args.rule === undefined || rule === args.rule,
  );
  for (const [uri, text] of written) {
    const name = displayPath(uri, host);
    if (args.dryRun) host.stdout(unifiedDiff(name, before.get(uri) ?? '', text));
    else host.writeText(host.toPath(uri), text);
  }
  for (const { finding, title } of done)
    host.stderr(`${displayPath(finding.uri, host)}:${finding.range.start.line + 1}: ${title} [${finding.rule}]\n`);
  const left = [...loaded.workspace.uris]
    .filter((uri) => uri !== stdinUri)
    .flatMap((uri) => loaded.workspace.findings(uri));
  host.stderr(
    `${done.length} fixed in ${written.size} ${written.size === 1 ? 'file' : 'files'}${args.dryRun ? ' (dry run, no file changed)' : ''}; ${left.length} left.\n`,
  );
  return left.some(({ severity }) => isAtLeast(severity, args.failOn)) ? 1 : 0;
}
