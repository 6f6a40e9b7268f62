// Judges one connection by the policies that are attached where it arrives.
// istio@86c9f01 pilot/pkg/security/authz/builder/builder.go build; .../model/model.go Generate.
import { keptFor } from '../../base/kept-for.ts';
import { compareText } from '../../base/compare.ts';
import type { Span } from '../../base/span.ts';
import type { Field } from '../../model/field.ts';
import type { Resource } from '../../model/resource.ts';
import type { AuthorizationRule, MatchField } from '../../model/specs.ts';
import { targetOfProvider } from '../../mesh/hosts/provider-service.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { isConfigFile } from '../../sources/config-file.ts';
import { fieldConditions, whenCondition, type Condition } from './conditions.ts';
import type { Connection } from './connection.ts';
import { allOf, anyOf, not } from './outcomes.ts';
import type { Action, ClauseVerdict, MatchVerdict, Outcome, PolicyVerdict, RuleVerdict, Verdict } from './verdict.ts';

type Policy = Resource<'AuthorizationPolicy'>;

export interface EvaluateOptions {
  /** Names of the mesh's extension providers: a CUSTOM policy of another one denies what it matches. Undefined where no file says them. */
  readonly providers: readonly string[] | undefined;
}

const order: readonly Action[] = ['CUSTOM', 'AUDIT', 'DENY', 'ALLOW'];

export function evaluate(policies: readonly Policy[], connection: Connection, { providers }: EvaluateOptions): Verdict {
  const judged = policies
    .map((policy) => judge(policy, connection))
    .sort((a, b) => order.indexOf(a.action) - order.indexOf(b.action));
  const enforced = judged.filter(({ dryRun }) => !dryRun);
  return { ...decide(enforced, providers), policies: judged };
}

/** Where the ALLOW policies say nothing and a DENY may match, both stay possible. */
function decide(
  enforced: readonly PolicyVerdict[],
  providers: EvaluateOptions['providers'],
): Pick<Verdict, 'decision' | 'because'> {
  const of = (action: Action) => enforced.filter((one) => one.action === action);
  const custom = of('CUSTOM').filter(({ outcome }) => outcome !== 'no');
  const asked = of('CUSTOM').map(({ policy }) => policy);
  const refused = custom.filter(
    ({ outcome, policy }) => outcome === 'yes' && canAsk(policy, asked, providers) === false,
  );
  const denied = loggedFirst(refused) ?? loggedFirst(of('DENY').filter(({ outcome }) => outcome === 'yes'));
  if (denied) return { decision: 'deny', because: { by: 'deny-rule', policy: denied.policy, rule: firstRule(denied) } };
  const allows = of('ALLOW');
  if (allows.length > 0 && allows.every(({ outcome }) => outcome === 'no'))
    return { decision: 'deny', because: { by: 'implicit-deny', policies: allows.map(({ policy }) => policy) } };
  const allowed = allows.find(({ outcome }) => outcome === 'yes');
  const unsure = [...of('DENY'), ...custom, ...(allowed ? [] : allows)].filter(({ outcome }) => outcome === 'unknown');
  if (unsure.length > 0)
    return { decision: 'unknown', because: { by: 'unknown', policies: unsure.map(({ policy }) => policy) } };
  if (custom[0]) return { decision: 'unknown', because: { by: 'custom', policy: custom[0].policy } };
  if (allowed)
    return { decision: 'allow', because: { by: 'allow-rule', policy: allowed.policy, rule: firstRule(allowed) } };
  return { decision: 'allow', because: { by: 'no-policy' } };
}

/** Of the policies, by their list: each of them is asked about. */
export const providersOf = keptFor(
  (custom: readonly Policy[]): ReadonlySet<string> => new Set(custom.map(({ spec }) => spec.provider?.value ?? '')),
);

/**
 * One known provider a chain; otherwise what the policies match is denied. Undefined where the mesh's providers are not known.
 * istio@86c9f01 .../builder/builder.go getBadCustomDenyRules.
 */
