// The namespaces in which a waypoint looks for the DestinationRule of a host.
import { keptFor } from '../../base/kept-for.ts';
import { normalizeHost } from '../../names/hosts.ts';
import { scopeOf } from '../hosts/visibility.ts';
import type { Mesh } from '../mesh.ts';

export interface VisitedNamespaces {
  readonly has: (namespace: string) => boolean;
  /** In the order of the visit. */
  readonly list: () => readonly string[];
}

/** A host can have entries in thousands of namespaces, which all waypoints visit. */
const setOf = keptFor((homes: readonly string[]): ReadonlySet<string> => new Set(homes));

/** The namespaces that the walk of a bound entry's host visits after the waypoint's own. */
export function visitedNamespaces(mesh: Mesh, host: string, waypointNamespace: string): VisitedNamespaces {
  const root = mesh.settings.rootNamespace;
  const homes = serviceNamespaces(mesh, host, waypointNamespace);
  const set = setOf(homes);
  return {
    has: (namespace) => namespace === waypointNamespace || namespace === root || set.has(namespace),
    list: () => [...new Set([waypointNamespace, ...homes, root])],
  };
}

/**
 * The namespace of the service that a waypoint uses for this host: a Service before entries, those that are exported to the
 * namespace by name before those for everyone, then the oldest. istio@86c9f01 pilot/pkg/model/sidecar.go
 * appendSidecarServices; pilot/pkg/model/push_context.go servicesExportedToNamespace.
 */
export function serviceNamespaces(mesh: Mesh, host: string, namespace: string): readonly string[] {
  const { forAll, named } = mesh.derived(`scopes of ${normalizeHost(host)}`, (view) => {
    const scopes = view.hostOwners(host).map(({ resource }) => scopeOf(view, resource));
    return {
      named: new Set(scopes.flatMap((scope) => (typeof scope === 'string' ? [] : [...scope]))),
      forAll: foremostNamespaces(view, host, ''),
    };
  });
  // Most namespaces are named by none, and see the same.
  return named.has(namespace) ? foremostNamespaces(mesh, host, namespace) : forAll;
}

function foremostNamespaces(mesh: Mesh, host: string, namespace: string): readonly string[] {
  const seen = mesh
    .hostOwners(host)
    .map(({ resource }) => ({ resource, scope: scopeOf(mesh, resource) }))
    .filter(({ scope }) => scope === 'everywhere' || (scope !== 'nowhere' && scope.has(namespace)));
  const services = seen.filter(({ resource }) => resource.kind === 'Service');
  const byName = seen.filter(({ scope }) => scope !== 'everywhere');
  const foremost = [services, byName, seen].find((group) => group.length > 0) ?? [];
  return [...new Set(foremost.map(({ resource }) => resource.namespace))];
}
