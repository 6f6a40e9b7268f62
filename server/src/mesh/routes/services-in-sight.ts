// VirtualServices by the namespaces that see them, once for all clients: each of thousands of teams can have a route for one host.
import { groupBy } from '../../base/group-by.ts';
import { keptFor, keptIn } from '../../base/kept-for.ts';
import type { Resource } from '../../model/resource.ts';
import { bySight, type InSight } from '../hosts/visibility.ts';
import type { Mesh } from '../mesh.ts';
import type { MeshSettings } from '../settings.ts';
import { placeOfVirtualService, type RouteUnit } from './route-units.ts';

type VirtualService = Resource<'VirtualService'>;

/** The settings decide beside the list. */
const sightsOf = keptFor((_: readonly VirtualService[]) => new Map<MeshSettings, InSight<VirtualService>>());
const ranksIn = keptFor((services: readonly VirtualService[]) => new Map(services.map((one, i) => [one, i])));

function sightOf(mesh: Mesh, services: readonly VirtualService[]): InSight<VirtualService> {
  return keptIn(sightsOf(services), mesh.settings, () => bySight(mesh, services));
}

/** Those that the namespace sees, in their order. The same list for all namespaces of which none has one to itself. */
export function servicesInSight(
  mesh: Mesh,
  services: readonly VirtualService[],
  namespace: string,
): readonly VirtualService[] {
  const { everywhere, named } = sightOf(mesh, services);
  const own = named.get(namespace);
  if (!own) return everywhere;
  if (everywhere.length === 0) return own;
  const ranks = ranksIn(services);
  return [...everywhere, ...own].sort((a, b) => ranks.get(a)! - ranks.get(b)!);
}

/** Of those that the namespace sees, which stand at each place for it. */
export function servicesByPlace(
  mesh: Mesh,
  services: readonly VirtualService[],
  namespace: string,
): ReadonlyMap<RouteUnit['place'], readonly VirtualService[]> {
  const { everywhere, named } = sightOf(mesh, services);
  const placed = groupBy(named.get(namespace) ?? [], (one) => placeOfVirtualService(mesh, one, namespace)!);
  return new Map<RouteUnit['place'], readonly VirtualService[]>([...placed, [3, everywhere]]);
}
