// Conditions on the request itself, when the caller and the destination are known.
import { addToGroup } from '../../base/group-by.ts';
import { compareText } from '../../base/compare.ts';
import { keptFor } from '../../base/kept-for.ts';
import type { Condition } from '../authz/conditions.ts';
import type { Connection } from '../authz/connection.ts';
import { allOf, anyOf, not } from '../authz/outcomes.ts';
import { matchesHost, matchesPath, matchesText } from '../authz/text-match.ts';
import type { Outcome } from '../authz/verdict.ts';

/** Any of the values; none of them where it is negated. */
export interface Atom {
  /** `methods`, `hosts`, `request.headers[x]` (lower case), `connection.sni`, ...: one name a condition. */
  readonly field: string;
  readonly condition: Condition;
  readonly values: readonly string[];
  readonly negated: boolean;
  /** Of the policy, which bare service accounts are of. */
  readonly namespace: string;
}

/** All of them hold; none at all is every request. */
export type Clause = readonly Atom[];

/** More alternatives than this are not computed, because no user could read them. */
const most = 128;

export function judgeAtom({ condition, values, negated, namespace }: Atom, connection: Connection): Outcome {
  const outcomes = values.map((value) => condition.test(value, connection, namespace));
  return negated ? not(anyOf(outcomes)) : anyOf(outcomes);
}

export function judgeClause(clause: Clause, connection: Connection): Outcome {
  return allOf(clause.map((atom) => judgeAtom(atom, connection)));
}

/** What is in `from` and in none of `away`; undefined where that takes too many clauses. */
export function subtract(from: readonly Clause[], away: readonly Clause[]): readonly Clause[] | undefined {
  let left = from;
  for (const alternatives of oppositesOf(away)) {
    left = absorb(left.flatMap((one) => alternatives.flatMap((other) => possible([...one, ...other]))));
    if (left.length > most) return undefined;
  }
  return left;
}

/** What each clause leaves, of which one alternative holds; those of one atom in a row together, as a waypoint can deny hundreds of hosts. */
function oppositesOf(clauses: readonly Clause[]): readonly (readonly Clause[])[] {
  const found: Clause[][] = [];
  let singles: Atom[] | undefined;
  for (const clause of clauses) {
    const [first, ...others] = clause.map(oppositeOf);
    if (first && others.length === 0) {
      if (singles) singles.push(first);
      else found.push([(singles = [first])]);
      continue;
    }
    singles = undefined;
    found.push(first ? [first, ...others].map((atom) => [atom]) : []);
  }
  return found;
}

const oppositeOf = keptFor((atom: Atom): Atom => ({ ...atom, negated: !atom.negated }));

/** Both at once, in every pairing; undefined where that takes too many clauses. */
export function intersect(a: readonly Clause[], b: readonly Clause[]): readonly Clause[] | undefined {
  if (a.length * b.length > most * most) return undefined;
  const both = absorb(a.flatMap((one) => b.flatMap((other) => possible([...one, ...other]))));
  return both.length > most ? undefined : both;
}

/** Without clauses that another one holds already. */
export function absorb(clauses: readonly Clause[]): readonly Clause[] {
  if (clauses.length < 2) return clauses;
  const keys = clauses.map((clause) => new Set(clause.map(keyOf)));
  const everything = keys.findIndex(({ size }) => size === 0);
  if (everything >= 0) return [clauses[everything]!];
  // One that holds a clause already has its first key.
  const byFirstKey = new Map<string, [number, ...number[]]>();
  for (const [i, own] of keys.entries()) addToGroup(byFirstKey, [...own][0]!, i);
  const isHeld = (i: number): boolean =>
    [...keys[i]!].some((key) => byFirstKey.get(key)?.some((j) => j !== i && holds(keys, j, i)));
  return clauses.filter((_, i) => !isHeld(i));
}

function holds(keys: readonly ReadonlySet<string>[], j: number, i: number): boolean {
  const [other, own] = [keys[j]!, keys[i]!];
  if (other.size > own.size || (other.size === own.size && j > i)) return false;
  return [...other].every((key) => own.has(key));
}

/** The clause, tidied, in a list; none where it cannot hold. */
export function possible(clause: Clause): readonly Clause[] {
  const tidied = tidy(clause);
  return tidied ? [tidied] : [];
}

/** The same requests in fewer words; undefined where no request is left. */
function tidy(clause: Clause): Clause | undefined {
  const atoms = [...new Map(clause.map((atom) => [keyOf(atom), atom])).values()];
  const narrowed = atoms.map((atom) => (atom.negated ? atom : narrow(atom, atoms)));
  if (narrowed.some((atom) => !atom.negated && atom.values.length === 0)) return undefined;
  const keys = new Set(atoms.map(keyOf));
  if (atoms.some((atom) => keys.has(keyOf(oppositeOf(atom))))) return undefined;
  const unique = [...new Map(narrowed.map((atom) => [keyOf(atom), atom])).values()];
  const positive = unique.filter(({ negated }) => !negated);
  return unique.filter((atom) => !isImplied(atom, positive)).sort((a, b) => compareText(keyOf(a), keyOf(b)));
}

export const keyOf = keptFor(({ field, values, negated, namespace }: Atom): string =>
  JSON.stringify([field, negated, [...values].sort(), field === 'serviceAccounts' ? namespace : '']),
);

/** A positive atom without the values that the others of its field rule out. */
function narrow(atom: Atom, all: readonly Atom[]): Atom {
  const matches = matcherOf(atom.field);
  if (!matches) return atom;
  const others = all.filter((other) => other !== atom && other.field === atom.field);
  const values = atom.values.filter((value) =>
    others.every((other) => {
      const covered = other.values.some((pattern) => covers(pattern, value, matches));
      return other.negated ? !covered : covered || !isExact(value);
    }),
  );
  return values.length === atom.values.length ? atom : { ...atom, values };
}

/** An atom that follows from another positive one of its field. */
function isImplied(atom: Atom, positive: readonly Atom[]): boolean {
  const matches = matcherOf(atom.field);
  if (!matches) return false;
  return positive.some((other, index) => {
    if (other === atom || other.field !== atom.field) return false;
    if (atom.negated) return other.values.every(isExact);
    const within = (a: Atom, b: Atom) =>
      b.values.every((value) => a.values.some((pattern) => covers(pattern, value, matches)));
    return within(atom, other) && (!within(other, atom) || index < positive.indexOf(atom));
  });
}

type Matches = (pattern: string, value: string) => boolean;

/** Fields of which a request has one text, so that values rule each other out. */
function matcherOf(field: string): Matches | undefined {
  if (field === 'methods' || field === 'connection.sni' || field === 'chain' || field.startsWith('request.headers['))
    return matchesText;
  if (field === 'hosts') return matchesHost;
  return field === 'paths' ? matchesPath : undefined;
}

function isExact(value: string): boolean {
  return !value.startsWith('*') && !value.endsWith('*') && !value.includes('{');
}

/** Whether `pattern` certainly matches everything that `value` matches. */
function covers(pattern: string, value: string, matches: Matches): boolean {
  if (pattern === value || pattern === '*') return true;
  if (isExact(value)) return matches(pattern, value);
  if (value === '*' || value.includes('{') || pattern.includes('{')) return false;
  if (pattern.startsWith('*')) return value.startsWith('*') && value.endsWith(pattern.slice(1));
  return pattern.endsWith('*') && !value.startsWith('*') && value.startsWith(pattern.slice(0, -1));
}
