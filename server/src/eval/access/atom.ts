// Conditions on the request itself, when the caller and the destination are known.
import { compareText } from '../../base/compare.ts';
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
  for (const clause of away) {
    left = absorb(
      left.flatMap((one) => clause.flatMap((atom) => possible([...one, { ...atom, negated: !atom.negated }]))),
    );
    if (left.length > most) return undefined;
  }
  return left;
}

/** Both at once, in every pairing; undefined where that takes too many clauses. */
export function intersect(a: readonly Clause[], b: readonly Clause[]): readonly Clause[] | undefined {
  if (a.length * b.length > most * most) return undefined;
  const both = absorb(a.flatMap((one) => b.flatMap((other) => possible([...one, ...other]))));
  return both.length > most ? undefined : both;
}

/** Without clauses that another one holds already. */
export function absorb(clauses: readonly Clause[]): readonly Clause[] {
  const keys = clauses.map((clause) => new Set(clause.map(keyOf)));
  return clauses.filter(
    (_, i) =>
      !keys.some(
        (other, j) =>
          j !== i &&
          other.size <= keys[i]!.size &&
          [...other].every((key) => keys[i]!.has(key)) &&
          (other.size < keys[i]!.size || j < i),
      ),
  );
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
  if (atoms.some((atom) => atoms.some((other) => keyOf({ ...other, negated: !other.negated }) === keyOf(atom))))
    return undefined;
  const unique = [...new Map(narrowed.map((atom) => [keyOf(atom), atom])).values()];
  return unique.filter((atom) => !isImplied(atom, unique)).sort((a, b) => compareText(keyOf(a), keyOf(b)));
}

export function keyOf({ field, values, negated, namespace }: Atom): string {
  return JSON.stringify([field, negated, [...values].sort(), field === 'serviceAccounts' ? namespace : '']);
}

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
function isImplied(atom: Atom, all: readonly Atom[]): boolean {
  const matches = matcherOf(atom.field);
  if (!matches) return false;
  return all.some((other, index) => {
    if (other === atom || other.negated || other.field !== atom.field) return false;
    if (atom.negated) return other.values.every(isExact);
    const within = (a: Atom, b: Atom) =>
      b.values.every((value) => a.values.some((pattern) => covers(pattern, value, matches)));
    return within(atom, other) && (!within(other, atom) || index < all.indexOf(atom));
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
