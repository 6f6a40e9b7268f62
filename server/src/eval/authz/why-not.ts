// Why the rules of policies do not match a connection: for each rule the clause that comes nearest, and what in it fails.
import { nearest } from '../../base/nearest.ts';
import { describe } from '../../model/resource.ts';
import type { Action, ClauseVerdict, MatchVerdict, PolicyVerdict, RuleVerdict, Verdict } from './verdict.ts';

/** More rules than these are counted only. */
const mostRules = 10;
const mostValues = 5;

/** Whose rules tell something of the decision, those that weigh most first: where a DENY policy matches, no ALLOW policy is asked. */
const asked: Readonly<Record<Verdict['because']['by'], readonly Action[]>> = {
  'implicit-deny': ['ALLOW', 'DENY', 'CUSTOM'],
  'deny-rule': ['DENY', 'CUSTOM'],
  'allow-rule': ['DENY', 'CUSTOM', 'ALLOW'],
  'no-policy': ['DENY', 'CUSTOM'],
  custom: ['CUSTOM', 'DENY', 'ALLOW'],
  unknown: ['DENY', 'CUSTOM', 'ALLOW'],
};

/** One line a rule that does not match, in the order of policies and rules. */
export function whyNot({ because, policies }: Pick<Verdict, 'because' | 'policies'>): readonly string[] {
  const enforced = policies.filter(({ dryRun }) => !dryRun);
  const lines = asked[because.by].flatMap((action) => enforced.filter((one) => one.action === action).flatMap(linesOf));
  const rest = lines.length - mostRules;
  if (rest <= 0) return lines;
  return [
    ...lines.slice(0, mostRules),
    `And ${rest} more ${rest === 1 ? 'rule that does' : 'rules that do'} not match.`,
  ];
}

function linesOf({ policy, action, rules }: PolicyVerdict): readonly string[] {
  const name = action === 'ALLOW' ? describe(policy) : `${describe(policy)} (${action})`;
  if (rules.length === 0) return [`${name} has no rules, so it matches nothing.`];
  return rules
    .filter(({ outcome }) => outcome === 'no')
    .map((rule) => `Rule ${rule.index + 1} of ${name}: ${reasonOf(rule)}.`);
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