export function canAsk(
  policy: Policy,
  custom: readonly Policy[],
  providers: EvaluateOptions['providers'],
): boolean | undefined {
  const names = providersOf(custom);
  const name = policy.spec.provider?.value ?? '';
  if (names.size !== 1 || name === '') return false;
  return providers?.includes(name);
}

/**
 * The providers that can be asked, where a file says them: defaults prove nothing, and a folder's own settings may speak of other things
 * only. One whose service Istio does not find is as none. istio@86c9f01 pilot/pkg/security/authz/builder/extauthz.go processExtensionProvider.
 */
export function knownProviders(mesh: Mesh): EvaluateOptions['providers'] {
  const { origin, extensionProviders } = mesh.settings;
  const isPartial = origin === 'default' || isConfigFile(origin);
  if (isPartial && extensionProviders.length === 0) return undefined;
  return extensionProviders.filter((name) => targetOfProvider(mesh, name).state !== 'unusable');
}

function firstRule({ policy, rules }: PolicyVerdict): number {
  const matching = rules.filter(({ outcome }) => outcome === 'yes');
  return matching.sort((a, b) => compareText(nameOf(policy, a.index), nameOf(policy, b.index)))[0]?.index ?? 0;
}

/** Of several that deny, the one that the proxy names. */
function loggedFirst(denying: readonly PolicyVerdict[]): PolicyVerdict | undefined {
  return [...denying].sort((a, b) => compareText(nameOf(a.policy, firstRule(a)), nameOf(b.policy, firstRule(b))))[0];
}

/** Envoy asks rules in the order of their names: envoy@0f39b1c source/extensions/filters/common/rbac/engine_impl.h RoleBasedAccessControlEngineImpl. */
function nameOf({ namespace, name, spec }: Policy, rule: number): string {
  // With the provider first: istio@86c9f01 .../builder/builder.go policyName.
  const asking = spec.action?.value === 'CUSTOM' ? `istio-ext-authz-${spec.provider?.value ?? ''}-` : '';
  return `${asking}ns[${namespace}]-policy[${name}]-rule[${rule}]`;
}

function judge(policy: Policy, connection: Connection): PolicyVerdict {
  const action = actionOf(policy);
  const rules = (policy.spec.rules ?? []).map((rule, index) =>
    judgeRule(rule, index, { action, connection, namespace: policy.namespace }),
  );
  return { policy, action, dryRun: isDryRun(policy), outcome: anyOf(rules.map(({ outcome }) => outcome)), rules };
}

/** An absent action allows. */
export function actionOf(policy: Policy): Action {
  const written = policy.spec.action?.value;
  return order.find((action) => action === written) ?? 'ALLOW';
}

/** As Go's ParseBool reads it; what it cannot read is enforced. istio@86c9f01 .../builder/builder.go isDryRun. */
export function isDryRun(policy: Policy): boolean {
  return ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(policy.annotations.get('istio.io/dry-run')?.value ?? '');
}

interface Bench {
  readonly action: Action;
  readonly connection: Connection;
  readonly namespace: string;
}

function judgeRule(rule: AuthorizationRule, index: number, bench: Bench): RuleVerdict {
  const known = rule.when.every(({ key }) => key !== undefined && whenCondition(key.value) !== undefined);
  const onTcp = bench.connection.chain === 'tcp' && hasHttpConditions(rule);
  const dropped = { index, span: rule.span, outcome: 'no', clauses: [] } as const;
  if (!known) return { ...dropped, rewritten: 'unknown-condition' };
  if (onTcp && bench.action === 'ALLOW') return { ...dropped, rewritten: 'never-matches' };
  const clauses = judgeClauses(rule, bench);
  const rewritten = onTcp ? 'without-http-conditions' : undefined;
  return { index, span: rule.span, outcome: ruleOutcome(rule, clauses), clauses, rewritten };
}

