import type { Snapshot } from '../../cluster/snapshot/snapshot.ts';
import type { Arguments } from '../args.ts';
import { differenceOf, failures, type Difference } from '../difference/difference.ts';
import { differenceJson } from '../difference/json.ts';
import { differenceMarkdown } from '../difference/markdown.ts';
import { sidesOf } from '../difference/sides.ts';
import { differenceLines, differenceText } from '../difference/text.ts';
import type { CliHost } from '../host.ts';
import { sarif } from '../reporters/sarif.ts';
import type { RuleBook } from '../rule-book.ts';

/** Shows what a change opens and closes. Exit code 0, or 1 where something holds that --fail-on names. */
export async function diff(args: Arguments, host: CliHost, book: RuleBook, cluster?: Snapshot): Promise<number> {
  const found = differenceOf(await sidesOf(args, host, book, cluster), args, book);
  host.stdout(formatted(found, args, host));
  return failures(found, args.failReasons).length > 0 ? 1 : 0;
}

function formatted(found: Difference, { format, color, detail }: Arguments, host: CliHost): string {
  switch (format) {
    case 'json':
      return differenceJson(found);
    case 'markdown':
      return differenceMarkdown(found);
    case 'sarif':
      return sarif({ ...found.report, findings: found.findings.added });
    default:
      return detail === 'quiet' ? differenceLines(found) : differenceText(found, { color: color && host.color });
  }
}
