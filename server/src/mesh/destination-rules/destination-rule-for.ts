// Which DestinationRule applies to a ServiceEntry's host at its waypoint. Selection and merging: server/docs/istio-semantics.md §3.
import type { Resource } from '../../model/resource.ts';
import { samePolicy } from './client-tls.ts';
import { normalizeHost } from '../../names/hosts.ts';
import type { Merged } from './merge-rules.ts';
import type { Mesh } from '../mesh.ts';
import { isInReach, lookUpRules, ruleSearch, type Lookup } from './rule-lookup.ts';
import { visitedNamespaces } from './service-namespaces.ts';
import { rulesAnywhere } from './matching-rules.ts';
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
  | { readonly state: 'selected'; readonly rule: Resource<'DestinationRule'>; readonly others: readonly Candidate[] }
  /** Several rules of one host and namespace: age decides. */
  | {
      readonly state: 'undetermined';
      readonly candidates: readonly Resource<'DestinationRule'>[];
      readonly others: readonly Candidate[];
    }
  | { readonly state: 'none'; readonly others: readonly Candidate[] }
  /** The binding is unknown, so the namespace that the look-up starts from is; or a rule that decides may be one that no source shows. */
  | { readonly state: 'unknown'; readonly others: readonly Candidate[] };

/**
 * The rule for one host of an entry, as its waypoint looks it up. Rules that give a host the same TLS are not told
 * apart by age: the first of them is selected. istio@86c9f01 pilot/pkg/model/push_context.go destinationRule.
 */
export function destinationRuleFor(mesh: Mesh, entry: Resource<'ServiceEntry'>, host: string): DestinationRuleChoice {
  return chooseRule(mesh, entry, host, bindWaypoint(mesh, entry)).choice;
}

/** The same for a binding that is known already, with the look-up that it rests on: undefined if no waypoint looks anything up. */
export function chooseRule(
  mesh: Mesh,
  entry: Resource<'ServiceEntry'>,
  host: string,
  binding: WaypointBinding,
): { readonly choice: DestinationRuleChoice; readonly lookup: Lookup | undefined } {
  if (binding.state === 'unknown') return { choice: { state: 'unknown', others: [] }, lookup: undefined };
  if (binding.state !== 'bound')
    return mesh.derived(`rules past waypoints ${host}`, (view) => {
      const others = rulesByName(view, host, []).map((rule): Candidate => ({ rule, passedOver: 'no-waypoint' }));
      return { choice: { state: 'none', others }, lookup: undefined };
    });
  const { namespace } = binding.gateway;
  const search = ruleSearch(mesh, entry, host);
  return mesh.derived(`rule ${search.key} ${namespace} ${host}`, (view) => {
    // Its own policies are looked up again, as they can change.
    const lookup = lookUpRules(view, search.policies.length > 0 ? ruleSearch(view, entry, host) : search, namespace);
    return { choice: choiceOf(view, host, namespace, lookup), lookup };
  });
}

function choiceOf(mesh: Mesh, host: string, waypointNamespace: string, lookup: Lookup): DestinationRuleChoice {
  const visited = visitedNamespaces(mesh, host, waypointNamespace);
  const named = rulesByName(mesh, host, [...visited]);
  if (lookup.state === 'unknown') return { state: 'unknown', others: [] };
  if (lookup.state === 'entry-not-exported')
    return { state: 'none', others: named.map((rule) => ({ rule, passedOver: 'entry-not-exported' })) };
  const winners = lookup.state === 'found' ? rulesOf(lookup.found, named) : [];
  const chosen = agree(winners) ? winners.slice(0, 1) : winners;
  const others = named
    .filter((rule) => !chosen.includes(rule))
    .map((rule) => passOver(mesh, rule, { visited, waypointNamespace, lookup, chosen, named }));
  const [rule, ...more] = chosen;
  if (!rule) return { state: 'none', others };
  return more.length > 0 ? { state: 'undetermined', candidates: chosen, others } : { state: 'selected', rule, others };
}

/** In the order of `all`, which holds them: that in which they were found follows no order of the mesh. */
function rulesOf(
  found: readonly Merged[],
  all: readonly Resource<'DestinationRule'>[],
): readonly Resource<'DestinationRule'>[] {
  const rules = new Set(found.map(({ rule }) => rule));
  return all.filter((rule) => rules.has(rule));
}

/** Whether it makes no difference here which of the rules applies. */
function agree(rules: readonly Resource<'DestinationRule'>[]): boolean {
  const [first, ...others] = rules;
  return others.every((other) => samePolicy(first!, other));
}

interface Verdict {
  readonly visited: ReadonlySet<string>;
  readonly waypointNamespace: string;
  readonly lookup: Lookup;
  readonly chosen: readonly Resource<'DestinationRule'>[];
  readonly named: readonly Resource<'DestinationRule'>[];
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
  { named }: Verdict,
): Resource<'DestinationRule'> | undefined {
  return named.find(
    (other) => other.namespace === rule.namespace && hostOf(mesh, other).length > hostOf(mesh, rule).length,
  );
}

function hostOf(mesh: Mesh, rule: Resource<'DestinationRule'>): string {
  return ruleHost(rule, mesh.settings.clusterDomain);
}

/**
 * Rules whose host matches by name, most specific first: those of the namespaces given, and elsewhere those that name
 * more than everything.
 */
function rulesByName(mesh: Mesh, host: string, namespaces: readonly string[]): readonly Resource<'DestinationRule'>[] {
  const named = mesh.derived(`rules by name ${normalizeHost(host)}`, (view) => {
    const specificity = (rule: Resource<'DestinationRule'>) =>
      hostOf(view, rule) === normalizeHost(host) ? Infinity : hostOf(view, rule).length;
    return rulesAnywhere(view, host)
      .filter((rule) => hostOf(view, rule) !== '*')
      .sort((a, b) => specificity(b) - specificity(a) || 0);
  });
  const places = new Map(namespaces.map((namespace, i) => [namespace, i]));
  const forAll = mesh
    .destinationRulesAnywhere('*')
    .filter(({ namespace }) => places.has(namespace))
    .sort((a, b) => places.get(a.namespace)! - places.get(b.namespace)!);
  return forAll.length > 0 ? [...named, ...forAll] : named;
}
