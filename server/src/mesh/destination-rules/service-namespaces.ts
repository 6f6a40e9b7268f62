// The services of which a waypoint uses one for a host, and the namespaces in which it looks for the host's DestinationRule.
import { setOf } from '../../base/set-of.ts';
import { normalizeHost } from '../../names/hosts.ts';
import { bySight, type InSight } from '../hosts/visibility.ts';
import type { HostOwner, Mesh } from '../mesh.ts';

export interface VisitedNamespaces {
  readonly has: (namespace: string) => boolean;
  /** In the order of the visit. */
  readonly list: () => readonly string[];
}

/** The namespaces that the walk of a bound entry's host visits after the waypoint's own. */
export function visitedNamespaces(mesh: Mesh, host: string, waypointNamespace: string): VisitedNamespaces {
  const root = mesh.settings.rootNamespace;
  const homes = serviceNamespaces(mesh, host, waypointNamespace);
  // A host can have entries in thousands of namespaces, which all waypoints visit.
  const set = setOf(homes);
  return {
    has: (namespace) => namespace === waypointNamespace || namespace === root || set.has(namespace),
    list: () => [...new Set([waypointNamespace, ...homes, root])],
  };
}

/** The namespaces of the services of which a waypoint of that namespace uses one for this host: which, age decides. */
export function serviceNamespaces(mesh: Mesh, host: string, namespace: string): readonly string[] {
  return mesh.derived(`namespaces of ${normalizeHost(host)} for ${viewerOf(mesh, host, namespace)}`, (view) => [
    ...new Set(foremostServices(view, host, namespace).map((one) => one.namespace)),
  ]);
}

/** Stands for the namespace in keys of facts: most namespaces are named by no `exportTo` of the host's owners, and see the same. */
export function viewerOf(mesh: Mesh, host: string, namespace: string): string {
  return ownersInSight(mesh, host).named.has(namespace) ? namespace : '';
}

type Owner = HostOwner['resource'];

interface OwnersInSight extends InSight<Owner> {
  readonly services: readonly Owner[];
}

function ownersInSight(mesh: Mesh, host: string): OwnersInSight {
  return mesh.derived(`owners of ${normalizeHost(host)} by who sees them`, (view) => {
    const owners = bySight(
      view,
      view.hostOwners(host).map(({ resource }) => resource),
    );
    return { ...owners, services: owners.everywhere.filter(isService) };
  });
}

/**
 * The services of which a waypoint of that namespace uses the oldest for this host: a Service before entries, those that are exported to the
 * namespace by name before those for everyone. istio@86c9f01 pilot/pkg/model/sidecar.go
 * appendSidecarServices; pilot/pkg/model/push_context.go servicesExportedToNamespace.
 */
export function foremostServices(mesh: Mesh, host: string, namespace: string): readonly Owner[] {
  const { everywhere, services, named } = ownersInSight(mesh, host);
  const byName = named.get(namespace) ?? [];
  const ofKubernetes = [...services, ...byName.filter(isService)];
  return [ofKubernetes, byName, everywhere].find((group) => group.length > 0) ?? [];
}

function isService({ kind }: Owner): boolean {
  return kind === 'Service';
}
