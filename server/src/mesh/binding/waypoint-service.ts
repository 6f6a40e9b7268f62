// The configuration that a waypoint has for a bound host, where it has less than the ServiceEntry declares.
import { protocolKind } from '../../names/protocols.ts';
import type { Mesh } from '../mesh.ts';
import { bindWaypoint } from './waypoint-binding.ts';
import type { Resource } from '../../model/resource.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';

/** `no-chain`: the connection is closed. `no-cluster`: the request is answered with 503. */
export type ServedPort = 'served' | 'no-chain' | 'no-cluster';

/**
 * Dynamic resolution is there for HTTP, and for TLS behind a flag of istiod that is off by default; entries of the mesh
 * itself have none. istio@86c9f01 pilot/pkg/networking/core/waypoint.go findWaypointResources, listener_waypoint.go
 * buildWaypointInternal, cluster_waypoint.go buildWaypointInboundVIP.
 */
export function servedPort({ spec }: Resource<'ServiceEntry'>, { protocol }: ServiceEntryPort): ServedPort {
  if (spec.resolution?.value !== 'DYNAMIC_DNS') return 'served';
  if (spec.location?.value === 'MESH_INTERNAL' || protocolKind(protocol?.value) === 'tls') return 'no-chain';
  return protocol?.value.toLowerCase() === 'http' ? 'served' : 'no-cluster';
}

/**
 * Entries and Services of other namespaces that bring the same host to the same waypoint, which keeps one of them; listeners
 * and clusters can even keep different ones. istio@86c9f01 pilot/pkg/networking/core/waypoint.go findWaypointResources (a map by host).
 */
export function rivalsAtWaypoint(
  mesh: Mesh,
  entry: Resource<'ServiceEntry'>,
  host: string,
  gateway: Resource<'Gateway'>,
): readonly (Resource<'ServiceEntry'> | Resource<'Service'>)[] {
  return mesh
    .hostOwners(host)
    .map(({ resource }) => resource)
    .filter((other) => {
      if (other.namespace === entry.namespace) return false;
      const binding = bindWaypoint(mesh, other);
      return binding.state === 'bound' && binding.gateway === gateway;
    });
}
