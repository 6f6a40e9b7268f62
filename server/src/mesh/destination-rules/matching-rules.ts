// DestinationRules by the hosts that they match.
import type { Resource } from '../../model/resource.ts';
import { normalizeHost, patternsFor } from '../../names/hosts.ts';
import type { Mesh } from '../mesh.ts';
import { ruleHost } from './rule-host.ts';

/** DestinationRules of all namespaces whose host matches, the most specific first. */
export function rulesAnywhere(mesh: Mesh, host: string): readonly Resource<'DestinationRule'>[] {
  return mesh.derivedOf(`rules anywhere ${normalizeHost(host)}`, host, matchingAnywhere);
}

function matchingAnywhere(mesh: Mesh, host: string): readonly Resource<'DestinationRule'>[] {
  return matchingRules(mesh, undefined, host).flatMap(({ rules }) => rules);
}

/** A namespace's rules for a host, or those of all, by pattern, most specific first. */
export function matchingRules(
  mesh: Mesh,
  namespace: string | undefined,
  host: string,
): readonly { readonly pattern: string; readonly rules: readonly Resource<'DestinationRule'>[] }[] {
  const wanted = normalizeHost(host);
  const partial = mesh
    .partialWildcardRules(namespace, wanted)
    .map((rule) => ruleHost(rule, mesh.settings.clusterDomain));
  const [exact = wanted, ...wider] = patternsFor(wanted);
  const patterns = [
    exact,
    ...[...wider, ...partial].filter((pattern) => pattern !== exact).sort((a, b) => b.length - a.length),
  ];
  return [...new Set(patterns)].map((pattern) => ({
    pattern,
    rules: namespace === undefined ? mesh.destinationRulesAnywhere(pattern) : mesh.destinationRules(namespace, pattern),
  }));
}
