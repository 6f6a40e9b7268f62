// Which DestinationRule applies to a ServiceEntry's host at its waypoint. Selection and merging: server/docs/istio-semantics.md §3.
import type { Resource } from '../../model/resource.ts';
import { samePolicy } from './client-tls.ts';
import type { Merged } from './merge-rules.ts';
import type { Mesh } from '../mesh.ts';
import { isInReach, lookUpRules, ruleSearch, type RuleSearch } from './rule-lookup.ts';
import type { Lookup } from './lookup.ts';
import { visitedNamespaces, type VisitedNamespaces } from './service-namespaces.ts';
import { rulesMatching } from './matching-rules.ts';
import { bindWaypoint, type WaypointBinding } from '../binding/waypoint-binding.ts';
import { ruleHost } from './rule-host.ts';

/** Why a rule that matches the host by name is not the one that applies. */
export type PassedOver =
  /** In a namespace that the look-up never visits (a client's, usually). */
  | 'other-namespace'
  /** Its `exportTo` does not reach the waypoint's namespace. */
  | 'not-exported'
  /** `workloadSelector` rules never apply at a waypoint. */
  | 'workload-selector'
  /** An earlier namespace of the look-up, or a more specific host, has a rule. */
  | 'shadowed'
  /** Another rule for the same host and namespace may be older: the oldest one is used. */
  | 'merged-away'
  /** The ServiceEntry is not exported to the waypoint's namespace: no rule is looked up at all. */
  | 'entry-not-exported'
  /** No waypoint is bound, so no rule applies. */
  | 'no-waypoint';

export interface Candidate {
  readonly rule: Resource<'DestinationRule'>;
  readonly passedOver: PassedOver;
  /** What shadows it. */
  readonly by?: Resource<'DestinationRule'>;
}

export type DestinationRuleChoice =
  | { readonly state: 'selected'; readonly rule: Resource<'DestinationRule'> }
  /** Several rules of one host and namespace: age decides. */
  | { readonly state: 'undetermined'; readonly candidates: readonly Resource<'DestinationRule'>[] }
  | { readonly state: 'none' }
  /** The binding is unknown, so the namespace that the look-up starts from is; or a rule that decides may be one that no source shows. */
  | { readonly state: 'unknown' };

/** A choice and the look-up that it rests on: undefined if no waypoint looks anything up. */
export interface RuleChoice {
  readonly choice: DestinationRuleChoice;
  readonly lookup: Lookup | undefined;
}

/**
 * The rule for one host of an entry, as its waypoint looks it up. Rules that give a host the same TLS are not told
 * apart by age: the first of them is selected. istio@86c9f01 pilot/pkg/model/push_context.go destinationRule.
 */
export function destinationRuleFor(mesh: Mesh, entry: Resource<'ServiceEntry'>, host: string): DestinationRuleChoice {
  return chooseRule(mesh, entry, host, bindWaypoint(mesh, entry)).choice;
}

/** The same for a binding that is known already. What other rules there are is no part of it, so that it stands when one of them changes. */
export function chooseRule(
  mesh: Mesh,
  entry: Resource<'ServiceEntry'>,
  host: string,
  binding: WaypointBinding,
): RuleChoice {
  if (binding.state === 'unknown') return unknownChoice;
  if (binding.state !== 'bound') return noChoice;
  return choiceAt(mesh, { entry, host, search: ruleSearch(mesh, entry, host), namespace: binding.gateway.namespace });
}

interface Question {
  readonly entry: Resource<'ServiceEntry'>;
  readonly host: string;
  readonly search: RuleSearch;
  /** The waypoint's. */
  readonly namespace: string;
}

function keyOf({ search, namespace, host }: Question): string {
  return `${search.key} ${namespace} ${host}`;
}

function choiceAt(mesh: Mesh, question: Question): RuleChoice {
  const { entry, host, search, namespace } = question;
  return mesh.derivedInSteps(`rule ${keyOf(question)}`, function* (view) {
    // Its own policies are looked up again, as they can change.
    const asked = search.policies.length > 0 ? ruleSearch(view, entry, host) : search;
    const lookup = yield* lookUpRules(view, asked, namespace);
    return { choice: choiceOf(view, host, namespace, lookup), lookup };
  });
}

const unknownChoice: RuleChoice = { choice: { state: 'unknown' }, lookup: undefined };
const noChoice: RuleChoice = { choice: { state: 'none' }, lookup: undefined };

function choiceOf(mesh: Mesh, host: string, waypointNamespace: string, lookup: Lookup): DestinationRuleChoice {
  if (lookup.state === 'unknown') return { state: 'unknown' };
  if (lookup.state !== 'found') return { state: 'none' };
  const winners = rulesOf(mesh, lookup.found, host, waypointNamespace);
  const [rule] = winners;
  if (!rule) return { state: 'none' };
  return agree(winners) ? { state: 'selected', rule } : { state: 'undetermined', candidates: winners };
}

/** In the order of the mesh: that in which they were found follows none. */
function rulesOf(
  mesh: Mesh,
  found: readonly Merged[],
  host: string,
  waypointNamespace: string,
): readonly Resource<'DestinationRule'>[] {
  const rules = new Set(found.flatMap(({ rule }) => rule ?? []));
  if (rules.size < 2) return [...rules];
  return [...rulesByName(mesh, host, visitedNamespaces(mesh, host, waypointNamespace))].filter((rule) =>
    rules.has(rule),
  );
}

