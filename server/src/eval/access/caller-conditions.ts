// The conditions of policies on the caller's identity. Policies treat callers alike if all these conditions give the same results.
import { keptFor, keptIn } from '../../base/kept-for.ts';
import { groupBy } from '../../base/group-by.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import type { Condition } from '../authz/conditions.ts';
import { fieldConditions, whenCondition } from '../authz/conditions.ts';
import { conditionOf } from '../authz/evaluate.ts';
import type { Outcome } from '../authz/verdict.ts';
import type { Caller } from './callers.ts';
import { matchesSubject } from './policy-clauses.ts';
import { sourceOf } from './at-waypoint.ts';
import { namedBy } from './access-subjects.ts';

type Policy = Resource<'AuthorizationPolicy'>;

export interface CallerCondition {
  readonly key: string;
  readonly condition: Condition;
  readonly value: string;
  readonly policy: Policy;
}

/** The values of all conditions on the client's identity, each once; one list for all destinations that have the same policies. */
export const callerConditions = keptFor((policies: readonly Policy[]): readonly CallerCondition[] => {
  const found = new Map<string, CallerCondition>();
  const add = (
    condition: Condition | undefined,
    values: readonly { readonly value: string }[],
    policy: Policy,
  ): void => {
    if (!condition || !kinds.includes(condition)) return;
    for (const { value } of values) {
      const key = `${kinds.indexOf(condition)} ${value.includes('/') ? '' : policy.namespace} ${value}`;
      found.set(key, { key, condition, value, policy });
    }
  };
  for (const policy of policies)
    for (const { from, to, when } of policy.spec.rules ?? []) {
      for (const { fields } of [...from, ...to])
        for (const field of fields) add(conditionOf(field)?.condition, field.values, policy);
      for (const { key, values, notValues } of when)
        add(key && whenCondition(key.value), [...values, ...notValues], policy);
    }
  return [...found.values()];
});

const kinds = [fieldConditions['principals'], fieldConditions['namespaces'], fieldConditions['serviceAccounts']];

export interface CallerMatcher {
  /** The result of each condition for a caller, one letter each. */
  readonly signature: (values: readonly CallerCondition[], caller: Caller) => string;
  /** All callers whose results may differ from those of a caller that no policy names. */
  readonly namedBy: (values: readonly CallerCondition[]) => readonly Caller[];
  readonly byNamespace: ReadonlyMap<string, readonly Caller[]>;
}

const letters: Readonly<Record<Outcome, string>> = { yes: 'y', no: 'n', unknown: 'u' };

/** By the callers of one version of a mesh. */
const matchers = new WeakMap<readonly Caller[], CallerMatcher>();

export function callerMatcher(mesh: Mesh, callers: readonly Caller[]): CallerMatcher {
  const found = matchers.get(callers) ?? createCallerMatcher(mesh.settings.trustDomain, callers);
  matchers.set(callers, found);
  return found;
}

/** Caches each result, because the policies of many hosts have the same values. */
function createCallerMatcher(trustDomain: string, callers: readonly Caller[]): CallerMatcher {
  const answers = new Map<string, (string | undefined)[]>();
  const others = new Map<string, readonly Caller[]>();
  const byNamespace = callersByNamespace(callers);
  const sources: ReturnType<typeof sourceOf>[] = [];
  const signatures = keptFor((_: readonly CallerCondition[]) => new Map<number, string>());
  const answer = ({ key, condition, value, policy }: CallerCondition, { order, subject }: Caller): string => {
    const known = answers.get(key) ?? [];
    answers.set(key, known);
    const source = (sources[order] ??= sourceOf(trustDomain, subject));
    return (known[order] ??=
      letters[matchesSubject(value, condition, subject, { source, namespace: policy.namespace })]);
  };
  /** Once for each list: a policy can name every account of a namespace. */
  const differing = keptFor((values: readonly CallerCondition[]): readonly Caller[] => {
    const anyone = callers.at(-1)!;
    const [wide, exact] = [values.filter(isWide), values.filter((one) => !isWide(one))];
    const namespaces = new Set(
      exact.flatMap(({ condition, value, policy }) =>
        namedBy(condition, [value], policy, trustDomain).map(({ namespace }) => namespace),
      ),
    );
    const othersFor = (value: CallerCondition) => keptIn(others, value.key, () => otherThan(value, anyone));
    return [
      ...new Set([
        ...wide.flatMap(othersFor),
        ...[...namespaces].flatMap((namespace) => byNamespace.get(namespace) ?? []),
      ]),
    ];
  });
  const otherThan = (value: CallerCondition, anyone: Caller): readonly Caller[] =>
    callers.filter((caller) => answer(value, caller) !== answer(value, anyone));
  return {
    byNamespace,
    signature: (values, caller) =>
      keptIn(signatures(values), caller.order, () => values.map((value) => answer(value, caller)).join('')),
    namedBy: differing,
  };
}

function isWide({ value }: CallerCondition): boolean {
  return value.includes('*');
}

function callersByNamespace(callers: readonly Caller[]): ReadonlyMap<string, readonly Caller[]> {
  return groupBy(callers, ({ subject }) => (subject === '*' ? '' : subject.namespace));
}
