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
  /** Of a host that has no other ports: where it has some, their rows say what goes past them. */
  readonly isUdp?: true;
}

type Found = Destination & { readonly entries: Resource<'ServiceEntry'>[] };

/** By host and port; only `hosts`, or the wildcards that they fall under, where these are given. */
export function destinationsOf(mesh: Mesh, hosts: readonly string[] | undefined): readonly Destination[] {
  const wanted = hosts && new Set(hosts.flatMap(patternsFor));
  const entries = wanted
    ? [...wanted].flatMap((host) =>
        mesh.hostOwners(host).flatMap(({ resource }) => (resource.kind === 'ServiceEntry' ? [resource] : [])),
      )
    : mesh.all('ServiceEntry');
  const found = new Map<string, Found>();
  const ofUdp = new Map<string, Found>();
  const carried = new Set<string>();
  for (const entry of new Set(entries))
    for (const host of hostsOfEntry(entry)) {
      if (wanted && !wanted.has(host)) continue;
      for (const { number, protocol } of entry.spec.ports) {
        if (number === undefined) continue;
        const isUdp = protocolKind(protocol?.value) === 'udp';
        if (!isUdp) carried.add(host);
        const kept = isUdp ? ofUdp : found;
        const key = `${host} ${number.value}`;
        const destination: Found = kept.get(key) ?? {
          host,
          port: number.value,
          entries: [],
          ...(isUdp ? { isUdp } : {}),
        };
        kept.set(key, destination);
        if (destination.entries.at(-1) !== entry) destination.entries.push(entry);
      }
    }
  const besides = [...ofUdp.values()].filter(({ host }) => !carried.has(host));
  return [...found.values(), ...besides].sort((a, b) => compareText(a.host, b.host) || a.port - b.port);
}
