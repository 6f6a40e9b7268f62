// Merges several DestinationRules for one host in one namespace as Istio does, in every possible order of age.
import { compareText } from '../../base/compare.ts';
import { bySelector, type Selecting } from '../by-selector.ts';
import type { Resource } from '../../model/resource.ts';
import { permutations } from '../../base/permutations.ts';

/** Something that acts as a rule for a host: a DestinationRule, or BackendTLSPolicies that Istio turns into one. */
export interface RuleLike {
  readonly rule: Resource<'DestinationRule'> | undefined;
  readonly policies: readonly Resource<'BackendTLSPolicy'>[];
  readonly exportTo: ReadonlySet<string>;
}

/** One rule of the merged list: whose `trafficPolicy` it has, and the policies that fill its gaps. */
export interface Merged {
  readonly rule: Resource<'DestinationRule'> | undefined;
  readonly policies: readonly Resource<'BackendTLSPolicy'>[];
  /** By name, whose definition of it counts: the first one's. */
  readonly subsets: ReadonlyMap<string, Resource<'DestinationRule'>>;
}

/** What one order of age leads to; `none` where only rules with a `workloadSelector` are left, `hidden` where nothing is. */
export type Outcome = Merged | 'none' | 'hidden';

/** More rules than this for one host are not tried in every order: each could win. */
const triedInEveryOrder = 5;

/**
 * Every rule that could apply to a proxy. `visible` says which entries of the merged list, by the `exportTo` of their
 * first rule, are seen. `labels` are those of a sidecar's pod; a waypoint looks up by direction Inbound, for which no
 * `workloadSelector` counts, and gives none.
 */
export function outcomes(
  items: readonly RuleLike[],
  visible: (exportTo: ReadonlySet<string>) => boolean,
  labels?: ReadonlyMap<string, string>,
): readonly Outcome[] {
  // Selectors come first, then what Istio makes of policies, as that has no age. istio@86c9f01 pilot/pkg/model/push_context.go sortConfigBySelectorAndCreationTime
  const selecting = items.filter(hasSelector);
  const policies = items.filter(({ rule }) => !rule);
  const aged = items.filter((item) => item.rule && !hasSelector(item));
  if (aged.length > triedInEveryOrder)
    return aged.filter((item) => item.rule?.spec.trafficPolicy && visible(item.exportTo)).map(alone);
  // If no rule with a selector can be used, their order does not matter.
  const starts = labels && selecting.length <= triedInEveryOrder ? permutations(selecting) : [selecting];
  const orders = starts.flatMap((start) => permutations(aged).map((order) => [...start, ...policies, ...order]));
  // With one order, labels do not decide what is merged.
  const merged =
    orders.length === 1 && items.length > manyRules ? [mergedOnce(items, orders[0]!)] : orders.map(merging);
  const found = merged.map((groups) => outcomeOf(groups, visible, labels));
  return found.filter((outcome, i) => found.findIndex((other) => sameOutcome(outcome, other)) === i);
}

function sameOutcome(a: Outcome, b: Outcome): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  return sameMerged(a, b);
}

export function sameMerged(a: Merged, b: Merged): boolean {
  return (
    a.rule === b.rule &&
    a.policies.length === b.policies.length &&
    a.subsets.size === b.subsets.size &&
    [...a.subsets].every(([name, rule]) => b.subsets.get(name) === rule)
  );
}

/** istio@86c9f01 pilot/pkg/model/sidecar.go DestinationRule: the first whose selector has the pod, else the last without one. */
function outcomeOf(
  { groups, withoutSelector, selecting }: MergedOrder,
  visible: (exportTo: ReadonlySet<string>) => boolean,
  labels: ReadonlyMap<string, string> | undefined,
): Outcome {
  const isSeen = ({ exportTo }: MergedGroup) => visible(exportTo);
  const chosen = (labels && selecting(labels).find(isSeen)) ?? withoutSelector.findLast(isSeen);
  if (chosen) return chosen.merged;
  return groups.some(isSeen) ? 'none' : 'hidden';
}

/** What one order of age is merged into. */
interface MergedOrder {
  readonly groups: readonly MergedGroup[];
  readonly withoutSelector: readonly MergedGroup[];
  readonly selecting: Selecting<MergedGroup>;
}

function merging(ordered: readonly RuleLike[]): MergedOrder {
  const groups = mergeAll(ordered);
  return {
    groups,
    withoutSelector: groups.filter(({ selector }) => !selector),
    selecting: bySelector(groups, ({ selector }) => selector),
  };
}

