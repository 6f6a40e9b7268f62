// Whether captured clients can be given an address for a host, which is what leads them to the waypoint.
import type { Resource } from '../model/resource.ts';
import type { Mesh } from './mesh.ts';

export type NoAddressReason = 'resolution-none' | 'resolution-absent' | 'wildcard' | 'cidr-only' | 'opted-out' | 'version';

export type VirtualAddress =
  | { readonly state: 'listed'; readonly addresses: readonly string[] }
  | { readonly state: 'allocated' }
  | { readonly state: 'none'; readonly reason: NoAddressReason };

/** istio@86c9f01 pilot/pkg/networking/serviceentry shouldV2AutoAllocateIPFromPieces; controllers/ipallocate keepHost. */
export declare function virtualAddress(mesh: Mesh, entry: Resource<'ServiceEntry'>, host: string): VirtualAddress;
