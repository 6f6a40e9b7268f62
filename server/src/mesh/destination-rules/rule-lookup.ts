// The search for the DestinationRule of a host through namespaces: the waypoint's, the service's, the root.
import { mapInSteps } from '../../base/steps.ts';
import type { Resource } from '../../model/resource.ts';
import { coversAsWritten, normalizeHost } from '../../names/hosts.ts';
import { manyRules, outcomes, type RuleLike } from './merge-rules.ts';
import { anyOf, type Lookup } from './lookup.ts';
import type { Mesh } from '../mesh.ts';
import { writtenHosts } from '../hosts/hosts-of-entry.ts';
import { exportsTo, isLocalRule, isPrivateRule, ruleExportTo } from '../hosts/visibility.ts';
import { matchingRules } from './matching-rules.ts';
import { policiesFor, policiesOf } from './policies-of-host.ts';
import { serviceNamespaces } from './service-namespaces.ts';
import { writtenRuleHost } from './rule-host.ts';

/** What a waypoint looks for: a host of an entry. Entries that give the same host the same way share a key. */
export interface RuleSearch {
  readonly key: string;
  readonly host: string;
  readonly written: string;
  /** Of the entry. */
  readonly namespace: string;
  readonly isDiscovered: boolean | undefined;
  readonly policies: readonly Resource<'BackendTLSPolicy'>[];
}

export function ruleSearch(mesh: Mesh, entry: Resource<'ServiceEntry'>, host: string): RuleSearch {
  const written = writtenHosts(entry).get(normalizeHost(host))?.value ?? host;
  const policies = policiesOf(mesh, entry);
  const isDiscovered = mesh.discovers(entry.namespace);
  const key = policies.length > 0 ? `of ${entry.id}` : `${isDiscovered === undefined ? 'unseen ' : ''}${written}`;
  return { key, host, written, namespace: entry.namespace, isDiscovered, policies };
}

/** What a waypoint of that namespace finds for one host of the entry. istio@86c9f01 pilot/pkg/model/push_context.go destinationRule. */
export function* lookUpRules(mesh: Mesh, search: RuleSearch, waypointNamespace: string): Generator<undefined, Lookup> {
  const { host, written, policies } = search;
  const homes = serviceNamespaces(mesh, host, waypointNamespace);
  if (homes.length === 0) return { state: search.isDiscovered === undefined ? 'unknown' : 'entry-not-exported' };
  const wanted = normalizeHost(host);
  const here = { host: wanted, written, waypoint: waypointNamespace };
  // What the waypoint's own namespace has comes first, wherever the service is.
  const ownStep =
    policies.length > 0 ? undefined : ownLookup(mesh, { ...here, home: waypointNamespace, policiesIn: () => [] });
  if (ownStep) return ownStep;
  const found = yield* mapInSteps(homes, (home) => {
    const one = { ...here, home };
    const own = home === search.namespace ? policies : [];
    return own.length > 0
      ? walk(mesh, {
          ...one,
          policiesIn: (namespace, pattern) => (namespace === home && pattern === wanted ? own : []),
        })
      : mesh.derived(`rules in ${home} ${waypointNamespace} ${written} ${wanted}`, (view) =>
          walk(view, { ...one, policiesIn: () => [] }),
        );
  });
  return anyOf(found);
}

/** The rule of a sidecar for a host: the same search from the client's namespace, with `workloadSelector`. `homes` are the namespaces where the service can be. */
export function lookUpRulesForSidecar(
  mesh: Mesh,
  host: string,
  client: { readonly namespace: string; readonly labels: ReadonlyMap<string, string> },
  homes: readonly (Resource<'ServiceEntry'> | Resource<'Service'>)[],
): Lookup {
  if (homes.length === 0) return { state: 'entry-not-exported' };
  const wanted = normalizeHost(host);
  const found = homes.map((home) => {
    const entry = home.kind === 'ServiceEntry' ? home : undefined;
    const written = (entry && writtenHosts(entry).get(wanted)?.value) ?? host;
    return walk(mesh, {
      host: wanted,
      written,
      waypoint: client.namespace,
      home: home.namespace,
      policiesIn: (namespace, pattern) => policiesFor(mesh, namespace, pattern),
      labels: client.labels,
    });
  });
  return anyOf(found);
}

/** What a proxy finds for a Service that no file needs to have. */
export function lookUpRulesOfService(
  mesh: Mesh,
  host: string,
  home: string,
  { namespace, labels }: { readonly namespace: string; readonly labels: ReadonlyMap<string, string> },
): Lookup {
  const wanted = normalizeHost(host);
  return walk(mesh, {
    host: wanted,
    written: wanted,
    waypoint: namespace,
    home,
    policiesIn: (where, pattern) => policiesFor(mesh, where, pattern),
    labels,
  });
}

interface Search {
  readonly host: string;
  /** As the entry writes it. */
  readonly written: string;
  /** The namespace of the proxy that looks up. */
  readonly waypoint: string;
  /** Of a sidecar's pod. */
  readonly labels?: ReadonlyMap<string, string>;
  /** The service's namespace. */
  readonly home: string;
  /** That act as a rule of that namespace for the pattern. */
  readonly policiesIn: (namespace: string, pattern: string) => readonly Resource<'BackendTLSPolicy'>[];
}

