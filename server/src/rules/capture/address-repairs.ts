// Ways to give a host an address in the mesh. Each changes what the author chose, so that none is safe.
import { hashText } from '../../base/hash.ts';
import { protocolKind } from '../../mesh/hosts.ts';
import { since, type MeshSettings } from '../../mesh/settings.ts';
import type { NoAddressReason } from '../../mesh/virtual-address.ts';
import type { Resource } from '../../model/resource.ts';
import { enableAutoallocateIp } from '../names.ts';
import type { Fix } from '../rule.ts';

type Entry = Resource<'ServiceEntry'>;

export function* addressRepairs(entry: Entry, host: string, reason: NoAddressReason, settings: MeshSettings): Iterable<Fix> {
  if (reason === 'opted-out') {
    yield { title: 'Let Istio allocate an address', safety: 'unsafe', changes: [{ op: 'remove', in: entry, path: ['metadata', 'labels', enableAutoallocateIp] }] };
  }
  if (reason === 'opted-out' || reason === 'version') yield* listed(entry, host);
  else if (reason !== 'cidr-only' && entry.spec.endpoints.length === 0) yield* resolved(entry, settings);
}

/** One address is for one host: TCP could not tell two apart. */
function* listed(entry: Entry, host: string): Iterable<Fix> {
  if (entry.spec.hosts.length > 1 || host.startsWith('*')) return;
  const address = reservedAddress(host);
  yield { title: `List the address ${address}`, safety: 'unsafe', changes: [{ op: 'set', in: entry, path: ['spec', 'addresses'], value: [address] }] };
}

/** In 240.0.0.0/16, which nobody routes and Istio does not allocate from; the same for the same host. */
function reservedAddress(host: string): string {
  const hash = hashText(host.toLowerCase()) >>> 0;
  return `240.0.${hash % 256}.${1 + (Math.floor(hash / 256) % 254)}`;
}

function* resolved(entry: Entry, settings: MeshSettings): Iterable<Fix> {
  const wild = entry.spec.hosts.filter(({ value }) => value.startsWith('*')).length;
  if (wild > 0 && (wild < entry.spec.hosts.length || !takesDynamicDns(entry, settings))) return;
  const value = wild > 0 ? 'DYNAMIC_DNS' : 'DNS';
  yield { title: `Set resolution: ${value}`, safety: 'unsafe', changes: [{ op: 'set', in: entry, path: ['spec', 'resolution'], value }] };
}

/** istio@86c9f01 pilot/pkg/networking/core/cluster_waypoint.go: clusters for HTTP; TLS only behind a flag. */
function takesDynamicDns(entry: Entry, settings: MeshSettings): boolean {
  return since(settings, '1.28') && entry.spec.addresses.length === 0 && entry.spec.ports.every(({ protocol }) => protocolKind(protocol?.value) === 'http');
}
