// The configuration that a waypoint has for a bound host, where it has less than the ServiceEntry declares.
import { addToGroup } from '../../base/group-by.ts';
import { protocolKind } from '../../names/protocols.ts';
import { normalizeHost } from '../../names/hosts.ts';
import type { Mesh } from '../mesh.ts';
import { since, type MeshSettings } from '../settings.ts';
import { bindWaypoint } from './waypoint-binding.ts';
import type { Resource } from '../../model/resource.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';

/** `no-chain`: the connection is closed. `no-cluster`: the request is answered with 503. `unknown`: a flag of istiod decides that nothing says. */
export type ServedPort = 'served' | 'no-chain' | 'no-cluster' | 'unknown';

/**
 * Dynamic resolution is there for HTTP, and since 1.29 for TLS behind a flag of istiod that is off by default; entries of the mesh
 * itself have none. istio@86c9f01 pilot/pkg/networking/core/waypoint.go findWaypointResources, listener_waypoint.go
 * buildWaypointInternal, cluster_waypoint.go buildWaypointInboundVIP.
 */
export function servedPort(
  settings: Pick<MeshSettings, 'istioVersion' | 'wildcardTls'>,
  { spec }: Resource<'ServiceEntry'>,
  { protocol }: ServiceEntryPort,
): ServedPort {
  if (spec.resolution?.value !== 'DYNAMIC_DNS') return 'served';
  if (spec.location?.value === 'MESH_INTERNAL') return 'no-chain';
  if (protocolKind(protocol?.value) === 'tls') return servesWildcardTls(settings);
  return protocol?.value.toLowerCase() === 'http' ? 'served' : 'no-cluster';
}

/** istio@86c9f01 pilot/pkg/features/experimental.go EnableWildcardHostServiceEntriesForTLS. */
function servesWildcardTls(settings: Pick<MeshSettings, 'istioVersion' | 'wildcardTls'>): ServedPort {
  if (settings.wildcardTls === false || !since(settings, '1.29')) return 'no-chain';
  return settings.wildcardTls ? 'served' : 'unknown';
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
): readonly Carried[] {
  return carriedFor(mesh, host, gateway).filter((other) => other.namespace !== entry.namespace);
}

/** The first of these that is a ServiceEntry. */
export function rivalEntryAtWaypoint(
  mesh: Mesh,
  entry: Resource<'ServiceEntry'>,
  host: string,
  gateway: Resource<'Gateway'>,
): Resource<'ServiceEntry'> | undefined {
  return firstEntriesFor(mesh, host, gateway).find(({ namespace }) => namespace !== entry.namespace);
}

/** The first entry, and the first of another namespace than that: one of them is the first that stands elsewhere, for any namespace. */
function firstEntriesFor(mesh: Mesh, host: string, gateway: Resource<'Gateway'>): readonly Resource<'ServiceEntry'>[] {
  return mesh.derived(`first carried ${gateway.id} ${normalizeHost(host)}`, (view) => {
    const entries = carriedFor(view, host, gateway).filter((other) => other.kind === 'ServiceEntry');
    const [first] = entries;
    const elsewhere = entries.find(({ namespace }) => namespace !== first?.namespace);
    return [first, elsewhere].filter((entry) => entry !== undefined);
  });
}

type Carried = Resource<'ServiceEntry'> | Resource<'Service'>;

function carriedFor(mesh: Mesh, host: string, gateway: Resource<'Gateway'>): readonly Carried[] {
  const { id } = gateway;
  return mesh.derived(`carried ${id} ${normalizeHost(host)}`, (view) => carriedByGateway(view, host).get(id) ?? []);
}

function carriedByGateway(mesh: Mesh, host: string): ReadonlyMap<number, readonly Carried[]> {
  return mesh.derived(`carried ${normalizeHost(host)}`, (view) => {
    const found = new Map<number, [Carried, ...Carried[]]>();
    for (const { resource } of view.hostOwners(host)) {
      const binding = bindWaypoint(view, resource);
      if (binding.state !== 'bound') continue;
      addToGroup(found, binding.gateway.id, resource);
    }
    return found;
  });
}
