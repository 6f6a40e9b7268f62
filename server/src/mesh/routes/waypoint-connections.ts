// Which owners of a host a waypoint carries, and to which other hosts it has connections.
import type { Resource } from '../../model/resource.ts';
import { normalizeHost } from '../../names/hosts.ts';
import { bindWaypoint } from '../binding/waypoint-binding.ts';
import type { Mesh } from '../mesh.ts';
import { entriesOfRoute } from './gateway-route-entries.ts';
import type { RouteEntry, UnhostedEntry } from './route-entry.ts';
import { isForMesh } from './virtual-service-entries.ts';

type Owner = Resource<'ServiceEntry'> | Resource<'Service'>;

/** Those of a host that the waypoint carries. Where their namespace has the host for another waypoint too, it is open: the older one counts. */
export function ownersAt(
  mesh: Mesh,
  waypoint: Resource<'Gateway'>,
  host: string,
): { readonly sure: readonly Owner[]; readonly open: readonly Owner[] } {
  return mesh.derived(`owners of ${host} at ${waypoint.id}`, (view) => {
    const owners = view.hostOwners(host).map(({ resource }) => resource);
    const carried = new Set(owners.filter((one) => isCarried(view, one, waypoint)));
    const rivals = new Set(owners.filter((one) => !carried.has(one)).map(({ namespace }) => namespace));
    const hasRival = ({ namespace }: Owner) => rivals.has(namespace);
    return { sure: [...carried].filter((one) => !hasRival(one)), open: [...carried].filter(hasRival) };
  });
}

function isCarried(mesh: Mesh, owner: Owner, waypoint: Resource<'Gateway'>): boolean {
  const binding = bindWaypoint(mesh, owner);
  return binding.state === 'bound' && binding.gateway === waypoint;
}

/**
 * Such connections are there for hosts that some route of the mesh names, this one or any other, whose own host is one of the
 * waypoint's to the letter. istio@86c9f01 pilot/pkg/model/push_context.go initVirtualServices, networking/core/waypoint.go filterWaypointOutboundServices.
 */
export function isReferenced(
  mesh: Mesh,
  waypoint: Resource<'Gateway'>,
  { hosts }: RouteEntry,
  host: string,
): boolean | undefined {
  let isOpen = false;
  for (const own of hosts) {
    const isCarriedHere = carries(mesh, waypoint, normalizeHost(own));
    if (isCarriedHere) return true;
    isOpen ||= isCarriedHere === undefined;
  }
  const byAny = mesh.derived(`connection to ${host} at ${waypoint.id}`, (view) => isNamedByAny(view, waypoint, host));
  return isOpen && byAny === false ? undefined : byAny;
}

/** Whether any route of the mesh leads to the host whose own host the waypoint has. */
function isNamedByAny(mesh: Mesh, waypoint: Resource<'Gateway'>, host: string): boolean | undefined {
  const services = mesh.virtualServicesRoutingTo(host).filter(({ spec }) => isForMesh(spec.gateways));
  const parents = mesh
    .routesToHost(host)
    .filter((route) => leadsTo(entriesOfRoute(mesh, route), host))
    .flatMap((route) =>
      route.spec.parentRefs.flatMap((ref) =>
        ref.kind?.value === 'ServiceEntry'
          ? mesh.named('ServiceEntry', ref.namespace?.value ?? route.namespace, ref.name?.value ?? '')
          : [],
      ),
    );
  const named = new Set(
    [...services, ...parents].flatMap(({ spec }) => spec.hosts.map(({ value }) => normalizeHost(value))),
  );
  const found = new Set([...named].map((own) => carries(mesh, waypoint, own)));
  if (found.has(true)) return true;
  // The clients of a delegate's routes are in the VirtualService that delegates to it.
  return found.has(undefined) || services.some(({ spec }) => spec.hosts.length === 0) ? undefined : false;
}

/** Undefined if age decides. */
function carries(mesh: Mesh, waypoint: Resource<'Gateway'>, host: string): boolean | undefined {
  const { sure, open } = ownersAt(mesh, waypoint, host);
  return sure.length > 0 || (open.length > 0 ? undefined : false);
}

function leadsTo(entries: readonly UnhostedEntry[] | undefined, host: string): boolean {
  return (
    entries === undefined ||
    entries.some(
      ({ action }) =>
        action.does === 'forward' &&
        action.to.some((one) => one.host !== undefined && normalizeHost(one.host) === host),
    )
  );
}
