// Why the rules of policies do not match a connection: for each rule the clause that comes nearest, and what in it fails.
import { nearest } from '../../base/nearest.ts';
import { describe } from '../../model/resource.ts';
import type { ClauseVerdict, MatchVerdict, PolicyVerdict, RuleVerdict } from './verdict.ts';

/** More rules than these are counted only. */
const mostRules = 10;
const mostValues = 5;

/** One line a rule that does not match, in the order of policies and rules. */
export function whyNot(policies: readonly PolicyVerdict[]): readonly string[] {
  const lines = policies.flatMap(({ policy, rules }) =>
    rules.length === 0
      ? [`${describe(policy)} has no rules, so it matches nothing.`]
      : rules
          .filter(({ outcome }) => outcome === 'no')
          .map((rule) => `Rule ${rule.index + 1} of ${describe(policy)}: ${reasonOf(rule)}.`),
  );
  const rest = lines.length - mostRules;
  return rest > 0 ? [...lines.slice(0, mostRules), `${rest} more rules do not match either.`] : lines;
}

function reasonOf({ rewritten, clauses }: RuleVerdict): string {
  if (rewritten === 'never-matches') return 'Istio drops it, as it has HTTP conditions and the port is not HTTP';
  if (rewritten === 'unknown-condition') return 'Istio drops it, as it does not know a key of its conditions';
  const failing = nearestAlternatives(clauses).flatMap(({ matches }) =>
    matches.filter(({ outcome }) => outcome === 'no'),
  );
  return failing.length > 0 ? failing.map(failureOf).join(', and ') : 'it matches nothing';
}

/** Entries of `from` and of `to` are alternatives: where all fail, the one with the fewest failures shows what is missing. */
function nearestAlternatives(clauses: readonly ClauseVerdict[]): readonly ClauseVerdict[] {
  const alternatives = (['from', 'to'] as const).flatMap((kind) => {
    const own = clauses.filter(({ clause }) => clause === kind);
    if (own.length === 0 || own.some(({ outcome }) => outcome !== 'no')) return [];
    return [own.reduce((best, one) => (failures(one) < failures(best) ? one : best))];
  });
  return [...alternatives, ...clauses.filter(({ clause, outcome }) => clause === 'when' && outcome === 'no')];
}

function failures({ matches }: ClauseVerdict): number {
  return matches.filter(({ outcome }) => outcome === 'no').length;
}

function failureOf({ field, actual, values }: MatchVerdict): string {
  const listed = `${values.slice(0, mostValues).join(', ')}${values.length > mostValues ? `, and ${values.length - mostValues} more` : ''}`;
  if (actual === undefined) return `${field} [${listed}] finds nothing to compare in this request`;
  if (/^not[A-Z]/.test(field)) return `"${actual}" is in ${field} [${listed}]`;
  const near = nearest(actual, values);
  const hint = near === undefined || near === actual ? '' : ` (nearest: ${near})`;
  return `"${actual}" is not in ${field} [${listed}]${hint}`;
}
