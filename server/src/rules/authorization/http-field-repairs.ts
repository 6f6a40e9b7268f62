// What puts a rule with HTTP conditions right where the waypoint sees only connections.
import type { FieldPath } from '../../base/field-path.ts';
import { actionOf, conditionOf } from '../../eval/authz/evaluate.ts';
import { whenCondition } from '../../eval/authz/conditions.ts';
import type { Resource } from '../../model/resource.ts';
import type { AuthorizationRule } from '../../model/specs.ts';
import type { Change, Fix } from '../rule.ts';
import { isTcpChain, portsUnder } from './reach.ts';

type Policy = Resource<'AuthorizationPolicy'>;

/** A rule that also meets HTTP keeps its conditions and gets the ports of HTTP; one that meets connections only loses them. */
export function* httpFieldRepairs(
  policy: Policy,
  index: number,
  entries: readonly Resource<'ServiceEntry'>[],
): Generator<Fix> {
  const rule = policy.spec.rules?.[index];
  if (!rule) return;
  const ports = entries.flatMap((entry) => portsUnder(rule, entry));
  const numbers = [...new Set(ports.filter((port) => !isTcpChain(port)).map(({ number }) => String(number?.value)))];
  const isMixed = ports.some((port) => isTcpChain(port) && numbers.includes(String(port.number?.value)));
  if (numbers.length > 0 && !isMixed) yield* limited(policy, rule, index, numbers);
  if (numbers.length === 0) yield* withoutHttp(policy, rule, index);
}

function* limited(policy: Policy, { to }: AuthorizationRule, index: number, ports: readonly string[]): Generator<Fix> {
  const hasPorts = to.some(({ fields }) => fields.some(({ name }) => name === 'ports' || name === 'notPorts'));
  if (hasPorts) return;
  const path = ['spec', 'rules', index, 'to'];
  const changes: readonly Change[] =
    to.length === 0
      ? [{ op: 'set', in: policy, path, value: [{ operation: { ports: [...ports] } }] }]
      : to.map((_, i) => ({ op: 'set', in: policy, path: [...path, i, 'operation', 'ports'], value: [...ports] }));
  yield {
    title: `Apply it only to port${ports.length === 1 ? '' : 's'} ${ports.join(' and ')}`,
    safety: 'unsafe',
    changes,
  };
}

/** Not where nothing would be left: a rule without conditions is for every connection. */
function* withoutHttp(policy: Policy, rule: AuthorizationRule, index: number): Generator<Fix> {
  const path = ['spec', 'rules', index];
  const clauses = [
    ...(['from', 'to'] as const).map((clause) => removals(rule[clause].map(httpFieldsOf), [...path, clause], clause)),
    removals(
      rule.when.map(({ key }) => ({ http: [], left: key && whenCondition(key.value)?.http === true ? 0 : 1 })),
      [...path, 'when'],
      'when',
    ),
  ];
  // Without its sources it would be for every client; and of a DENY rule each part denies, whatever is left of it.
  const losesSources = rule.from.length > 0 && clauses[0]!.left === 0;
  const losesParts = actionOf(policy) === 'DENY' && clauses.some(({ isShortened }) => isShortened);
  if (losesSources || losesParts) return;
  const changes = clauses.flatMap(({ paths }) => paths).map((one): Change => ({ op: 'remove', in: policy, path: one }));
  if (changes.length > 0 && clauses.some(({ left }) => left > 0))
    yield { title: 'Remove the HTTP conditions', safety: 'unsafe', changes };
}

interface Part {
  /** Names of the fields that need HTTP. */
  readonly http: readonly string[];
  /** How many other fields there are. */
  readonly left: number;
}

interface Clause {
  /** How many of its parts are left. */
  readonly left: number;
  /** Whether some of its alternatives go. */
  readonly isShortened: boolean;
  readonly paths: readonly FieldPath[];
}

function httpFieldsOf({ fields }: AuthorizationRule['from'][number]): Part {
  const http = fields.filter((field) => conditionOf(field)?.condition.http === true).map(({ name }) => name);
  return { http, left: fields.length - http.length };
}

/** Of one clause: its HTTP fields, parts that have only such, or all of it. */
function removals(parts: readonly Part[], path: FieldPath, clause: 'from' | 'to' | 'when'): Clause {
  const left = parts.filter((part) => part.left > 0).length;
  if (parts.length > 0 && left === 0) return { left, isShortened: false, paths: [path] };
  const inner = clause === 'from' ? 'source' : 'operation';
  return {
    left,
    // Conditions are all needed, so that one less only widens.
    isShortened: clause !== 'when' && left < parts.length,
    paths: parts.flatMap((part, i) =>
      part.left === 0 ? [[...path, i]] : part.http.map((name) => [...path, i, inner, name]),
    ),
  };
}
