import { nearest } from '../../base/nearest.ts';
import { UsageError, type Arguments } from '../args.ts';
import type { CliHost } from '../host.ts';
import { rulePage } from '../../features/rule-page.ts';
import type { RuleBook } from '../rule-book.ts';

/** Prints a rule's page; without a rule, the list of all. */
export function explain(args: Arguments, host: CliHost, book: RuleBook): number {
  const [id] = args.paths;
  const rules = [...book.rules, ...book.documentRules];
  if (id === undefined) {
    const width = Math.max(...rules.map((rule) => rule.id.length));
    host.stdout(
      rules
        .map((rule) => `${rule.id.padEnd(width)}  ${rule.severity.padEnd(11)}  ${rule.summary}\n`)
        .sort()
        .join(''),
    );
    return 0;
  }
  const page = book.pages.get(id);
  if (page === undefined) {
    const near = nearest(
      id,
      rules.map((rule) => rule.id),
    );
    throw new UsageError(`there is no rule ${id}${near === undefined ? '' : ` (did you mean ${near}?)`}`);
  }
  host.stdout(rulePage(rules.find((rule) => rule.id === id) ?? {}, page));
  return 0;
}
