// Ways to give a host an address in the mesh. Each changes what the author chose, so that none is safe.
import { hashText } from '../../base/hash.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { since } from '../../mesh/settings.ts';
import { allocatesAddresses, type NoAddressReason } from '../../mesh/hosts/virtual-address.ts';
import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import type { Resource } from '../../model/resource.ts';
import { enableAutoallocateIp } from '../../model/label-names.ts';
import type { Change, Fix } from '../rule.ts';

type Entry = Resource<'ServiceEntry'>;

export function* addressRepairs(
  mesh: Mesh,
  entry: Entry,
  host: string,
  reason: NoAddressReason | 'of-workload',
): Iterable<Fix> {
  if (reason === 'of-workload') {
    if (isAllocatedInstead(mesh, entry))
      yield {
        title: 'Let Istio allocate an address',
        safety: 'unsafe',
        changes: [{ op: 'remove', in: entry, path: ['spec', 'addresses'] }],
      };
    yield* listed(entry, host);
    return;
  }
  if (reason === 'opted-out' && allocatesAddresses(mesh.settings)) {
    yield {
      title: 'Let Istio allocate an address',
      safety: 'unsafe',
      changes: [{ op: 'remove', in: entry, path: ['metadata', 'labels', enableAutoallocateIp] }],
    };
  }
  if (reason === 'opted-out' || reason === 'version') yield* listed(entry, host);
  else if (reason !== 'cidr-only' && entry.spec.endpoints.length === 0) yield* resolved(mesh, entry);
}

/** Without the addresses that are listed. */
function isAllocatedInstead({ settings }: Mesh, { spec, labels }: Entry): boolean {
  return (
    allocatesAddresses(settings) &&
    (spec.resolution?.value ?? 'NONE') !== 'NONE' &&
    labels.get(enableAutoallocateIp)?.value.toLowerCase() !== 'false' &&
    spec.hosts.every(({ value }) => !value.startsWith('*'))
  );
}

/** One address for one host, because TCP cannot distinguish two hosts with one address. */
function* listed(entry: Entry, host: string): Iterable<Fix> {
  if (entry.spec.hosts.length > 1 || host.startsWith('*')) return;
  const address = reservedAddress(host);
  yield {
    title: `List the address ${address}`,
    safety: 'unsafe',
    changes: [{ op: 'set', in: entry, path: ['spec', 'addresses'], value: [address] }],
  };
}

/** In 240.0.0.0/16, which is not routed and from which Istio does not allocate; always the same for a host. */
function reservedAddress(host: string): string {
  const hash = hashText(host.toLowerCase()) >>> 0;
  return `240.0.${hash % 256}.${1 + (Math.floor(hash / 256) % 254)}`;
}

/** Nothing is gained where no address would be allocated all the same. */
function* resolved(mesh: Mesh, entry: Entry): Iterable<Fix> {
  const wild = entry.spec.hosts.filter(({ value }) => value.startsWith('*')).length;
  if (
    !allocatesAddresses(mesh.settings) ||
    (wild > 0 && (wild < entry.spec.hosts.length || !takesDynamicDns(mesh, entry)))
  )
    return;
  const value = wild > 0 ? 'DYNAMIC_DNS' : 'DNS';
  const optOut: Change[] = /^false$/i.test(entry.labels.get(enableAutoallocateIp)?.value ?? '')
    ? [{ op: 'remove', in: entry, path: ['metadata', 'labels', enableAutoallocateIp] }]
    : [];
  yield {
    title: `Set resolution: ${value}`,
    safety: 'unsafe',
    changes: [{ op: 'set', in: entry, path: ['spec', 'resolution'], value }, ...optOut],
  };
}

/** A waypoint alone resolves it, and for HTTP by itself; TLS only behind a flag. istio@86c9f01 pilot/pkg/networking/core/cluster_waypoint.go. */
function takesDynamicDns(mesh: Mesh, entry: Entry): boolean {
  const { addresses, ports, location } = entry.spec;
  return (
    since(mesh.settings, '1.28') &&
    addresses.length === 0 &&
    location?.value !== 'MESH_INTERNAL' &&
    bindWaypoint(mesh, entry).state === 'bound' &&
    ports.every(({ protocol }) => protocol?.value.toUpperCase() === 'HTTP')
  );
}
