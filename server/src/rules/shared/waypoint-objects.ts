// What goes through a waypoint, for rules about what is attached to it.
import { filterInSteps, mapInSteps } from '../../base/steps.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { bindWaypoint, type WaypointBinding } from '../../mesh/binding/waypoint-binding.ts';
import { isWaypointClass } from '../../mesh/binding/waypoint-gateway.ts';
import type { Resource } from '../../model/resource.ts';
import { normalizeHost } from '../../names/hosts.ts';

/** ServiceEntries that are bound to the Gateway, by their own label or their namespace's. */
export function entriesBehind(mesh: Mesh, gateway: Resource<'Gateway'>): readonly Resource<'ServiceEntry'>[] {
  return mesh.derivedInSteps(`entries behind ${gateway.id}`, (view) =>
    filterInSteps(enrolledEntries(view, gateway), (entry) => {
      const binding = bindWaypoint(view, entry);
      return binding.state === 'bound' && binding.gateway.id === gateway.id;
    }),
  );
}

/** ServiceEntries that name the Gateway as their waypoint, by their own label or their namespace's. */
export function enrolledEntries(mesh: Mesh, gateway: Resource<'Gateway'>): readonly Resource<'ServiceEntry'>[] {
  const { namespace, name } = gateway;
  return mesh.derivedInSteps(`enrolled entries ${namespace}/${name}`, function* (view) {
    const named = yield* mapInSteps(view.enrolled(namespace, name), (object) => {
      if (object.kind === 'Namespace') return view.inNamespace('ServiceEntry', object.name);
      return object.kind === 'ServiceEntry' ? [object] : [];
    });
    return [...new Set(named.flat())];
  });
}

/** A Namespace without any host names the waypoint for nothing: such a label is often put on that of the clients. */
export function isUsed(mesh: Mesh, waypoint: Resource<'Gateway'>): boolean {
  const { namespace, name } = waypoint;
  return (
    enrolledEntries(mesh, waypoint).length > 0 ||
    mesh
      .enrolled(namespace, name)
      .some((object) =>
        object.kind === 'Namespace' ? mesh.inNamespace('Service', object.name).length > 0 : object.kind === 'Service',
      )
  );
}

/** Whether no label in the files names a waypoint for it, `none` included. */
export function isUnlabelled(binding: WaypointBinding): boolean {
  return binding.state === 'unbound' ? !binding.optedOut : binding.state === 'unknown' && !binding.label;
}

/** The waypoint of that name; undefined where the Gateway is none, or another vendor's. */
export function waypointNamed(mesh: Mesh, namespace: string, name: string): Resource<'Gateway'> | undefined {
  return mesh.named('Gateway', namespace, name).find((gateway) => isWaypointClass(gateway, mesh.settings) === true);
}

export interface Bound {
  readonly entry: Resource<'ServiceEntry'>;
  readonly gateway: Resource<'Gateway'>;
}

/** ServiceEntries with exactly this host that go through a waypoint. */
export function boundOwners(mesh: Mesh, host: string): readonly Bound[] {
  return mesh.derived(`bound owners ${normalizeHost(host)}`, (view) =>
    view.hostOwners(host).flatMap(({ resource }) => (resource.kind === 'ServiceEntry' ? bound(view, resource) : [])),
  );
}

export function bound(mesh: Mesh, entry: Resource<'ServiceEntry'>): Bound[] {
  const binding = bindWaypoint(mesh, entry);
  return binding.state === 'bound' ? [{ entry, gateway: binding.gateway }] : [];
}

/** A waypoint reads routes of its own namespace and of the entry's. istio@86c9f01 pilot/pkg/networking/core/listener_waypoint.go getVirtualServiceForWaypoint. */
export function readsRoutesOf({ entry, gateway }: Bound, namespace: string): boolean {
  return namespace === entry.namespace || namespace === gateway.namespace;
}

/** The waypoint whose Service has this name: Istio makes one of the Gateway's own name. */
export function waypointOfService(mesh: Mesh, host: string): Resource<'Gateway'> | undefined {
  const [, name, namespace] = /^([^.*]+)\.([^.*]+)\.svc(?:\.|$)/.exec(host) ?? [];
  return name === undefined || namespace === undefined ? undefined : waypointNamed(mesh, namespace, name);
}
