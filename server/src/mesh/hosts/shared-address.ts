// Which hosts an address stands for. ztunnel keeps one service of a namespace for an address, whichever it received last, and a
// waypoint looks at the address too, and takes the first: server/docs/istio-semantics.md §2.63.
import { compareText } from '../../base/compare.ts';
import { firstOfEach } from '../../base/first-of-each.ts';
import { keptFor } from '../../base/kept-for.ts';
import type { Resource } from '../../model/resource.ts';
import { networkOf } from '../../names/addresses.ts';
import { bindWaypoint } from '../binding/waypoint-binding.ts';
import type { HostOwner, Mesh } from '../mesh.ts';
import { hostsOfEntry, shareHost } from './hosts-of-entry.ts';
import { virtualAddress } from './virtual-address.ts';
import { isHiddenFrom } from './visibility.ts';

type Entry = Resource<'ServiceEntry'>;

export interface Connection {
  /** The client's namespace, whose own entries ztunnel takes first. */
  readonly client: string;
  readonly port: number;
}

export interface AtAddress {
  /** Undefined where too many entries list the address to follow each. */
  readonly owners: readonly HostOwner[] | undefined;
  /** Why there are several: which of the entries was created first, or what the files do not show. */
  readonly by: 'age' | 'unseen';
}

/** Whatever a connection to an address of the host may be for. */
export function ownersAtAddressOf(mesh: Mesh, entry: Entry, host: string, { client, port }: Connection): AtAddress {
  const address = virtualAddress(mesh, entry, host);
  if (address.state !== 'listed') return { owners: [{ resource: entry, host }], by: 'unseen' };
  const others = entriesAtOneOf(mesh, entry, address.addresses);
  if (!others) return { owners: undefined, by: 'unseen' };
  if (others.length === 0) return { owners: hostsAtAddressOf(mesh, entry, host), by: 'unseen' };
  const all = [entry, ...others];
  const chosen = byZtunnel(mesh, all, client);
  const owners = chosen.flatMap((one) => atProxyOf(mesh, one, all, port) ?? ownersOf(one, host));
  const differing = firstOfEach(owners, (one) => `${one.resource.id} ${one.host}`);
  if (differing.length > mostAtAddress) return { owners: undefined, by: 'unseen' };
  return { owners: differing, by: chosen.every((one) => waypointOf(mesh, one) !== undefined) ? 'age' : 'unseen' };
}

/**
 * The hosts of the entry that a connection to its addresses may be for. A waypoint takes the first by name; which one ztunnel does
 * no file shows: only the one that was asked for where it makes no difference.
 * istio@86c9f01 pilot/pkg/networking/core/waypoint.go findWaypointResources (SortServicesByCreationTime); envoy@0f39b1c
 * source/extensions/common/matcher/trie_matcher.h TrieNodeComparator.
 */
export function hostsAtAddressOf(mesh: Mesh, entry: Entry, host: string): readonly HostOwner[] {
  const own = { resource: entry, host };
  const hosts = hostsOfEntry(entry);
  if (hosts.length < 2 || virtualAddress(mesh, entry, host).state !== 'listed') return [own];
  if (waypointOf(mesh, entry) !== undefined) return [firstOf(entry)];
  // Without a waypoint no rule or route counts: the hosts differ only where each has a destination of its own.
  return resolvesHosts(entry) ? ownersOf(entry, host) : [own];
}

/** The one that was asked for first, where it is among them. */
function ownersOf(entry: Entry, host: string): readonly HostOwner[] {
  const all = hostsOfEntry(entry).map((one) => ({ resource: entry, host: one }));
  return [...all.filter((one) => one.host === host), ...all.filter((one) => one.host !== host)];
}

const firstOf = keptFor(
  (entry: Entry): HostOwner => ({ resource: entry, host: [...hostsOfEntry(entry)].sort(compareText)[0]! }),
);

/** Those of the client's namespace, if there are any. §2.15. */
function byZtunnel(mesh: Mesh, all: readonly Entry[], client: string): readonly Entry[] {
  const seen = all.filter(({ namespace }) => !isHiddenFrom(mesh, namespace, client));
  const own = seen.filter(({ namespace }) => namespace === client);
  return own.length > 0 ? own : seen;
}

/** Of those at the address that are bound to the entry's waypoint and have the port, the first; undefined where it is bound to none. */
function atProxyOf(mesh: Mesh, entry: Entry, all: readonly Entry[], port: number): readonly HostOwner[] | undefined {
  const waypoint = waypointOf(mesh, entry);
  if (waypoint === undefined) return undefined;
  const there = all.filter(
    (one) => waypointOf(mesh, one) === waypoint && one.spec.ports.some(({ number }) => number?.value === port),
  );
  return (there.length > 0 ? there : [entry]).map(firstOf);
}

/** Each of the entries at an address asks for all of them, so more are not told apart. */
const mostAtAddress = 6;

/** Other entries with one of the addresses, undefined where they are too many. Of another entry of the host the name decides as the address does. */
function entriesAtOneOf(mesh: Mesh, entry: Entry, addresses: readonly string[]): readonly Entry[] | undefined {
  const lists = addresses.slice(0, mostAddresses).map((address) => severalAt(mesh, address));
  if (lists.some((list) => list.length > mostAtAddress)) return undefined;
  const found = lists.flat().flatMap((at) => entryOf(mesh, at) ?? []);
  return [...new Set(found)].filter((other) => hasHost(other) && !shareHost(other, entry));
}

/** Without one Istio makes no service of an entry: half typed, or with none but hosts that cannot be. */
function hasHost({ spec }: Entry): boolean {
  return spec.hosts.length > 0;
}

interface At {
  readonly namespace: string;
  readonly name: string;
}

/** A name resolves to these; which of many a client connects to is its own choice. */
const mostAddresses = 20;

/** Entries at the address, where they are not all for the same hosts: of too many one more than are told apart. */
function severalAt(mesh: Mesh, address: string): readonly At[] {
  const network = networkOf(address);
  if (network === undefined) return [];
  return mesh.derived(`entries of several hosts at ${network}`, (view) => {
    const entries = view.entriesAtAddress(network).filter(hasHost);
    const [first] = entries;
    if (!first || entries.every((one) => shareHost(one, first))) return [];
    return entries.slice(0, mostAtAddress + 1).map(({ namespace, name }) => ({ namespace, name }));
  });
}

function entryOf(mesh: Mesh, { namespace, name }: At): Entry | undefined {
  return mesh.named('ServiceEntry', namespace, name)[0];
}

export function isAtSameWaypoint(mesh: Mesh, a: Entry, b: Entry): boolean {
  const waypoint = waypointOf(mesh, a);
  return waypoint !== undefined && waypoint === waypointOf(mesh, b);
}

function waypointOf(mesh: Mesh, entry: Entry): string | undefined {
  const binding = bindWaypoint(mesh, entry);
  return binding.state === 'bound' ? `${binding.gateway.namespace}/${binding.gateway.name}` : undefined;
}

/** Whether each host has a destination of its own: names are looked up where no endpoint is listed. */
export function resolvesHosts({ spec }: Entry): boolean {
  return (spec.resolution?.value.startsWith('DNS') ?? false) && spec.endpoints.length === 0 && !spec.workloadSelector;
}
