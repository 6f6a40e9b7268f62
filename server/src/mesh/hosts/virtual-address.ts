// Whether a host can have an address for captured clients; without one they do not reach the waypoint.
import { enableAutoallocateIp } from '../../model/label-names.ts';
import type { Resource } from '../../model/resource.ts';
import { allocationRanges, isSingleAddress } from '../../names/addresses.ts';
import { normalizeHost } from '../../names/hosts.ts';
import type { Mesh } from '../mesh.ts';
import { since, type MeshSettings } from '../settings.ts';

export type NoAddressReason =
  | 'resolution-none'
  | 'resolution-absent'
  | 'wildcard'
  | 'cidr-only'
  | 'opted-out'
  | 'version';

export type VirtualAddress =
  | { readonly state: 'listed'; readonly addresses: readonly string[] }
  | { readonly state: 'allocated' }
  | { readonly state: 'none'; readonly reason: NoAddressReason };

/** istio@86c9f01 pilot/pkg/networking/serviceentry shouldV2AutoAllocateIPFromPieces; controllers/ipallocate keepHost. */
export function virtualAddress(mesh: Mesh, entry: Resource<'ServiceEntry'>, host: string): VirtualAddress {
  const { addresses: listed } = entry.spec;
  const single = listed.map(({ value }) => value).filter(isSingleAddress);
  if (single.length > 0) return { state: 'listed', addresses: single };
  const reason = listed.length > 0 ? 'cidr-only' : notAllocated(mesh, entry, host);
  return reason === undefined ? { state: 'allocated' } : { state: 'none', reason };
}

/**
 * The addresses to which captured clients connect for a host, or the ranges from which Istio allocates one; empty if there is none.
 * istio@86c9f01 pilot/pkg/features/pilot.go IPAutoallocateIPv4Prefix.
 */
export function dialledAddresses(mesh: Mesh, entry: Resource<'ServiceEntry'>, host: string): readonly string[] {
  const address = virtualAddress(mesh, entry, host);
  if (address.state === 'listed') return address.addresses;
  return address.state === 'allocated' ? allocationRanges : [];
}

function notAllocated(mesh: Mesh, entry: Resource<'ServiceEntry'>, host: string): NoAddressReason | undefined {
  const { resolution } = entry.spec;
  if (!resolution) return 'resolution-absent';
  if (resolution.value === 'NONE') return 'resolution-none';
  if (entry.labels.get(enableAutoallocateIp)?.value.toLowerCase() === 'false') return 'opted-out';
  if (normalizeHost(host).startsWith('*') && resolution.value !== 'DYNAMIC_DNS') return 'wildcard';
  return allocatesAddresses(mesh.settings) ? undefined : 'version';
}

/** Off before 1.25. istio@86c9f01 pilot/pkg/features/experimental.go EnableIPAutoallocate. */
export function allocatesAddresses(settings: MeshSettings): boolean {
  return settings.autoAllocateAddresses && since(settings, '1.25');
}