/** One namespace of the search: which rules apply there, and which of the merged ones the waypoint sees. */
interface Step {
  readonly namespace: string;
  readonly kept: 'private' | 'local' | 'exported';
  readonly keeps: (rule: Resource<'DestinationRule'>) => boolean;
  readonly keepsPolicies: boolean;
  readonly sees: (exportTo: ReadonlySet<string>) => boolean;
}

function walk(mesh: Mesh, search: Search): Lookup {
  for (const step of stepsOf(mesh, search)) {
    const result = lookIn(mesh, search, step);
    if (result) return result;
  }
  return { state: 'none', stoppedBy: [] };
}

function ownLookup(mesh: Mesh, search: Search): Lookup | undefined {
  return lookIn(mesh, search, ownStepOf(mesh, search));
}

function ownStepOf(mesh: Mesh, { waypoint }: Search): Step {
  const root = mesh.settings.rootNamespace;
  return waypoint === root
    ? // In the root namespace, only rules that are private to it come first, so that mesh-wide rules do not hide those of the service.
      {
        namespace: root,
        kept: 'private',
        keeps: (rule) => isPrivateRule(mesh, rule),
        keepsPolicies: false,
        sees: () => true,
      }
    : { namespace: waypoint, kept: 'local', keeps: isLocalRule, keepsPolicies: true, sees: () => true };
}

function stepsOf(mesh: Mesh, search: Search): readonly Step[] {
  const { waypoint, home } = search;
  const root = mesh.settings.rootNamespace;
  const own = ownStepOf(mesh, search);
  const exported = (namespace: string): Step => ({
    namespace,
    kept: 'exported',
    keeps: (rule) => !isPrivateRule(mesh, rule),
    keepsPolicies: true,
    sees: (exportTo) => exportsTo(exportTo, waypoint),
  });
  return [own, exported(home), exported(root)];
}

/** Whether some step of a walk for a waypoint of that namespace sees the rule, if it visits the rule's namespace. */
export function isInReach(mesh: Mesh, rule: Resource<'DestinationRule'>, waypoint: string): boolean {
  if (rule.namespace === waypoint && waypoint !== mesh.settings.rootNamespace) return isLocalRule(rule);
  return isPrivateRule(mesh, rule) ? rule.namespace === waypoint : exportsTo(ruleExportTo(rule), waypoint);
}

/** Undefined if the search continues. */
function lookIn(mesh: Mesh, search: Search, step: Step): Lookup | undefined {
  const { namespace } = step;
  const hit = mostSpecific(mesh, search, step);
  // A rule that no source shows could stand here: nothing more specific than an exact match can.
  if (hit?.pattern !== search.host && !mesh.knows('DestinationRule', namespace)) return { state: 'unknown' };
  if (!hit) return undefined;
  if (!writtenHostsOf(mesh, hit.items).every((written) => coversAsWritten(written, search.written)))
    return { state: 'unknown' };
  const ends = outcomes(hit.items, step.sees, search.labels);
  if (ends.every((end) => end === 'hidden')) return undefined;
  if (ends.every((end) => end === 'none'))
    return { state: 'none', stoppedBy: hit.items.flatMap(({ rule }) => (rule ? [rule] : [])) };
  const found = ends.filter((end) => end !== 'none' && end !== 'hidden');
  return found.length === ends.length
    ? { state: 'found', found, pattern: hit.pattern, namespace }
    : { state: 'unknown' };
}

/** Istio compares letter by letter: hosts that differ in case or by a dot at the end are two, though no one means that. */
function writtenHostsOf(mesh: Mesh, items: readonly RuleLike[]): readonly string[] {
  const known = hostsOfItems.get(items);
  if (known) return known;
  const found = items.flatMap(({ rule }) => (rule ? [writtenRuleHost(rule, mesh.settings.clusterDomain)] : []));
  if (found.length <= manyRules) return found;
  const different = [...new Set(found)];
  hostsOfItems.set(items, different);
  return different;
}

const hostsOfItems = new WeakMap<readonly RuleLike[], readonly string[]>();

/** The rules of this step with the longest matching host. istio@86c9f01 pilot/pkg/model/config.go MostSpecificHostMatch. */
function mostSpecific(
  mesh: Mesh,
  search: Search,
  step: Step,
): { readonly pattern: string; readonly items: readonly RuleLike[] } | undefined {
  const { host, policiesIn } = search;
  for (const { pattern, rules } of matchingRules(mesh, step.namespace, host)) {
    const policies = step.keepsPolicies ? policiesIn(step.namespace, pattern) : [];
    const kept = itemsOf(rules, step);
    const items: readonly RuleLike[] =
      policies.length > 0 ? [{ rule: undefined, policies, exportTo: new Set() }, ...kept] : kept;
    if (items.length > 0) return { pattern, items };
  }
  return undefined;
}

type Rules = readonly Resource<'DestinationRule'>[];

/** By the list that the index gives for a namespace and host, which stands until one of its members changes. */
const knownItems = new WeakMap<Rules, Map<Step['kept'], readonly RuleLike[]>>();

function itemsOf(rules: Rules, { kept, keeps }: Step): readonly RuleLike[] {
  const known = knownItems.get(rules);
  const items =
    known?.get(kept) ?? rules.filter(keeps).map((rule) => ({ rule, policies: [], exportTo: ruleExportTo(rule) }));
  if (known) known.set(kept, items);
  else if (rules.length > manyRules) knownItems.set(rules, new Map([[kept, items]]));
  return items;
}
