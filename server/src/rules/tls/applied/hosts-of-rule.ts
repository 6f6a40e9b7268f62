import { normalizeHost, patternsFor } from '../../../mesh/hosts/hosts.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import type { Resource } from '../../../model/resource.ts';

/** Hosts as they are compared. */
export function hostsOf(entry: Resource<'ServiceEntry'>): readonly string[] {
  return [...new Set(entry.spec.hosts.map(({ value }) => normalizeHost(value)))];
}

/** DestinationRules of all namespaces whose host matches, the most specific first. */
export function rulesFor(mesh: Mesh, host: string): readonly Resource<'DestinationRule'>[] {
  return patternsFor(host).flatMap((pattern) => mesh.destinationRulesAnywhere(pattern));
}