/** What is made of more rules than this is kept for all proxies that ask. */
export const manyRules = 20;

/** By the rules of a namespace for a host, which are one list until one of them changes. */
const mergedOf = new WeakMap<readonly RuleLike[], MergedOrder>();

function mergedOnce(items: readonly RuleLike[], order: readonly RuleLike[]): MergedOrder {
  const found = mergedOf.get(items) ?? merging(order);
  mergedOf.set(items, found);
  return found;
}

interface MergedGroup {
  readonly exportTo: ReadonlySet<string>;
  readonly selector: ReadonlyMap<string, string> | undefined;
  merged: Merged;
}

/** istio@86c9f01 pilot/pkg/model/destination_rule.go mergeDestinationRule, with ENABLE_ENHANCED_DESTINATIONRULE_MERGE on, its default. */
function mergeAll(ordered: readonly RuleLike[]): readonly MergedGroup[] {
  const alike = countAlike(ordered);
  const entries = mergeAlike(ordered.slice(0, alike));
  for (const item of ordered.slice(alike)) {
    let separate = true;
    for (const entry of entries) {
      const equal = sameSet(item.exportTo, entry.exportTo);
      separate = !equal;
      if (!equal && !(entry.exportTo.size > 0 && isWithin(entry.exportTo, item.exportTo))) continue;
      const selectors = [selectorOf(item), entry.selector];
      if (selectors[0] && selectors[1] && !sameLabels(selectors[0], selectors[1])) {
        separate = true;
        continue;
      }
      if (!selectors[0] === !selectors[1]) separate = false;
      entry.merged = merge(entry.merged, item);
    }
    if (separate) entries.push({ exportTo: item.exportTo, selector: selectorOf(item), merged: alone(item) });
  }
  return entries;
}

/** How many at the start have a selector and are exported to the same namespaces. */
function countAlike(ordered: readonly RuleLike[]): number {
  const other = ordered.findIndex((item) => !hasSelector(item) || !sameSet(item.exportTo, ordered[0]!.exportTo));
  return other < 0 ? ordered.length : other;
}

/** The same for these: a namespace can have thousands, so those of one selector are looked up and not searched. */
function mergeAlike(items: readonly RuleLike[]): MergedGroup[] {
  const entries: MergedGroup[] = [];
  const bySelector = new Map<string, MergedGroup[]>();
  for (const item of items) {
    const key = JSON.stringify([...(selectorOf(item) ?? [])].sort(([a], [b]) => compareText(a, b)));
    const same = bySelector.get(key) ?? [];
    for (const entry of same) entry.merged = merge(entry.merged, item);
    // Only the last of the list decides whether another one is added.
    if (same.length > 0 && same.at(-1) === entries.at(-1)) continue;
    const added = { exportTo: item.exportTo, selector: selectorOf(item), merged: alone(item) };
    entries.push(added);
    bySelector.set(key, [...same, added]);
  }
  return entries;
}

/** The first rule with a `trafficPolicy` gives all of it. */
function merge(into: Merged, item: RuleLike): Merged {
  const keep = into.rule && (into.rule.spec.trafficPolicy || !item.rule?.spec.trafficPolicy);
  return {
    rule: keep ? into.rule : (item.rule ?? into.rule),
    policies: into.policies,
    subsets: new Map([...subsetsOf(item), ...into.subsets]),
  };
}

function alone(item: RuleLike): Merged {
  return { rule: item.rule, policies: item.policies, subsets: subsetsOf(item) };
}

const none: ReadonlyMap<string, Resource<'DestinationRule'>> = new Map();

function subsetsOf({ rule }: RuleLike): Merged['subsets'] {
  return rule && rule.spec.subsets.length > 0
    ? new Map(rule.spec.subsets.flatMap(({ name }) => (name ? [[name.value, rule] as const] : [])))
    : none;
}

function hasSelector(item: RuleLike): boolean {
  return selectorOf(item) !== undefined;
}

function selectorOf({ rule }: RuleLike): ReadonlyMap<string, string> | undefined {
  return rule?.spec.workloadSelector?.matchLabels;
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && isWithin(a, b);
}

function isWithin(part: ReadonlySet<string>, whole: ReadonlySet<string>): boolean {
  return [...part].every((value) => whole.has(value));
}

function sameLabels(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}