/** Whether it makes no difference here which of the rules applies. */
function agree(rules: readonly Resource<'DestinationRule'>[]): boolean {
  const [first, ...others] = rules;
  return others.every((other) => samePolicy(first!, other));
}

/** The rules that match the host by name and that the entry's waypoint does not use, the most specific first. */
export function skippedRules(
  mesh: Mesh,
  entry: Resource<'ServiceEntry'>,
  host: string,
  binding: WaypointBinding = bindWaypoint(mesh, entry),
): readonly Candidate[] {
  if (binding.state === 'unknown') return [];
  if (binding.state !== 'bound')
    return mesh.derived(`rules past waypoints ${host}`, (view) =>
      [...rulesByName(view, host, nowhere)].map((rule): Candidate => ({ rule, passedOver: 'no-waypoint' })),
    );
  const question = { entry, host, search: ruleSearch(mesh, entry, host), namespace: binding.gateway.namespace };
  return mesh.derived(`rules skipped ${keyOf(question)}`, (view) => [...skippedAt(view, question)]);
}

const nowhere: VisitedNamespaces = { has: () => false, list: () => [] };

/** The first of them, without looking at all. */
export function firstSkippedRules(
  mesh: Mesh,
  entry: Resource<'ServiceEntry'>,
  host: string,
  binding: WaypointBinding,
  most: number,
): readonly Candidate[] {
  if (binding.state !== 'bound') return skippedRules(mesh, entry, host, binding).slice(0, most);
  const found: Candidate[] = [];
  const search = ruleSearch(mesh, entry, host);
  for (const one of skippedAt(mesh, { entry, host, search, namespace: binding.gateway.namespace }))
    if (found.push(one) === most) break;
  return found;
}

interface Verdict {
  readonly host: string;
  readonly visited: VisitedNamespaces;
  readonly waypointNamespace: string;
  readonly lookup: Lookup;
  readonly chosen: readonly Resource<'DestinationRule'>[];
}

function* skippedAt(mesh: Mesh, question: Question): Generator<Candidate> {
  const { host, namespace } = question;
  const { choice, lookup } = choiceAt(mesh, question);
  if (!lookup || choice.state === 'unknown') return;
  const visited = visitedNamespaces(mesh, host, namespace);
  const chosen = new Set(chosenOf(choice));
  const verdict = { host, visited, waypointNamespace: namespace, lookup, chosen: [...chosen] };
  for (const rule of rulesByName(mesh, host, visited)) {
    if (lookup.state === 'entry-not-exported') yield { rule, passedOver: 'entry-not-exported' };
    else if (!chosen.has(rule)) yield passOver(mesh, rule, verdict);
  }
}

function chosenOf(choice: DestinationRuleChoice): readonly Resource<'DestinationRule'>[] {
  if (choice.state === 'selected') return [choice.rule];
  return choice.state === 'undetermined' ? choice.candidates : [];
}

function passOver(mesh: Mesh, rule: Resource<'DestinationRule'>, verdict: Verdict): Candidate {
  if (rule.spec.workloadSelector) return { rule, passedOver: 'workload-selector' };
  if (!verdict.visited.has(rule.namespace)) return { rule, passedOver: 'other-namespace' };
  if (!isInReach(mesh, rule, verdict.waypointNamespace)) return { rule, passedOver: 'not-exported' };
  const by = verdict.chosen[0] ?? stopperOf(verdict) ?? hiderOf(mesh, rule, verdict);
  if (!by) return { rule, passedOver: 'shadowed' };
  const merged =
    by.namespace === rule.namespace && hostOf(mesh, by) === hostOf(mesh, rule) && !by.spec.workloadSelector;
  return { rule, passedOver: merged ? 'merged-away' : 'shadowed', by };
}

function stopperOf({ lookup }: Verdict): Resource<'DestinationRule'> | undefined {
  return lookup.state === 'none' ? lookup.stoppedBy.find(({ spec }) => spec.workloadSelector) : undefined;
}

/** A rule that the waypoint does not see still hides wider ones of its namespace. */
function hiderOf(
  mesh: Mesh,
  rule: Resource<'DestinationRule'>,
  { host, visited }: Verdict,
): Resource<'DestinationRule'> | undefined {
  const length = hostOf(mesh, rule).length;
  for (const other of rulesByName(mesh, host, visited))
    if (other.namespace === rule.namespace && hostOf(mesh, other).length > length) return other;
  return undefined;
}

function hostOf(mesh: Mesh, rule: Resource<'DestinationRule'>): string {
  return ruleHost(rule, mesh.settings.clusterDomain);
}

/**
 * Rules whose host matches by name, most specific first: those of the namespaces given, and elsewhere those that name
 * more than everything.
 */
function* rulesByName(mesh: Mesh, host: string, namespaces: VisitedNamespaces): Generator<Resource<'DestinationRule'>> {
  yield* rulesMatching(mesh, host, (pattern) => pattern !== '*');
  const forAll = mesh.destinationRulesAnywhere('*').filter(({ namespace }) => namespaces.has(namespace));
  if (forAll.length === 0) return;
  const places = new Map(namespaces.list().map((namespace, i) => [namespace, i]));
  yield* forAll.sort((a, b) => places.get(a.namespace)! - places.get(b.namespace)!);
}
