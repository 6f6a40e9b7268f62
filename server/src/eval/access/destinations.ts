// The destinations of calls: each host and port that a ServiceEntry lists.
import { compareText } from '../../base/compare.ts';
import { patternsFor } from '../../names/hosts.ts';
import { protocolKind } from '../../names/protocols.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import { hostsOfEntry } from '../../mesh/hosts/hosts-of-entry.ts';

export interface Destination {
  readonly host: string;
  readonly port: number;
  /** The ServiceEntries that list both. */
  readonly entries: readonly Resource<'ServiceEntry'>[];
}

/** By host and port; only `hosts`, or the wildcards that they fall under, where these are given. */
export function destinationsOf(mesh: Mesh, hosts: readonly string[] | undefined): readonly Destination[] {
  const wanted = hosts && new Set(hosts.flatMap(patternsFor));
  const entries = wanted
    ? [...wanted].flatMap((host) =>
        mesh.hostOwners(host).flatMap(({ resource }) => (resource.kind === 'ServiceEntry' ? [resource] : [])),
      )
    : mesh.all('ServiceEntry');
  const found = new Map<string, { host: string; port: number; entries: Resource<'ServiceEntry'>[] }>();
  for (const entry of new Set(entries))
    for (const host of hostsOfEntry(entry)) {
      if (wanted && !wanted.has(host)) continue;
      for (const { number, protocol } of entry.spec.ports) {
        // Neither waypoints nor ztunnel carry UDP.
        if (number === undefined || protocolKind(protocol?.value) === 'udp') continue;
        const key = `${host} ${number.value}`;
        const destination = found.get(key) ?? { host, port: number.value, entries: [] };
        found.set(key, destination);
        if (destination.entries.at(-1) !== entry) destination.entries.push(entry);
      }
    }
  return [...found.values()].sort((a, b) => compareText(a.host, b.host) || a.port - b.port);
}
