import { explainAnswer } from '../../features/answers/json-answers.ts';
import { UsageError, type Arguments } from '../args.ts';
import type { CliHost } from '../host.ts';
import type { RuleBook } from '../rule-book.ts';

/** Prints a rule's page; without a rule, the list of all. */
export function explain(args: Arguments, host: CliHost, book: RuleBook): number {
  const found = explainAnswer(args.paths[0], book, book.pages());
  if ('problem' in found) throw new UsageError(found.problem);
  host.stdout(found.text);
  return 0;
}
