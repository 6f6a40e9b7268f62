// Which hosts an address stands for. ztunnel keeps one service of a namespace for an address, whichever it received last, and a
// waypoint looks at the address too: server/docs/istio-semantics.md §2.63.
import type { Resource } from '../../model/resource.ts';
import { networkOf } from '../../names/addresses.ts';
import { normalizeHost, patternsFor } from '../../names/hosts.ts';
import { chooseRule } from '../destination-rules/destination-rule-for.ts';
import { bindWaypoint } from '../binding/waypoint-binding.ts';
import type { HostOwner, Mesh } from '../mesh.ts';
import { hostsOfEntry, shareHost } from './hosts-of-entry.ts';
import { virtualAddress } from './virtual-address.ts';
import { isHiddenFrom } from './visibility.ts';

type Entry = Resource<'ServiceEntry'>;

/**
 * Whatever a connection of a client to an address of the host may be for; only that host where it makes no difference.
 * `client`: its namespace, whose own entries ztunnel takes first.
 */
export function ownersAtAddressOf(mesh: Mesh, entry: Entry, host: string, client: string): readonly HostOwner[] {
  const address = virtualAddress(mesh, entry, host);
  if (address.state !== 'listed') return [{ resource: entry, host }];
  const entries = entriesAtOneOf(mesh, entry, address.addresses, client);
  return entries.flatMap((one) => (one === entry ? hostsAtAddressOf(mesh, entry, host) : ownersOf(one)));
}

/** The hosts of the entry that a connection to its addresses may be for, the one that was asked for first. */
export function hostsAtAddressOf(mesh: Mesh, entry: Entry, host: string): readonly HostOwner[] {
  const own = { resource: entry, host };
  const hosts = hostsOfEntry(entry);
  if (hosts.length < 2 || virtualAddress(mesh, entry, host).state !== 'listed') return [own];
  const isSame = mesh.derived(
    `hosts with one outcome of ${entry.id}`,
    (view) => new Set(hosts.map((one) => outcomeAt(view, entry, one))).size === 1,
  );
  return isSame ? [own] : [own, ...ownersOf(entry).filter((other) => other.host !== host)];
}

function ownersOf(entry: Entry): readonly HostOwner[] {
  return hostsOfEntry(entry).map((host) => ({ resource: entry, host }));
}

/** More at one address are not told apart. */
const mostAtAddress = 256;

/**
 * The entries that a connection to one of the addresses may be taken for: by ztunnel those of the client's namespace, if there are any;
 * by a waypoint each that is bound to it. Of another entry of the host the name decides as the address does.
 */
function entriesAtOneOf(mesh: Mesh, entry: Entry, addresses: readonly string[], client: string): readonly Entry[] {
  const found = addresses.flatMap((address) => othersAt(mesh, address).map((at) => entryOf(mesh, at)));
  const others = [...new Set(found)].filter((other) => other !== undefined && !shareHost(other, entry));
  if (others.length === 0) return [entry];
  const all = [entry, ...(others as Entry[])];
  const seen = all.filter(({ namespace }) => !isHiddenFrom(mesh, namespace, client));
  const own = seen.filter(({ namespace }) => namespace === client);
  const chosen = new Set(own.length > 0 ? own : seen);
  const waypoints = new Set([...chosen].flatMap((one) => waypointOf(mesh, one) ?? []));
  return all.filter((one) => chosen.has(one) || waypoints.has(waypointOf(mesh, one) ?? ''));
}

interface At {
  readonly namespace: string;
  readonly name: string;
}

/** Entries at the address, where they are not all for the same hosts. */
function othersAt(mesh: Mesh, address: string): readonly At[] {
  const network = networkOf(address);
  if (network === undefined) return [];
  return mesh.derived(`entries of several hosts at ${network}`, (view) => {
    const entries = view.entriesAtAddress(network);
    const [first] = entries;
    if (!first || entries.every((one) => shareHost(one, first))) return [];
    return entries.slice(0, mostAtAddress).map(({ namespace, name }) => ({ namespace, name }));
  });
}

function entryOf(mesh: Mesh, { namespace, name }: At): Entry | undefined {
  return mesh.named('ServiceEntry', namespace, name)[0];
}

function waypointOf(mesh: Mesh, entry: Entry): string | undefined {
  const binding = bindWaypoint(mesh, entry);
  return binding.state === 'bound' ? `${binding.gateway.namespace}/${binding.gateway.name}` : undefined;
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
