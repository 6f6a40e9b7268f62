// Which hosts an address stands for. ztunnel keeps one service of a namespace for an address, whichever it received last, and a
// waypoint looks at the address too: server/docs/istio-semantics.md §2.63.
import type { Resource } from '../../model/resource.ts';
import { normalizeHost, patternsFor } from '../../names/hosts.ts';
import { chooseRule } from '../destination-rules/destination-rule-for.ts';
import { bindWaypoint } from '../binding/waypoint-binding.ts';
import type { HostOwner, Mesh } from '../mesh.ts';
import { hostsOfEntry } from './hosts-of-entry.ts';
import { virtualAddress } from './virtual-address.ts';

type Entry = Resource<'ServiceEntry'>;

/** The hosts of the entry for which a connection to the address of one of them may count; only that one where it makes no difference. */
export function hostsAtAddressOf(mesh: Mesh, entry: Entry, host: string): readonly HostOwner[] {
  const own = { resource: entry, host };
  const hosts = hostsOfEntry(entry);
  if (hosts.length < 2 || virtualAddress(mesh, entry, host).state !== 'listed') return [own];
  const isSame = mesh.derived(
    `hosts with one outcome of ${entry.id}`,
    (view) => new Set(hosts.map((one) => outcomeAt(view, entry, one))).size === 1,
  );
  if (isSame) return [own];
  return [own, ...hosts.filter((other) => other !== host).map((other) => ({ resource: entry, host: other }))];
}

/** Whether each host has a destination of its own: names are looked up where no endpoint is listed. */
export function resolvesHosts({ spec }: Entry): boolean {
  return (spec.resolution?.value.startsWith('DNS') ?? false) && spec.endpoints.length === 0 && !spec.workloadSelector;
}

/** What may differ from host to host: the names that are dialled, rules, and routes. */
function outcomeAt(mesh: Mesh, entry: Entry, host: string): string {
  const binding = bindWaypoint(mesh, entry);
  const { lookup } = binding.state === 'bound' ? chooseRule(mesh, entry, host, binding) : { lookup: undefined };
  const rules = lookup?.state === 'found' ? lookup.found.map(({ rule }) => rule?.id ?? 0) : [];
  const routes = binding.state === 'bound' ? patternsFor(host).flatMap((name) => mesh.virtualServices(name)) : [];
  return JSON.stringify([
    resolvesHosts(entry) ? normalizeHost(host) : '',
    lookup?.state ?? '',
    rules,
    routes.map(({ id }) => id),
  ]);
}