/** Whether the rule has a condition on HTTP requests. */
export function hasHttpConditions(rule: AuthorizationRule): boolean {
  const fields = [...rule.from, ...rule.to].flatMap((part) => part.fields);
  return (
    fields.some((field) => field.values.length > 0 && conditionOf(field)?.condition.http === true) ||
    rule.when.some(({ key }) => key !== undefined && whenCondition(key.value)?.http === true)
  );
}

/** Whether all conditions of the rule are on HTTP requests, so that a proxy that sees only connections has no condition left. */
export function isHttpOnly(rule: AuthorizationRule): boolean {
  const parts = [...rule.from, ...rule.to];
  const fields = parts.flatMap((part) => part.fields).filter(({ values }) => values.length > 0);
  return (
    parts.length + rule.when.length > 0 &&
    parts.every((part) => part.fields.some(({ values }) => values.length > 0)) &&
    fields.every((field) => conditionOf(field)?.condition.http === true) &&
    rule.when.every(({ key }) => key !== undefined && whenCondition(key.value)?.http === true)
  );
}

function judgeClauses(rule: AuthorizationRule, bench: Bench): ClauseVerdict[] {
  const part = (clause: 'from' | 'to') =>
    rule[clause].map(({ span, fields }) =>
      clauseOf(
        clause,
        span,
        fields.flatMap((field) => judgeField(field, bench)),
      ),
    );
  const when = rule.when.map(({ span, key, values, notValues }) => {
    const condition = whenCondition(key!.value)!;
    return clauseOf('when', span, [
      ...matchOf(key!.value, span, condition, values, false, bench),
      ...matchOf(key!.value, span, condition, notValues, true, bench),
    ]);
  });
  return [...part('from'), ...part('to'), ...when];
}

/** Entries of `from` and of `to` are alternatives, entries of `when` must all hold. */
function ruleOutcome(rule: AuthorizationRule, clauses: readonly ClauseVerdict[]): Outcome {
  const of = (clause: ClauseVerdict['clause']) =>
    clauses.filter((one) => one.clause === clause).map(({ outcome }) => outcome);
  return allOf([
    ...(rule.from.length > 0 ? [anyOf(of('from'))] : []),
    ...(rule.to.length > 0 ? [anyOf(of('to'))] : []),
    ...of('when'),
  ]);
}

function clauseOf(clause: ClauseVerdict['clause'], span: Span, matches: readonly MatchVerdict[]): ClauseVerdict {
  return { clause, span, matches, outcome: allOf(matches.map(({ outcome }) => outcome)) };
}

function judgeField(field: MatchField, bench: Bench): MatchVerdict[] {
  const found = conditionOf(field);
  return found ? matchOf(field.name, field.key, found.condition, field.values, found.negated, bench) : [];
}

/** What a field compares, and whether it is a `not` form; undefined for a field that Istio does not have. */
export function conditionOf({
  name,
}: MatchField): { readonly condition: Condition; readonly negated: boolean } | undefined {
  const positive = /^not[A-Z]/.test(name) ? name.charAt(3).toLowerCase() + name.slice(4) : name;
  return Object.hasOwn(fieldConditions, positive)
    ? { condition: fieldConditions[positive]!, negated: positive !== name }
    : undefined;
}

/** No values, no condition; an HTTP condition on a TCP chain is left out of what widens. */
function matchOf(
  field: string,
  span: Span,
  condition: Condition,
  values: readonly Field<string>[],
  negated: boolean,
  { connection, namespace }: Bench,
): MatchVerdict[] {
  if (values.length === 0 || (condition.http && connection.chain === 'tcp')) return [];
  const outcomes = values.map(({ value }) => condition.test(value, connection, namespace));
  const any = anyOf(outcomes);
  const deciding = values[outcomes.indexOf(any)];
  return [
    {
      field,
      span: any === 'yes' && deciding ? deciding.span : span,
      outcome: negated ? not(any) : any,
      actual: condition.actual(connection),
      values: values.map(({ value }) => value),
    },
  ];
}
