import type { Mesh } from '../../../mesh/mesh.ts';
import { scopeOf } from '../../../mesh/hosts/visibility.ts';
import { virtualAddress } from '../../../mesh/hosts/virtual-address.ts';
import type { WaypointBinding } from '../../../mesh/binding/waypoint-binding.ts';
import type { Resource } from '../../../model/resource.ts';
import { isAmbientHere } from '../../shared/intent.ts';

/**
 * Whether the entry's ports count for the host: without an address in the mesh ambient clients dial the host itself, past any
 * waypoint, which `service-entry-without-address` reports. Sidecars match the host by its name.
 */
export function isReached(
  mesh: Mesh,
  entry: Resource<'ServiceEntry'>,
  host: string,
  binding: WaypointBinding,
): boolean {
  const isForSidecars = binding.state !== 'bound' && !(binding.state === 'unbound' && isAmbientHere(mesh, entry));
  if (isForSidecars && scopeOf(mesh, entry) !== 'nowhere') return true;
  const address = virtualAddress(mesh, entry, host);
  // What a range matches is found by the address that the client dials.
  return address.state !== 'none' || (address.reason === 'cidr-only' && !isForSidecars);
}
