// The conditions of a policy on requests when the caller and the destination are known. The reading of rules is `authz/evaluate.ts`'s; here only what it
// cannot decide yet is kept.
import type { Span } from '../../base/span.ts';
import type { Field } from '../../model/field.ts';
import type { Resource } from '../../model/resource.ts';
import type { AuthorizationRule } from '../../model/specs.ts';
import { fieldConditions, principalOf, whenCondition, type Condition } from '../authz/conditions.ts';
import type { Connection } from '../authz/connection.ts';
import { actionOf, conditionOf, hasHttpConditions } from '../authz/evaluate.ts';
import { anyOf, not } from '../authz/outcomes.ts';
import type { Outcome } from '../authz/verdict.ts';
import { absorb, intersect, judgeAtom, possible, type Atom, type Clause } from './atom.ts';
import type { Subject } from './access-subjects.ts';

export interface RuleClauses {
  readonly policy: Resource<'AuthorizationPolicy'>;
  readonly span: Span;
  readonly clauses: readonly Clause[];
}

/** Who and where to. `connection` stands for any of the subject's: its names are stand-ins where the subject has none. */
export interface Arrival {
  readonly subject: Subject;
  readonly connection: Connection;
  /** Whether a server name can be seen on that port. */
  readonly inspected: boolean;
}

/** The rules that can match, each with its ways to; undefined where there are too many to work out. */
export function clausesOf(
  policy: Resource<'AuthorizationPolicy'>,
  arrival: Arrival,
): readonly RuleClauses[] | undefined {
  const rules: RuleClauses[] = [];
  for (const rule of policy.spec.rules ?? []) {
    const clauses = ruleClauses(rule, policy, arrival);
    if (!clauses) return undefined;
    if (clauses.length > 0) rules.push({ policy, span: rule.span, clauses });
  }
  return rules;
}

function ruleClauses(
  rule: AuthorizationRule,
  policy: Resource<'AuthorizationPolicy'>,
  arrival: Arrival,
): readonly Clause[] | undefined {
  if (!rule.when.every(({ key }) => key !== undefined && whenCondition(key.value) !== undefined)) return [];
  // An ALLOW rule with HTTP conditions never matches on a TCP chain, others lose them. istio@86c9f01 pilot/pkg/security/authz/model/model.go Generate.
  if (arrival.connection.chain === 'tcp' && actionOf(policy) === 'ALLOW' && hasHttpConditions(rule)) return [];
  const part = (clause: 'from' | 'to') =>
    rule[clause].length === 0
      ? [[]]
      : alternatives(
          rule[clause].map(({ fields }) =>
            fields.flatMap((field) => {
              const found = conditionOf(field);
              return found ? atomOf(field.name, found.condition, field.values, found.negated, policy) : [];
            }),
          ),
          arrival,
        );
  const when = alternatives(
    [
      rule.when.flatMap(({ key, values, notValues }) => {
        const condition = whenCondition(key!.value)!;
        return [
          ...atomOf(key!.value, condition, values, false, policy),
          ...atomOf(key!.value, condition, notValues, true, policy),
        ];
      }),
    ],
    arrival,
  );
  const both = intersect(part('from'), part('to'));
  return both && intersect(both, when);
}

/** Each list of atoms without what is decided; without those that cannot hold. */
function alternatives(lists: readonly (readonly Atom[])[], arrival: Arrival): readonly Clause[] {
  return absorb(
    lists.flatMap((atoms) => {
      const open: Atom[] = [];
      for (const atom of atoms) {
        if (atom.condition.http && arrival.connection.chain === 'tcp') continue;
        const decided = decide(atom, arrival);
        if (decided === 'no') return [];
        if (decided === 'unknown') open.push(atom);
      }
      return possible(open);
    }),
  );
}

