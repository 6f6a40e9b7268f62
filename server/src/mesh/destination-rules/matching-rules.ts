// DestinationRules by the hosts that they match.
import { addToGroup } from '../../base/group-by.ts';
import type { Resource } from '../../model/resource.ts';
import { normalizeHost, patternsFor } from '../../names/hosts.ts';
import type { Mesh } from '../mesh.ts';
import { ruleHost } from './rule-host.ts';

/** DestinationRules of all namespaces whose host matches, the most specific first. */
export function rulesAnywhere(mesh: Mesh, host: string): readonly Resource<'DestinationRule'>[] {
  return [...rulesMatching(mesh, host)];
}

/** The same one by one: below one wildcard, thousands of hosts have the thousands of rules for it. */
export function* rulesMatching(mesh: Mesh, host: string, isWanted = all): Generator<Resource<'DestinationRule'>> {
  for (const pattern of patternsWithRules(mesh, host)) if (isWanted(pattern)) yield* rulesOf(mesh, pattern);
}

/** Whether it holds for any of them, asked once for each pattern. The key names what it is and all that it uses. */
export function someRuleMatching(
  mesh: Mesh,
  host: string,
  key: string,
  holds: (rule: Resource<'DestinationRule'>) => boolean,
): boolean {
  return patternsWithRules(mesh, host).some((pattern) =>
    mesh.derived(`${key} ${pattern}`, (view) => rulesOf(view, pattern).some(holds)),
  );
}

export function hasRule(mesh: Mesh, host: string): boolean {
  return someRuleMatching(mesh, host, 'some rule', () => true);
}

/** Rules of all namespaces for the host by the subsets that they define. Every team can have one of its own. */
export function rulesBySubset(mesh: Mesh, host: string): ReadonlyMap<string, readonly Resource<'DestinationRule'>[]> {
  return mesh.derived(`rules by subset for ${normalizeHost(host)}`, (view) => {
    const found = new Map<string, [Resource<'DestinationRule'>, ...Resource<'DestinationRule'>[]]>();
    for (const rule of rulesMatching(view, host))
      for (const { name } of rule.spec.subsets) if (name) addToGroup(found, name.value, rule);
    return found;
  });
}

/** Exactly for that pattern. */
function rulesOf(mesh: Mesh, pattern: string): readonly Resource<'DestinationRule'>[] {
  return mesh.derivedOf(`rules for ${pattern}`, pattern, exactly);
}

function exactly(mesh: Mesh, pattern: string): readonly Resource<'DestinationRule'>[] {
  return mesh.destinationRulesAnywhere(pattern);
}

const all = (_pattern: string): boolean => true;

/** A namespace's rules for a host, by pattern, most specific first. */
export function matchingRules(
  mesh: Mesh,
  namespace: string,
  host: string,
): readonly { readonly pattern: string; readonly rules: readonly Resource<'DestinationRule'>[] }[] {
  return patternsWithRules(mesh, host, namespace).map((pattern) => ({
    pattern,
    rules: mesh.destinationRules(namespace, pattern),
  }));
}

/** The most specific first. */
function patternsWithRules(mesh: Mesh, host: string, namespace?: string): readonly string[] {
  const wanted = normalizeHost(host);
  const partial = mesh
    .partialWildcardRules(namespace, wanted)
    .map((rule) => ruleHost(rule, mesh.settings.clusterDomain));
  const [exact = wanted, ...wider] = patternsFor(wanted);
  return [
    ...new Set([
      exact,
      ...[...wider, ...partial].filter((pattern) => pattern !== exact).sort((a, b) => b.length - a.length),
    ]),
  ];
}