function atomOf(
  written: string,
  condition: Condition,
  values: readonly Field<string>[],
  negated: boolean,
  policy: Resource<'AuthorizationPolicy'>,
): readonly Atom[] {
  return values.length === 0
    ? []
    : [
        {
          field: nameOf(written, condition),
          condition,
          values: values.map(({ value }) => value),
          negated,
          namespace: policy.namespace,
        },
      ];
}

/** A condition has one name, however it is written. */
function nameOf(written: string, condition: Condition): string {
  const positive = /^not[A-Z]/.test(written) ? written.charAt(3).toLowerCase() + written.slice(4) : written;
  if (condition === fieldConditions['requestPrincipals']) return positive;
  const name = Object.entries(fieldConditions).find(([, one]) => one === condition)?.[0] ?? positive;
  return name.startsWith('request.headers[') ? name.toLowerCase() : name;
}

const serverName = whenCondition('connection.sni')!;
const destination = whenCondition('destination.ip')!;

/** `unknown` keeps the atom. */
function decide(atom: Atom, arrival: Arrival): Outcome {
  const { condition } = atom;
  const certain =
    condition === fieldConditions['ports'] ||
    condition === fieldConditions['trustDomains'] ||
    condition === destination ||
    (condition === serverName && !arrival.inspected);
  if (certain) return judgeAtom(atom, arrival.connection);
  if (
    condition === fieldConditions['namespaces'] ||
    condition === fieldConditions['principals'] ||
    condition === fieldConditions['serviceAccounts']
  )
    return decideWho(atom, arrival);
  return 'unknown';
}

function decideWho(atom: Atom, { subject, connection }: Arrival): Outcome {
  // No condition on the client matches without its certificate, and every `not` form does.
  if (connection.source.isAnonymous) return atom.negated ? 'yes' : 'no';
  const outcomes = atom.values.map((value) =>
    matchesSubject(value, atom.condition, subject, { source: connection.source, namespace: atom.namespace }),
  );
  return atom.negated ? not(anyOf(outcomes)) : anyOf(outcomes);
}

/** Whether a value of a condition on the client's identity is met by all of a subject. `namespace` is the policy's, `source` the subject's with its stand-ins. */
export function matchesSubject(
  value: string,
  condition: Condition,
  subject: Subject,
  { source, namespace }: { readonly source: Connection['source']; readonly namespace: string },
): Outcome {
  const connection: Connection = {
    source,
    destination: { host: '', port: 0, addresses: [] },
    chain: 'tcp',
    http: undefined,
    sni: undefined,
  };
  return subject !== '*' && subject.serviceAccount !== undefined
    ? condition.test(value, connection, namespace)
    : matchesRest(value, condition, subject, connection);
}

/** Identities that a policy names in full have rows of their own, so the rest is none of them. */
function matchesRest(value: string, condition: Condition, subject: Subject, connection: Connection): Outcome {
  if (condition === fieldConditions['serviceAccounts'] || !value.includes('*'))
    return condition === fieldConditions['namespaces'] && subject !== '*'
      ? condition.test(value, connection, '')
      : 'no';
  if (value === '*') return 'yes';
  if (condition === fieldConditions['namespaces'])
    return subject === '*' ? 'unknown' : condition.test(value, connection, '');
  return matchesRestPrincipal(value, subject, connection);
}

/** By the part of the identity that all of the rest share. */
function matchesRestPrincipal(pattern: string, subject: Subject, connection: Connection): Outcome {
  if (pattern.startsWith('*')) return 'unknown';
  if (!pattern.endsWith('*')) return 'no';
  const wanted = `spiffe://${pattern.slice(0, -1)}`;
  const whole = principalOf(connection);
  const shared =
    subject === '*'
      ? whole.slice(0, whole.indexOf('/ns/') + '/ns/'.length)
      : whole.slice(0, whole.indexOf('/sa/') + '/sa/'.length);
  if (shared.startsWith(wanted)) return 'yes';
  if (!wanted.startsWith(shared)) return 'no';
  // A namespace that is named in full has rows of its own.
  return subject === '*' && wanted.slice(shared.length).includes('/') ? 'no' : 'unknown';
}
